"""A session as the chain tells it: everything rebuilt from its events, for whoever clears, settles, pays or audits."""
