"""The sign-in text is read strictly: every departure from EIP-4361 is refused, and what is optional may be left out."""

import pytest

from api.auth.message import parse
from commons.errors import MalformedInput
from commons.wallets import known_signer
from tests.support.api import message_of

ALICE = known_signer("H01")
NONCE = "abcdef0123456789"


def test_parse__whole_message__says_its_fields() -> None:
    found = parse(
        message_of(
            NONCE, ALICE, issued_at="2026-11-27T10:00:00.5Z", extra="\nExpiration Time: 2026-11-27T11:00:00+01:00"
        )
    )
    assert (found.domain, found.wallet, found.chain_id, found.nonce) == ("127.0.0.1:8000", ALICE.address, 31337, NONCE)
    assert found.issued_at == 1795773600.5
    assert found.expires_at == 1795773600


def test_parse__without_statement_with_every_option__is_taken() -> None:
    extra = "\nNot Before: 2026-11-27T10:00:00Z\nRequest ID: 7\nResources:\n- https://a.example\n- ipfs://b"
    assert parse(message_of(NONCE, ALICE, statement="", extra=extra)).not_before == 1795773600


@pytest.mark.parametrize(
    "changes",
    [
        {"address": ALICE.address},
        {"address": "0x12"},
        {"nonce": "short"},
        {"nonce": "with-hyphen-in-it"},
        {"issued_at": "yesterday"},
        {"issued_at": "2026-13-27T10:00:00Z"},
        {"issued_at": "2026-11-27T10:00:00"},
        {"chain_id": "0x7a69"},
        {"extra": "\nExpiration Time: never"},
        {"extra": "\nNot Before: 2026-11-27T10:00:00Z\nExpiration Time: 2026-11-27T10:00:00Z"},
        {"extra": "\nSomething: else"},
        {"extra": "\n"},
        {"statement": "two\nlines\n"},
        {"domain": "a b"},
        {"statement": "x" * 5000 + "\n"},
    ],
)
def test_parse__anything_else__is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(MalformedInput):
        parse(message_of(NONCE, ALICE, **changes))
