"""What deals, loans and the community's works brought along when they were paid, told from their events.

A payment out of escrow carries a reference that stands for the contract and the deal's number. Whether its value was
checked, whether it was confirmed or decided, and the fee agreed on at its beginning, decide its fee and incentives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from eth_abi.abi import encode

from commons.addresses import Address
from commons.chain import Event
from commons.keccak import keccak256
from commons.records import MemberKind
from commons.records.economy import TokenCategory
from commons.units import BPS, BasisPoints, EpochSeconds
from oracle.economy.timeline import Timeline
from oracle.economy.types import Deal

NO_VALUE = BasisPoints(0)
BETWEEN = {
    (MemberKind.CITIZEN, MemberKind.CITIZEN): TokenCategory.CITIZEN_TO_CITIZEN,
    (MemberKind.CITIZEN, MemberKind.STAKEHOLDER): TokenCategory.STAKEHOLDER_TO_CITIZEN,
    (MemberKind.STAKEHOLDER, MemberKind.CITIZEN): TokenCategory.CITIZEN_TO_STAKEHOLDER,
    (MemberKind.STAKEHOLDER, MemberKind.STAKEHOLDER): TokenCategory.STAKEHOLDER_TO_STAKEHOLDER,
}
"""(payer, payee) → the category of goods and services between them."""


@dataclass
class DealBook:
    """The deals that the events fed so far tell of, by the reference of their payment; and who is an active member."""

    timeline: Timeline
    times: Mapping[int, EpochSeconds]
    _deals: dict[bytes, Deal] = field(default_factory=dict)
    _active: set[Address] = field(default_factory=set)
    _kinds: dict[Address, MemberKind] = field(default_factory=dict)
    _was_active: dict[Address, bool] = field(default_factory=dict)
    """Replaced wallet → whether its member was active, not suspended, when it was replaced."""

    def feed(self, event: Event) -> None:
        """Take the next event, in the chain's order."""
        name, args = event.name, event.args
        if name == "DealOpened":
            self._deals[reference(event.address, args["dealId"])] = _begun(BasisPoints(args["feeBps"]))
        elif name == "DealChecked":
            value = (args["sustainabilityBps"] + args["socialBps"]) // 2
            self._change(event, is_checked=True, value_bps=BasisPoints(value))
        elif name == "DealDecided":
            self._change(event, is_checked=True, value_bps=NO_VALUE)
        elif name == "LoanReserved":
            self._deals[reference(event.address, args["loanId"])] = self._loan(event)
        else:
            self._feed_standing(name, args)

    def _feed_standing(self, name: str, args: Mapping[str, Any]) -> None:
        """Who is active from now on: a replacement hands on what the old wallet was, a veto gives it back."""
        if name in ("MemberApproved", "MemberReinstated"):
            self._active.add(args["wallet"])
            if name == "MemberApproved":
                self._kinds[args["wallet"]] = args["kind"]
        elif name in ("MemberSuspended", "MemberLeft"):
            self._active.discard(args["wallet"])
        elif name == "WalletReplaced":
            old, new = args["oldWallet"], args["newWallet"]
            self._was_active[old] = old in self._active
            self._kinds[new] = self._kinds[old]
            self._hand_on(old, new, is_active=self._was_active[old])
        elif name == "ReplacementVetoed":
            # The kind is the old wallet's still: who held the membership may have joined anew, as another kind.
            old = args["oldWallet"]
            self._hand_on(args["newWallet"], old, is_active=self._was_active[old])

    def _hand_on(self, gone: Address, come: Address, *, is_active: bool) -> None:
        self._active.discard(gone)
        if is_active:
            self._active.add(come)

    def deal(self, paid: Event) -> Deal | None:
        """What a payment brought along; None for one from wallet to wallet."""
        args = paid.args
        found = self._deals.get(args["paymentReference"])
        if args["category"] is TokenCategory.ENERGY_BONUS and found is None:
            found = _begun(BasisPoints(0))
        if found is None:
            return None
        return replace(
            found,
            payer_is_entitled=args["payer"] in self._active,
            payee_is_entitled=args["payee"] in self._active,
        )

    def _change(self, event: Event, *, is_checked: bool, value_bps: BasisPoints) -> None:
        key = reference(event.address, event.args["dealId"])
        self._deals[key] = replace(self._deals[key], is_checked=is_checked, value_bps=value_bps)

    def _loan(self, event: Event) -> Deal:
        """A loan's fee is that of its category when it was reserved; which one follows from the kinds of the two."""
        args = event.args
        category = BETWEEN[(self._kinds[args["borrower"]], self._kinds[args["lender"]])]
        return _begun(self.timeline.table(self.times[event.block]).of(category).fee_bps)


def reference(contract: Address, number: int) -> bytes:
    """What stands for a deal or loan in the token's payments."""
    return keccak256(encode(["address", "uint256"], [contract, number]))


def _begun(fee_bps: BasisPoints) -> Deal:
    return Deal(fee_bps, is_checked=False, value_bps=BasisPoints(BPS))
