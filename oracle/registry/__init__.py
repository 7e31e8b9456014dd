"""Who and what an operator keeps readings of: communities, people, points, devices, flows.

Adding the same again is harmless and gives the same number; adding it with another value is refused.
"""
