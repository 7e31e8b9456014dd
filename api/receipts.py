"""Putting a receipt together: the chain's part from the read model, the proofs from what operators published."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from api.ports import FilledOrder, Proofs, SettledTrader
from api.queries import evidence, sessions
from api.read_model.model import ReadModel, require_session
from api.read_model.plain import plain
from api.read_model.tables import MemberFactRow
from api.schemas.receipts import FilledOrder as OrderJson
from api.schemas.receipts import Leaf, Receipt
from api.schemas.sessions import Outcome, Parameters, Settlement
from commons.addresses import Address
from commons.errors import NotYet

_NUMBERS = ("index", "slot", "position")


@dataclass(frozen=True)
class Receipts:
    """Makes receipts."""

    read: ReadModel
    proofs: Proofs

    def receipt(self, community: str, number: int, wallet: str) -> Receipt:
        """The receipt of a member's part of a session, as far as the session has come.

        Raises:
            UnknownCommunity, UnknownSession, UnknownMember: there is none.
            DataError: what operators published cannot be read.
        """
        with self.read.rows() as rows:
            session = require_session(rows, community, number)
            position = sessions.position(rows, community, number, wallet)
            outcome, settlement = _accepted(rows, community, number)
            member = rows.get(MemberFactRow, (community, wallet))
            versions = [(v.day, v.version) for v in settlement.versions] if settlement is not None else []
            member_id = None if member is None else member.member_id
            bindings = [] if member_id is None else evidence.bindings(rows, community, member_id)
            days = evidence.notarised(rows, community, versions)
        trader = Address(wallet)
        orders = () if outcome is None else self.proofs.orders(outcome.data_cid, trader)
        settled = None if settlement is None else self.proofs.settled(settlement.data_cid, trader)
        return Receipt(
            community=community,
            session=number,
            wallet=wallet,
            member_id=member_id,
            state=session.state,
            parameters=Parameters.model_validate(session.parameters),
            position=position,
            outcome=outcome,
            orders=[_order(order) for order in orders],
            settlement=settlement,
            leaf=None if settled is None else _leaf(settled),
            days=days,
            bindings=bindings,
        )


def _accepted(rows: Session, community: str, number: int) -> tuple[Outcome | None, Settlement | None]:
    try:
        outcome = sessions.outcome(rows, community, number)
        return outcome, sessions.settlement(rows, community, number)
    except NotYet:
        return _outcome(rows, community, number), None


def _outcome(rows: Session, community: str, number: int) -> Outcome | None:
    try:
        return sessions.outcome(rows, community, number)
    except NotYet:
        return None


def _order(order: FilledOrder) -> OrderJson:
    fields: dict[str, Any] = plain(order)
    return OrderJson.model_validate({**fields, **{name: int(fields[name]) for name in _NUMBERS}})


def _leaf(settled: SettledTrader) -> Leaf:
    return Leaf.model_validate(plain(settled))
