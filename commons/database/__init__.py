"""The store of metered data and of whom it belongs to: tables, their migrations, and fast ways in and out.

SQLite by default, PostgreSQL by URL; both behave alike. What is public or money is on the chain, never here.
"""
