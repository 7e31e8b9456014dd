"""`commonwatt ingest`: the ways in for readings."""
