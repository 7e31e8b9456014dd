"""Metered data that can be proved years later without revealing a habit to anybody."""
