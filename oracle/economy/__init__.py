"""The token economy off the chain: what payments cost and earn, told again from events, and under other terms."""
