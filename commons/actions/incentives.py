"""Incentives in euro that the community receives: recording them, posting how they are divided, paying the shares."""

from collections.abc import Sequence
from dataclasses import dataclass

from commons.actions.funds import bank_reference
from commons.addresses import Address
from commons.chain import Call
from commons.contracts import CommunityReader, Contracts
from commons.errors import InputError
from commons.records import Incentive, IncentiveSplit
from commons.units import EpochSeconds, MoneyUe

NAME_BYTES = 32


@dataclass(frozen=True, slots=True)
class IncentiveView:
    """An incentive with its number, and its accepted split; `final_at` is 0 while none is accepted."""

    incentive_id: int
    incentive: Incentive
    split: IncentiveSplit
    final_at: EpochSeconds

    @property
    def rule(self) -> str:
        """The rule of division that it names."""
        return rule_name(self.incentive.rule_id)


@dataclass(frozen=True, slots=True)
class ShareClaim:
    """One member's share with its proof."""

    member: Address
    amount: MoneyUe
    proof: tuple[bytes, ...]


def rule_id(name: str) -> bytes:
    """A rule's name as the contract keeps it: its text, at most 32 bytes.

    Raises:
        InputError: it is longer, or empty.
    """
    raw = name.encode()
    if not 0 < len(raw) <= NAME_BYTES:
        raise InputError(f"the rule's name {name!r} is empty or longer than 32 bytes", remedy="Name a known rule.")
    return raw.ljust(NAME_BYTES, b"\0")


def rule_name(raw: bytes) -> str:
    """The name of a rule that the contract keeps."""
    return raw.rstrip(b"\0").decode("utf-8", "replace")


def record_calls(
    contracts: Contracts, reference: str, rule: str, start: EpochSeconds, end: EpochSeconds, amount: MoneyUe
) -> list[Call]:
    """Allow the treasury to take the euro, then record the incentive. Token admin only."""
    arguments = (bank_reference(reference), rule_id(rule), start, end, amount)
    return [
        contracts.euro.call("approve", contracts.treasury.address, amount),
        contracts.treasury.call("recordIncentive", *arguments),
    ]


def post_call(contracts: Contracts, incentive_id: int, split: IncentiveSplit, data_cid: str) -> Call:
    """Post a split, which counts as the operator's vote."""
    return contracts.treasury.call("postSplit", incentive_id, split, data_cid)


def claim_call(contracts: Contracts, incentive_id: int, claims: Sequence[ShareClaim]) -> Call:
    """Pay members their shares of a final split; those paid before are passed over. Anybody."""
    members, amounts = [one.member for one in claims], [one.amount for one in claims]
    return contracts.treasury.call("claimShares", incentive_id, members, amounts, [list(one.proof) for one in claims])


def incentive(reader: CommunityReader, incentive_id: int) -> IncentiveView:
    """One incentive.

    Raises:
        InputError: there is none of this number.
    """
    count = int(reader.chain.call(reader.contracts.treasury.call("incentiveCount")))
    if not 1 <= incentive_id <= count:
        raise InputError(
            f"there is no incentive {incentive_id}; {count} were recorded",
            which=incentive_id,
            remedy="See `commonwatt incentive list`.",
        )
    return incentives(reader, [incentive_id])[0]


def incentives(reader: CommunityReader, numbers: Sequence[int] | None = None) -> list[IncentiveView]:
    """Incentives by their numbers; all that were recorded where none is named."""
    treasury = reader.contracts.treasury
    if numbers is None:
        numbers = range(1, int(reader.chain.call(treasury.call("incentiveCount"))) + 1)
    found = reader.chain.calls(
        [treasury.call(name, number) for number in numbers for name in ("incentiveOf", "splitOf")]
    )
    return [
        IncentiveView(number, one, split, EpochSeconds(final_at))
        for number, one, (split, final_at) in zip(numbers, found[::2], found[1::2], strict=True)
    ]
