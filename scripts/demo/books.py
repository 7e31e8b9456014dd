"""The demo's own check of the money: what was published, what the chain did, and what every home's escrow holds.

It trusts nothing that it prints before these agree. The audit checks more, and is a program of its own.
"""

from collections import Counter
from collections.abc import Sequence

from commons.addresses import Address
from commons.chain import Event
from commons.contracts import CommunityReader
from commons.errors import AuditMismatch
from commons.units import MoneyUe
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import PotSwept, SessionView

_REMEDY = "Do not trust the figures of this session; run `commonwatt audit session` on it."
_ESCROW_EVENTS = ("Deposited", "Withdrawn", "Executed", "DepositForfeited")


def require_settled(view: SessionView, document: SettlementDocument) -> None:
    """Assert that the chain executed exactly the published settlement, and that no cent came from nowhere.

    Raises:
        AuditMismatch: naming the figure, and both of its values.
    """
    _require_same(view, "root", document.root, view.settlement_root)
    accepted = view.accepted_settlement()
    assert accepted is not None, "a session with a final root has an accepted settlement"
    _require_same(view, "totals", document.totals, accepted.totals)
    leaves = {leaf.trader: (leaf.debit, leaf.credit, leaf.penalty) for leaf in document.members}
    executed = {deed.trader: (deed.debit, deed.credit, deed.penalty) for deed in view.executions}
    for trader in leaves | executed:
        _require_same(view, f"payments of {trader}", leaves.get(trader), executed.get(trader))
    debit, credit, penalty = (sum(leaf[part] for leaf in executed.values()) for part in range(3))
    _require_same(view, "sum of the payments", (debit, credit, penalty), _figures(document))
    swept = sum(movement.amount for movement in view.movements if isinstance(movement, PotSwept))
    _require_same(view, "share of the treasury", debit + penalty - credit, swept)


def require_balances(reader: CommunityReader, wallets: Sequence[Address], session_id: int) -> None:
    """Assert that each account holds what its deposits, withdrawals and settled sessions come to.

    Raises:
        AuditMismatch: naming the account, and both figures.
    """
    block = reader.chain.block_number()
    market = reader.contracts.marketplace
    events = reader.chain.events(market.address, reader.first_block, block, names=_ESCROW_EVENTS)
    balances: Counter[Address] = Counter()
    for event in events:
        balances[event.args["account" if "account" in event.args else "trader"]] += _change(event)
    held = reader.chain.calls([market.call("checkFunds", wallet) for wallet in wallets], block)
    for wallet, (balance, _, _) in zip(wallets, held, strict=True):
        if balance != balances[wallet]:
            raise AuditMismatch(
                f"the escrow of {wallet} holds {balance} µ€, and its deposits, withdrawals and settled sessions come "
                f"to {balances[wallet]} µ€",
                which=session_id,
                remedy=_REMEDY,
            )


def _change(event: Event) -> int:
    """What an event adds to an account's escrow."""
    args = event.args
    if event.name == "Deposited":
        return int(args["amount"])
    if event.name == "Withdrawn":
        return -int(args["amount"])
    if event.name == "DepositForfeited":
        return -int(args["deposit"])
    return int(args["credit"] - args["debit"] - args["penalty"])


def net_ue(document: SettlementDocument) -> dict[Address, MoneyUe]:
    """What each member got less what it paid; µ€."""
    return {leaf.trader: MoneyUe(leaf.credit - leaf.debit - leaf.penalty) for leaf in document.members}


def _figures(document: SettlementDocument) -> tuple[int, int, int]:
    totals = document.totals
    return totals.debit, totals.credit, totals.penalty


def _require_same(view: SessionView, what: str, published: object, on_chain: object) -> None:
    if published != on_chain:
        raise AuditMismatch(
            f"session {view.session_id}: {what} published as {_shown(published)}, and {_shown(on_chain)} on the chain",
            which=view.session_id,
            remedy=_REMEDY,
        )


def _shown(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
