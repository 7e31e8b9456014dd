"""Joining: the signed adhesion contract, its salted hash, and the application that a relayer may carry."""
