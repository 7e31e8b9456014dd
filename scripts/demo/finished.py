"""A finished session: its money checked, its audit done, its earnings paid out, and the story put together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from commons.addresses import Address
from commons.units import EnergyWh, MoneyUe, PriceUekwh
from oracle.audit.audit import audit
from oracle.audit.types import AuditReport
from oracle.clearing.types import Outcome, SlotOutcome
from oracle.publication.reading import read_outcome, read_settlement
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import SessionView
from oracle.settlement.types import MemberSettlement, Settlement
from scripts.audit import gather
from scripts.demo.assemble import SettledSession, market_day
from scripts.demo.bank import pay_out
from scripts.demo.books import net_ue, require_balances, require_settled
from scripts.demo.calendar import grid_prices, traded_day
from scripts.demo.comparison import compare
from scripts.demo.fontana import Fontana
from scripts.demo.market_day import MarketDay


@dataclass(frozen=True, eq=False)
class FinishedDay:
    """A day that was traded, settled and audited; `guests` are members beside the 17 homes."""

    day: MarketDay
    audit: AuditReport
    paid_out_ue: MoneyUe
    guests: tuple[MemberSettlement, ...]

    @property
    def gain_ue(self) -> MoneyUe:
        """How much better off the homes are together than with the grid alone."""
        return MoneyUe(sum(compare(home, self.day.grid).gain_ue for home in self.day.homes))

    @property
    def prices_uekwh(self) -> list[PriceUekwh]:
        """The prices of the hours that traded."""
        return [slot.price_uekwh for slot in self.day.slots if slot.price_uekwh is not None]

    @property
    def delivered_wh(self) -> EnergyWh:
        """What was traded and metered on both sides."""
        return EnergyWh(sum(slot.delivered_wh for slot in self.day.slots))

    @property
    def promised_wh(self) -> EnergyWh:
        """What was traded."""
        return EnergyWh(sum(slot.promised_wh for slot in self.day.slots))

    def document(self) -> dict[str, Any]:
        """The day as JSON has it: Wh, µ€, µ€/kWh and epoch seconds."""
        return {
            "community": self.day.community,
            "session_id": self.day.session_id,
            "day": self.day.day.isoformat(),
            "slots": [asdict(slot) for slot in self.day.slots],
            "homes": [
                {**asdict(home), **{k: v for k, v in asdict(compare(home, self.day.grid)).items() if k != "home_id"}}
                for home in self.day.homes
            ],
            "guests": [asdict(guest) for guest in self.guests],
            "gain_ue": self.gain_ue,
            "paid_out_ue": self.paid_out_ue,
            "audit": {
                "steps": len(self.audit.steps),
                "first_difference": None if self.audit.first_wrong is None else asdict(self.audit.first_wrong),
            },
        }


def finish(fontana: Fontana, view: SessionView) -> FinishedDay | None:
    """Check, audit and pay a session that is over; None where it ended without a settlement, or trades no whole day.

    Raises:
        AuditMismatch: the money does not add up.
        DataError: the settlement's datasets are not there.
    """
    day, accepted = traded_day(view.parameters), view.accepted_settlement()
    if day is None or accepted is None or view.settlement_root is None or view.unsettled():
        return None
    document = read_settlement(fontana.published, accepted.data_cid)
    require_settled(view, document)
    require_balances(fontana.reader, list(fontana.homes.members), view.session_id)
    paid = _paid_out(fontana, net_ue(document))
    session = SettledSession(view.session_id, _outcome(fontana, view), document.counted.fills, _settlement(document))
    homes, rules = fontana.homes, view.parameters
    metered = homes.source.readings(homes.exchange_points, rules.delivery_start, rules.delivery_end)
    told = market_day(fontana.reader.name, day, homes.members, session, metered, grid_prices(rules))
    guests = tuple(leaf for leaf in document.members if leaf.trader not in homes.members)
    report = audit(gather(fontana.reader, view.session_id, fontana.published))
    return FinishedDay(told, report, paid, guests)


def _outcome(fontana: Fontana, view: SessionView) -> Outcome:
    accepted = view.accepted_outcome()
    assert accepted is not None, "a settled session has an outcome"
    document = read_outcome(fontana.published, accepted.data_cid)
    slots = tuple(SlotOutcome.from_chain(slot, result) for slot, result in enumerate(accepted.results))
    return Outcome(slots, document.filled)


def _settlement(document: SettlementDocument) -> Settlement:
    return Settlement(
        scaled=document.scaled,
        settled=tuple(EnergyWh(settled) for settled in document.settled),
        debit=document.debit,
        credit=document.credit,
        penalty=document.penalty,
        members=document.members,
        totals=document.totals,
        root=document.root,
    )


def _paid_out(fontana: Fontana, net: Mapping[Address, MoneyUe]) -> MoneyUe:
    """Let each home draw what it earned to its wallet, and say how much that is in all."""
    earned = {wallet: amount for wallet, amount in net.items() if amount > 0 and wallet in fontana.homes.signers}
    pay_out(fontana.reader, fontana.homes.signers, earned)
    return MoneyUe(sum(earned.values()))
