"""The API's own database: the read model, sign-ins, and what was handed in with applications.

It is not an operator's store, and holds no reading; of it, only sign-ins and adhesions cannot be read again from the
chain. Its tables and their history are its own, so that it may even lie in the same PostgreSQL database.
"""

from pathlib import Path

from sqlalchemy import Engine, MetaData

from api.adhesion.tables import AdhesionRow
from api.auth.tables import NonceRow, SignInRow
from api.read_model.tables import FACTS, FollowedRow, metadata_of
from commons.database.engine import is_url, open_database
from commons.database.migrate import Schema, upgrade

SCHEMA = Schema("0002", Path(__file__).with_name("migrations"), "api_version")


def open_api_database(where: str) -> Engine:
    """Open (or create) the API's database, a file or a postgresql:// URL, at this version's schema."""
    engine = open_database(where if is_url(where) else Path(where))
    upgrade(engine, SCHEMA)
    return engine


def api_metadata() -> MetaData:
    """The tables of this database alone."""
    return metadata_of((FollowedRow, *FACTS, NonceRow, SignInRow, AdhesionRow))
