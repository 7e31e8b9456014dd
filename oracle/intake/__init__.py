"""Readings on their way in: a partner's format becomes readings, they are checked, and what is right is stored."""
