"""The permissioned Besu network: its files, its rules, its members and its size."""
