"""The read model and the HTTP API over it. Today an empty place; see README.md."""
