"""The incentive in euro of the demonstration: received, divided by operators, attested, paid, and its bonus with it.

The 17 measured homes share energy; their readings are replayed on the demonstration's days. Each operator divides by
itself; the contract accepts what enough of them agree on.
"""

from dataclasses import dataclass

from commons.actions import funds, incentives, services
from commons.actions.incentives import ShareClaim
from commons.chain import Call, Event
from commons.errors import OperatorDisagreement
from commons.publication import split
from commons.records import IncentiveSplit
from commons.settings import settings
from commons.units import UE_PER_EURO, EnergyWh, EpochSeconds, MoneyUe, show_eur, show_kwh
from commons.wallets import Signer
from oracle.incentive.explanation import explain_incentive, incentive_sentences
from oracle.incentive.rule import DEFAULT_RULE, divide, division_rule
from oracle.incentive.types import Division
from oracle.measurement.member_energy import MemberEnergy, member_energy
from oracle.measurement.types import PointKind
from oracle.publication.incentive import IncentiveDocument, to_dataset
from scripts.demo.fontana import Homes
from scripts.economy.deals import Deals
from scripts.economy.founding import DAY_S, LIMITS, Stage
from scripts.embedded import jump_to

AMOUNT = MoneyUe(412 * UE_PER_EURO + 370_000)
REFERENCE = "GSE: incentive for shared energy"
MARGIN_S = 60


@dataclass(frozen=True)
class PaidIncentive:
    """What became of the incentive."""

    division: Division
    paid: MoneyUe
    bonuses: int
    """Energy bonuses that went with it."""

    def sentences(self) -> tuple[str, ...]:
        """The story of it, with one member's numbers."""
        shared = EnergyWh(self.division.total_weight // 2)
        largest = max(self.division.shares, key=lambda share: (share.amount, share.member))
        why = " ".join(incentive_sentences(explain_incentive(self.division, largest.member)))
        members = sum(share.amount > 0 for share in self.division.shares)
        return (
            f"The community received {show_eur(self.division.amount)} for {show_kwh(shared)} that its homes shared; "
            f"the operators agreed on the division, {show_eur(self.paid)} were paid to {members} members, and "
            f"{self.bonuses} energy bonuses went with them.",
            f"The largest share, explained to its member: {why}",
        )


def pay_incentive(stage: Stage, deals: Deals, start: EpochSeconds, days: int) -> PaidIncentive:
    """Receive, divide, attest and pay the incentive for the first `days` of the demonstration."""
    contracts, founders = stage.contracts, stage.founders
    end = EpochSeconds(start + days * DAY_S)
    calls: list[tuple[Signer, Call]] = [
        (founders.issuer, funds.mint_call(contracts.euro, founders.admin.address, AMOUNT, REFERENCE))
    ]
    record = incentives.record_calls(contracts, REFERENCE, DEFAULT_RULE, start, end, AMOUNT)
    received = deals.send([*calls, *((founders.admin, call) for call in record)])
    number = services.numbers_of(received, "IncentiveReceived", "incentiveId")[0]
    division, document = _attested(stage, deals, number, _energy(start, end))
    jump_to(stage.chain, EpochSeconds(stage.chain.now() + LIMITS.challenge + MARGIN_S))
    tree = document.tree()
    claims = [
        ShareClaim(claim.member, MoneyUe(claim.amount), tuple(tree.proof(place)))
        for place, claim in enumerate(document.claims)
    ]
    paid = deals.send([(founders.relayer, incentives.claim_call(contracts, number, claims))])
    deals.send([(founders.admin, services.confirm_bonus_call(contracts, number))])
    bonuses = deals.send(
        (founders.relayer, services.claim_bonus_call(contracts, number, claim.member)) for claim in document.claims
    )
    return PaidIncentive(
        division,
        MoneyUe(sum(event.args["amount"] for event in paid if event.name == "SharePaid")),
        sum(event.name == "EnergyBonusPaid" for event in bonuses),
    )


def _attested(stage: Stage, deals: Deals, number: int, energy: MemberEnergy) -> tuple[Division, IncentiveDocument]:
    """Each operator divides; the first posts, the others attest what equals their own.

    Raises:
        OperatorDisagreement: they come to different divisions.
    """
    own = [_own(stage, number, energy) for _ in stage.operators]
    division, document = own[0]
    if any(other.root != document.root for _, other in own):
        raise OperatorDisagreement("the operators divide the incentive differently", remedy="Compare their readings.")
    answer = IncentiveSplit(document.root, document.total, len(document.claims))
    cid = split(to_dataset(document)).cid
    first, *others = stage.operators
    posted = deals.send([(first, incentives.post_call(stage.contracts, number, answer, cid))])
    digest = _posted(posted)
    question = stage.chain.call(stage.contracts.treasury.call("splitQuestion", number))
    deals.send((one, stage.contracts.quorum.call("attest", question, digest)) for one in others[:1])
    return division, document


def _own(stage: Stage, number: int, energy: MemberEnergy) -> tuple[Division, IncentiveDocument]:
    division = divide(AMOUNT, energy, division_rule(DEFAULT_RULE))
    chain_id, treasury = stage.chain.chain_id, stage.contracts.treasury.address
    return division, IncentiveDocument.of(chain_id, treasury, number, (), division)


def _posted(events: list[Event]) -> bytes:
    return next(bytes(event.args["answer"]) for event in events if event.name == "SplitPosted")


def _energy(start: EpochSeconds, end: EpochSeconds) -> MemberEnergy:
    """What the homes withdrew and injected in the period."""
    homes = Homes.load(settings().data_dir)
    points = [point for point in homes.points if point.kind is PointKind.EXCHANGE]
    return member_energy(homes.source.readings([point.point_id for point in points], start, end), points)
