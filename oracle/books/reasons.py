"""Why tokens or money moved: each transfer of a transaction beside the events that account for it.

A contract says with an event of its own what a transfer was for, in the same transaction. The two are matched by
accounts and amount. What no event accounts for is a plain transfer, or escrow on its way into a contract.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Event
from commons.records.economy import TokenCategory

ANYBODY = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A transfer that an event accounts for; `source` is None where it may come from anybody."""

    source: Address | None
    target: Address
    amount: int
    reason: str

    def fits(self, transfer: Event) -> bool:
        """Whether the transfer may be the one."""
        args = transfer.args
        goes_there = (args["to"], args["value"]) == (self.target, self.amount)
        return goes_there and self.source in (ANYBODY, args["from"])


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose transfers are explained: the asset, the treasury, and the community's own contracts by their addresses."""

    asset: Address
    treasury: Address
    own: Mapping[Address, str]


Says = Callable[[Mapping[str, Any], Scene], list[Expected]]


def explain(transfers: Sequence[Event], events: Iterable[Event], scene: Scene) -> list[str]:
    """The reason of each transfer of one transaction, in order."""
    open_ones = [one for event in events if event.name in ACCOUNTS for one in ACCOUNTS[event.name](event.args, scene)]
    reasons = []
    for transfer in transfers:
        found = next((one for one in open_ones if one.fits(transfer)), None)
        if found is not None:
            open_ones.remove(found)
        reasons.append(_plain(transfer, scene) if found is None else found.reason)
    return reasons


def category_word(category: TokenCategory) -> str:
    """A category as the books write it."""
    return category.name.lower().replace("_", " ")


def _plain(transfer: Event, scene: Scene) -> str:
    source, target = transfer.args["from"], transfer.args["to"]
    if source == ZERO_ADDRESS:
        return "minted"
    if target == ZERO_ADDRESS:
        return "burned"
    if source in scene.own and target == scene.treasury:
        return f"from {scene.own[source]}"
    if target in scene.own and target != scene.treasury:
        return f"into {scene.own[target]}"
    if source in scene.own and source != scene.treasury:
        return f"out of {scene.own[source]}"
    return "gift" if target == scene.treasury else "transfer"


def _paid(args: Mapping[str, Any], scene: Scene) -> list[Expected]:
    word = category_word(args["category"])
    net = args["amount"] - args["fee"] - args["structureAmount"]
    incentives = args["payerIncentive"] + args["payeeIncentive"]
    return [
        # From wallet to wallet the incentives are taken out of the fee and never reach the treasury.
        Expected(args["payer"], args["payee"], net + args["payeeIncentive"], f"payment: {word}"),
        Expected(args["payer"], scene.treasury, args["fee"] - incentives, f"fee: {word}"),
        Expected(ANYBODY, args["payee"], net, f"payment: {word}"),
        Expected(ANYBODY, scene.treasury, args["fee"], f"fee: {word}"),
        Expected(ANYBODY, args["structure"], args["structureAmount"], f"structure: {word}"),
        Expected(scene.treasury, args["payer"], args["payerIncentive"], f"incentive: {word}"),
        Expected(scene.treasury, args["payee"], args["payeeIncentive"], f"incentive: {word}"),
    ]


def _payment_made(args: Mapping[str, Any], scene: Scene) -> list[Expected]:
    is_here = args["asset"] == scene.asset
    return [Expected(scene.treasury, args["payee"], args["amount"], "treasury payment")] if is_here else []


ACCOUNTS: Mapping[str, Says] = {
    "Issued": lambda args, scene: [Expected(ZERO_ADDRESS, scene.treasury, args["amount"], "issued")],
    "Paid": _paid,
    "Welcomed": lambda args, scene: [Expected(scene.treasury, args["wallet"], args["amount"], "welcome bonus")],
    "Sold": lambda args, scene: [Expected(scene.treasury, args["buyer"], args["amount"], "tokens sold")],
    "EscrowReturned": lambda args, scene: [
        Expected(args["source"], args["wallet"], args["amount"], "escrow returned"),
    ],
    "BalanceMoved": lambda args, scene: [
        Expected(args["oldWallet"], args["newWallet"], args["amount"], "wallet replaced"),
    ],
    "LeaverBalanceDonated": lambda args, scene: [
        Expected(args["wallet"], scene.treasury, args["amount"], "left by a leaver"),
    ],
    "PaymentMade": _payment_made,
    "BudgetReturned": lambda args, scene: [Expected(ANYBODY, scene.treasury, args["amount"], "budget returned")],
    "RewardClaimed": lambda args, scene: [Expected(ZERO_ADDRESS, args["payee"], args["amount"], "reward")],
    "IncentiveReceived": lambda args, scene: [
        Expected(ANYBODY, scene.treasury, args["amount"], "incentive received"),
    ],
    "SharePaid": lambda args, scene: [Expected(scene.treasury, args["wallet"], args["amount"], "incentive shares")],
    "YearlyFeePaid": lambda args, scene: [Expected(args["source"], scene.treasury, args["amount"], "yearly fee")],
    "TokensBought": lambda args, scene: [Expected(args["buyer"], scene.treasury, args["paid"], "tokens sold")],
}
"""Event → the transfers that it accounts for."""
