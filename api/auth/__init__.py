"""Sign-in with Ethereum: who stands behind a request, and what the contracts let them see."""
