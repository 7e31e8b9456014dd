"""The proxy in front of members' RPC: TLS, a list of methods, limits per address and per account."""
