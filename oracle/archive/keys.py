"""Members' keys as an operator holds them: sealed to its own key, opened only in memory."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine, insert, select
from sqlalchemy.sql import ColumnElement

from commons.addresses import Address
from commons.database.migrate import upgrade
from commons.database.tables import MemberKeyRow, table_of
from commons.errors import InputError
from oracle.evidence.member_keys import KeyHolder, open_key, operator_of, seal_key

_KEYS = table_of(MemberKeyRow)


class KeyOpener(Protocol):
    """An operator's account: `commons.wallets.Signer` is one."""

    @property
    def address(self) -> Address:
        """The operator."""
        ...

    def agree(self, public_key: bytes) -> bytes:
        """The x of the point shared with the owner of a public key."""
        ...


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A member's key, sealed to the operator that its holder names."""

    holder: KeyHolder
    sealed: bytes


def seal_for(key: bytes, community: Address, member_id: bytes, public_keys: Sequence[bytes]) -> list[SealedKey]:
    """A member's key, sealed to each of these operators.

    Raises:
        InputError: not a key of 32 bytes, or not a public key.
    """
    found = []
    for public_key in public_keys:
        try:
            holder = KeyHolder(community, member_id, operator_of(public_key))
        except ValueError as error:
            raise InputError(
                f"0x{public_key.hex()} is no public key", remedy="See `commonwatt oracle public-key NAME`."
            ) from error
        found.append(SealedKey(holder, seal_key(key, holder, public_key, secrets.token_bytes(32))))
    return found


class KeyBook:
    """The members' keys in an operator's database."""

    def __init__(self, engine: Engine, community: Address, operator: KeyOpener) -> None:
        self._engine = engine
        self._community = community
        self._operator = operator
        upgrade(engine)

    def keep(self, keys: Iterable[SealedKey]) -> int:
        """Keep those keys that are sealed to this operator, and say how many are new; all of them or, in error, none.

        Raises:
            EnvelopeError: one does not open. InputError: a member has another key here already.
        """
        known = dict(self.opened())
        new = []
        for key in keys:
            if (key.holder.community, key.holder.operator) != (self._community, self._operator.address):
                continue
            opened = open_key(key.sealed, key.holder, self._operator.agree)
            if known.setdefault(key.holder.member_id, opened) != opened:
                raise InputError(
                    "another key of the member is here already; days frozen with it could not be proved with this one",
                    which="0x" + key.holder.member_id.hex(),
                    remedy="A member has one key for good: take the file of the first one.",
                )
            new.append(_row(key))
        with self._engine.begin() as connection:
            there = set(connection.execute(select(_KEYS.c.member_id).where(*self._mine)).scalars())
            rows = {str(row["member_id"]): row for row in new if row["member_id"] not in there}
            if rows:
                connection.execute(insert(_KEYS), list(rows.values()))
        return len(rows)

    @property
    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return _KEYS.c.community == self._community, _KEYS.c.operator == self._operator.address

    def opened(self) -> Mapping[bytes, bytes]:
        """Member id → key, of all members whose key is here.

        Raises:
            EnvelopeError: one does not open.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(select(_KEYS.c.member_id, _KEYS.c.sealed).where(*self._mine)).all()
        found = {bytes.fromhex(member_id.removeprefix("0x")): sealed for member_id, sealed in rows}
        return {member_id: self._open(member_id, sealed) for member_id, sealed in found.items()}

    def _open(self, member_id: bytes, sealed: bytes) -> bytes:
        return open_key(sealed, KeyHolder(self._community, member_id, self._operator.address), self._operator.agree)


def _row(key: SealedKey) -> dict[str, object]:
    return {
        "community": key.holder.community,
        "member_id": "0x" + key.holder.member_id.hex(),
        "operator": key.holder.operator,
        "sealed": key.sealed,
    }
