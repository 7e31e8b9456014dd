"""Execution: from a final settlement to the transactions that pay it."""
