"""Money that comes in against bank payments, and goes out again."""

import pytest

from commons.addresses import Address
from commons.errors import ContractRefusal
from commons.units import UE_PER_EURO, MoneyUe
from scripts.demo.bank import PAYMENT_UE, pay_out, top_up
from tests.support.chain import ESCROW, POCKET, World


def euros(amount: int) -> MoneyUe:
    return MoneyUe(amount * UE_PER_EURO)


def top_up_alice(world: World, needed: MoneyUe, reference: str = "session 1") -> MoneyUe:
    homes = {world.alice.address: world.alice}
    return top_up(world.reader, world.issuer, homes, {world.alice.address: needed}, reference)


def supply(world: World) -> int:
    found: int = world.chain.call(world.contracts.euro.call("totalSupply"))
    return found


def test_top_up__escrow_suffices__moves_nothing(world: World) -> None:
    assert top_up_alice(world, ESCROW) == 0
    assert world.reader.funds(world.alice.address).free == ESCROW


def test_top_up__one_too_little__takes_what_is_in_the_wallet_first(world: World) -> None:
    before = supply(world)

    paid = top_up_alice(world, MoneyUe(ESCROW + 1))

    assert paid == PAYMENT_UE == POCKET
    assert world.reader.funds(world.alice.address).free == ESCROW + PAYMENT_UE
    assert supply(world) == before


def test_top_up__far_too_little__mints_what_wallet_and_payment_lack(world: World) -> None:
    before = supply(world)

    top_up_alice(world, euros(500))

    assert world.reader.funds(world.alice.address).free == euros(500)
    assert supply(world) == before + euros(500) - ESCROW - POCKET


def test_top_up__same_bank_payment_again__is_refused(world: World) -> None:
    top_up_alice(world, euros(500))

    with pytest.raises(ContractRefusal, match="reference"):
        top_up_alice(world, euros(900))


def test_pay_out__earnings__go_to_the_wallets_and_nothing_else_moves(world: World) -> None:
    homes = {signer.address: signer for signer in (world.alice, world.bob)}
    amounts: dict[Address, MoneyUe] = {world.alice.address: euros(3), world.bob.address: MoneyUe(0)}

    pay_out(world.reader, homes, amounts)

    assert world.reader.euro_balance(world.alice.address) == POCKET + euros(3)
    assert world.reader.funds(world.alice.address).free == ESCROW - euros(3)
    assert world.reader.funds(world.bob.address).free == ESCROW
