"""The homes' keys, which salt their readings: made once, and sealed to every operator, as a real community does it.

Whoever an operator misses gets the key that another operator holds, so a founding that was cut off is picked up.
"""

import secrets

from commons.hmac import KEY_BYTES
from oracle.archive.keys import KeyBook, SealedKey, seal_for
from oracle.operator import operator_database
from scripts.demo.fontana import Fontana, operator_folder


def hand_out_keys(fontana: Fontana) -> int:
    """Give every operator the key of every home that it misses; how many homes had none at all."""
    community = fontana.contracts.community.address
    members = fontana.reader.members(list(fontana.homes.members))
    engines = {operator.name: operator_database(operator_folder(operator.name)) for operator in fontana.operators}
    books = {operator.name: KeyBook(engines[operator.name], community, operator) for operator in fontana.operators}
    known = {member_id: key for book in books.values() for member_id, key in book.opened().items()}
    new = {member.member_id: secrets.token_bytes(KEY_BYTES) for member in members if member.member_id not in known}
    public_keys = [operator.public_key for operator in fontana.operators]
    sealed: list[SealedKey] = []
    for member in members:
        key = {**new, **known}[member.member_id]
        sealed += seal_for(key, community, member.member_id, public_keys)
    for name, book in books.items():
        book.keep(sealed)
        engines[name].dispose()
    return len(new)
