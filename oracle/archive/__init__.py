"""What an operator keeps of its days: frozen datasets and members' keys; and how a member is erased from all of it."""
