"""The read model: what the chain's events say, kept in tables of the API's own, and how far it has come.

`follower` fills it and can be killed at any time; queries answer from it; all of it can be read again from the chain.
"""
