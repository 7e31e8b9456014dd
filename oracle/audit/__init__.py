"""The public audit: a session recomputed by a stranger from the chain and the published datasets alone."""
