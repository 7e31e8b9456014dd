"""Erase a person from what the API keeps of its own: adhesion documents with their salts, and sign-ins.

Each step can be cut off and repeated. Of the person, the read model then holds what the chain says, and nothing else.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, delete, func, select

from api.adhesion.folder import DocumentFolder
from api.adhesion.tables import AdhesionRow
from api.auth.tables import SignInRow
from commons.database.clean import rewrite
from commons.database.tables import table_of

_ADHESIONS, _SIGN_INS = table_of(AdhesionRow), table_of(SignInRow)
OWN = (_ADHESIONS, _SIGN_INS)
"""The tables that say of a wallet what the chain does not."""


def erase(engine: Engine, documents: DocumentFolder, wallets: Sequence[str]) -> Mapping[str, int]:
    """Erase whoever had these wallets, in any case of their letters; says how many rows of which table there were.

    Raises:
        SettingsError: another process has the database open; everything is deleted, and erasing again ends it.
    """
    known = sorted({wallet.lower() for wallet in wallets})
    with engine.connect() as connection:
        handed_in = select(_ADHESIONS.c.adhesion_hash).where(func.lower(_ADHESIONS.c.wallet).in_(known))
        for name in connection.execute(handed_in).scalars():
            documents.delete(name)
    with engine.begin() as connection:
        deletions = {table.name: delete(table).where(func.lower(table.c.wallet).in_(known)) for table in OWN}
        counts = {name: connection.execute(statement).rowcount for name, statement in deletions.items()}
    rewrite(engine, list(counts))
    return {name: count for name, count in counts.items() if count}
