"""The community's books, rebuilt from events alone: who paid whom for what, and what the treasury got and gave."""
