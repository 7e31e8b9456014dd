"""Metered energy: where readings come from, how an operator keeps them, how they are laid over a grid of slots."""
