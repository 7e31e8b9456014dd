"""Rewards on the chain: a notarised day's, worked out from an operator's frozen readings, attested, and paid."""
