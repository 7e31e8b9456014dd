"""Refuting a wrong outcome: what is wrong with it, the cheapest proof of that, and what must be demanded first."""
