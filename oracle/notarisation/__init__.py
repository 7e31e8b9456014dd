"""Local days on their way to the chain: operators freeze their readings, compare, post and attest the root."""
