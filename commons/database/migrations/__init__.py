"""Alembic's folder: `env.py` runs the files of `versions/`, of which `commons.database.migrate` knows the newest."""
