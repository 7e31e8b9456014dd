"""The settlement euro: minted once per bank payment, burned by its holder alone."""

from tests.contracts.chain import refused, send
from tests.contracts.community import Contracts, Person, mint

REFERENCE = b"bank payment 1".ljust(32, b"\0")


def test_euro__minted_by_another_than_the_issuer__is_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.euro.ISSUER_ROLE())
    call = (fontana.euro.mint, alice.address, 1, REFERENCE)
    refused("AccessControlUnauthorizedAccount", *call, by=alice, account=alice, neededRole=role)


def test_euro__minted_twice_for_one_payment__is_refused(fontana: Contracts, alice: Person, issuer: Person) -> None:
    told = send(fontana.euro.mint, alice.address, 5, REFERENCE, by=issuer).event("Minted")
    assert told.values == {"holder": alice.address, "amount": 5, "bankReference": REFERENCE}
    assert fontana.euro.referenceUsed(REFERENCE)
    refused("ReferenceUsed", fontana.euro.mint, alice.address, 5, REFERENCE, by=issuer, bankReference=REFERENCE)


def test_euro__minted_without_reference_or_amount__is_refused(
    fontana: Contracts, alice: Person, issuer: Person
) -> None:
    refused("EmptyReference", fontana.euro.mint, alice.address, 5, bytes(32), by=issuer)
    refused("EmptyAmount", fontana.euro.mint, alice.address, 0, REFERENCE, by=issuer)


def test_euro__redeemed_without_reference_or_amount__is_refused(fontana: Contracts, alice: Person) -> None:
    refused("EmptyReference", fontana.euro.redeem, 5, bytes(32), by=alice)
    refused("EmptyAmount", fontana.euro.redeem, 0, REFERENCE, by=alice)


def test_euro__redeemed_beyond_the_balance__is_refused(fontana: Contracts, alice: Person, issuer: Person) -> None:
    mint(fontana, issuer, alice, 5)
    refused("ERC20InsufficientBalance", fontana.euro.redeem, 6, REFERENCE, by=alice, balance=5, needed=6)


def test_euro__redeemed__is_burned(fontana: Contracts, alice: Person, issuer: Person) -> None:
    supply = fontana.euro.totalSupply()
    mint(fontana, issuer, alice, 5)
    told = send(fontana.euro.redeem, 3, REFERENCE, by=alice).event("Redeemed")
    assert told.values == {"holder": alice.address, "amount": 3, "payoutReference": REFERENCE}
    assert fontana.euro.balanceOf(alice.address) == 2
    assert fontana.euro.totalSupply() == supply + 2


def test_euro__counts_in_millionths(fontana: Contracts) -> None:
    assert fontana.euro.decimals() == 6
