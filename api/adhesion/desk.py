"""Adhesion documents: handed in by the applicant, seen by the applicant and the community's administrators alone.

What goes to the chain is keccak256(document ‖ salt) with 32 random bytes, which nobody can guess back. The salt is the
applicant's, who gets it with the hash; it is kept here beside the document, so that an administrator can check both.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from api.adhesion.folder import DocumentFolder
from api.adhesion.tables import AdhesionRow
from commons.actions.community import SALT_BYTES, adhesion_hash
from commons.addresses import Address
from commons.errors import InputError, MalformedInput, NotFound, TooLarge

MOST_BYTES = 4_000_000
MOST_PER_WALLET = 5
KINDS = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""What a document may be → how its bytes begin."""


@dataclass(frozen=True)
class AdhesionDesk:
    """Takes documents in and gives them out."""

    engine: Engine
    documents: DocumentFolder
    clock: Callable[[], float] = time.time

    def take(self, community: Address, wallet: Address, media_type: str, content: bytes) -> AdhesionRow:
        """Keep a document, and give its hash and salt.

        Raises:
            TooLarge: it is larger than 4 MB.
            MalformedInput: it is not what its type says, or of a type that is not taken.
            InputError: the wallet has handed in too many.
        """
        _require_document(media_type, content)
        salt = secrets.token_bytes(SALT_BYTES)
        row = AdhesionRow(
            adhesion_hash="0x" + adhesion_hash(content, salt).hex(),
            community=community,
            wallet=wallet,
            salt="0x" + salt.hex(),
            media_type=media_type,
            size=len(content),
            received=int(self.clock()),
        )
        with Session(self.engine, expire_on_commit=False) as rows:
            self._require_room(rows, community, wallet)
            rows.add(row)
            rows.commit()  # before the document: one that nobody knows of could never be deleted
        self._write(row, content)
        return row

    def listed(self, community: Address, wallet: Address | None = None) -> Sequence[AdhesionRow]:
        """What was handed in to a community, by a wallet if given; oldest first."""
        query = select(AdhesionRow).where(AdhesionRow.community == community)
        if wallet is not None:
            query = query.where(AdhesionRow.wallet == wallet)
        with Session(self.engine) as rows:
            return list(rows.exec(query.order_by(col(AdhesionRow.received), col(AdhesionRow.adhesion_hash))))

    def found(self, community: Address, digest: str) -> AdhesionRow:
        """What was handed in under a hash.

        Raises:
            NotFound: nothing was, to this community.
        """
        with Session(self.engine) as rows:
            row = rows.get(AdhesionRow, digest)
        if row is None or row.community != community:
            raise NotFound("no document of this hash was handed in here", which=digest, remedy="Check the hash.")
        return row

    def content(self, row: AdhesionRow) -> bytes:
        """The document itself; errors as `DocumentFolder.read`."""
        return self.documents.read(row.adhesion_hash)

    def erase(self, row: AdhesionRow) -> None:
        """Delete a document and its salt: the hash on the chain says nothing any more. Can be cut off and repeated."""
        self.documents.delete(row.adhesion_hash)
        with Session(self.engine) as rows:
            kept = rows.get(AdhesionRow, row.adhesion_hash)
            if kept is not None:
                rows.delete(kept)
                rows.commit()

    def _write(self, row: AdhesionRow, content: bytes) -> None:
        try:
            self.documents.write(row.adhesion_hash, content)
        except OSError:
            self.erase(row)
            raise
        with Session(self.engine) as rows:
            is_known = rows.get(AdhesionRow, row.adhesion_hash) is not None
        if not is_known:  # its member was erased meanwhile
            self.documents.delete(row.adhesion_hash)
            raise NotFound("the document was erased meanwhile", which=row.adhesion_hash, remedy="Hand it in again.")

    def _require_room(self, rows: Session, community: Address, wallet: Address) -> None:
        mine = select(func.count()).where(col(AdhesionRow.community) == community, col(AdhesionRow.wallet) == wallet)
        if rows.exec(mine).one() >= MOST_PER_WALLET:
            raise InputError(
                f"this wallet has handed in {MOST_PER_WALLET} documents already",
                which=wallet,
                remedy="Delete one that is not needed.",
            )


def _require_document(media_type: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TooLarge(
            f"the document has {len(content)} bytes", remedy=f"At most {MOST_BYTES} are taken: scan it more coarsely."
        )
    if media_type not in KINDS:
        raise MalformedInput(
            f"a document of type {media_type[:60]!r} is not taken", remedy=f"Send one of {', '.join(KINDS)}."
        )
    if not content.startswith(KINDS[media_type]):
        raise MalformedInput(
            f"the document does not begin as {media_type} does", remedy="Send the file itself, with its own type."
        )
