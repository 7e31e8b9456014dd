"""What operators publish of a session, and how it reads back: allocations of an outcome, figures of a settlement."""
