"""The demonstration of the token economy: thirty days in a community of sixty, on a chain of its own."""
