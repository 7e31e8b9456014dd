"""The history of the API's own tables."""
