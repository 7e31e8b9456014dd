"""What to do after a refusal, where many refusals say the same."""

ASK_ADMIN = "Ask the community's admin."
BUG = "This should not happen: report it with the transaction."
