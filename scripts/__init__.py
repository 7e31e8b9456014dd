"""The command line: one operator's verb per file, assembled in main.py."""
