"""Figures that tell people how a community and its members use energy; none of them decides about money."""
