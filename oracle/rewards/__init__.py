"""Tokens for energy behaviour: the three reward models, what each member earned on a day, and why."""
