"""Clearing: from a session's revealed orders to prices, filled quantities and the trees that commit to them."""
