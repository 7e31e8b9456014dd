"""Incentives in euro on their way to members: an operator divides by its own notarised readings, posts and attests."""
