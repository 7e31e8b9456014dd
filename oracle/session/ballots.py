"""Votes on one question, as the quorum's events tell of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from commons.addresses import Address
from commons.units import EpochSeconds
from oracle.session.types import Ballot


def _attested(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    return _with_voters(ballot, args["answer"], (*ballot.voters(args["answer"]), args["operator"]))


def _vote_withdrawn(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    kept = tuple(voter for voter in ballot.voters(args["answer"]) if voter != args["operator"])
    return _with_voters(ballot, args["answer"], kept)


def _accepted(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    return replace(ballot, accepted=args["answer"], final_at=EpochSeconds(args["finalAt"]))


def _revoked(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    return replace(ballot, accepted=None, final_at=EpochSeconds(0))


def _answer_voided(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    return replace(_revoked(ballot, args), void=args["answer"])


def _with_voters(ballot: Ballot, answer: bytes, voters: tuple[Address, ...]) -> Ballot:
    return replace(ballot, votes=tuple({**dict(ballot.votes), answer: voters}.items()))


def _stake_released(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    return replace(ballot, released=(*ballot.released, args["operator"]))


def _extended(ballot: Ballot, args: Mapping[str, Any]) -> Ballot:
    return replace(ballot, final_at=EpochSeconds(args["finalAt"]))


BY_QUESTION: dict[str, Callable[[Ballot, Mapping[str, Any]], Ballot]] = {
    "Attested": _attested,
    "VoteWithdrawn": _vote_withdrawn,
    "Accepted": _accepted,
    "AcceptanceRevoked": _revoked,
    "StakeReleased": _stake_released,
    "WindowExtended": _extended,
    "AnswerVoided": _answer_voided,
}
"""Name of an event → what it makes of a ballot, by the event's arguments."""
