"""The homes' money: bank payments that become settlement euro in escrow, and earnings that are drawn out again."""

from collections.abc import Mapping

from commons.actions import funds
from commons.addresses import Address
from commons.chain import Call
from commons.contracts import CommunityReader
from commons.units import UE_PER_EURO, MoneyUe
from commons.wallets import Signer

PAYMENT_UE = MoneyUe(50 * UE_PER_EURO)
"""What a home transfers when its escrow runs short; more where more is needed."""


def top_up(
    reader: CommunityReader,
    issuer: Signer,
    homes: Mapping[Address, Signer],
    needed_ue: Mapping[Address, MoneyUe],
    reference: str,
) -> MoneyUe:
    """See that each home has free escrow of what it needs, and say how much was paid in.

    A home that falls short transfers money from its bank, the issuer mints as much settlement euro against the
    payment's reference, and the home pays it into escrow. Euro that a home has in its wallet is used first. The
    reference is unique per home and purpose: the same payment cannot be minted twice.
    """
    wallets = list(needed_ue)
    free = dict(zip(wallets, (account.free for account in reader.funds_of(wallets)), strict=True))
    short = [wallet for wallet in wallets if free[wallet] < needed_ue[wallet]]
    deposits = {wallet: MoneyUe(max(PAYMENT_UE, needed_ue[wallet] - free[wallet])) for wallet in short}
    pockets = reader.chain.calls([reader.contracts.euro.call("balanceOf", wallet) for wallet in short])
    mints = [
        funds.mint_call(reader.contracts.euro, wallet, MoneyUe(deposits[wallet] - pocket), f"{reference}/{wallet}")
        for wallet, pocket in zip(short, pockets, strict=True)
        if pocket < deposits[wallet]
    ]
    reader.chain.send_all([(issuer, mint) for mint in mints])
    pay_in: list[tuple[Signer, Call]] = []
    for wallet in short:
        pay_in += [(homes[wallet], call) for call in funds.deposit_calls(reader.contracts, deposits[wallet])]
    reader.chain.send_all(pay_in)
    return MoneyUe(sum(deposits.values()))


def pay_out(reader: CommunityReader, homes: Mapping[Address, Signer], amounts_ue: Mapping[Address, MoneyUe]) -> None:
    """Let each home draw an amount of its free escrow to its own wallet."""
    draw = {wallet: amount for wallet, amount in amounts_ue.items() if amount > 0}
    call = reader.contracts.marketplace.call
    reader.chain.send_all([(homes[wallet], call("claimAvailableFunds", amount)) for wallet, amount in draw.items()])
