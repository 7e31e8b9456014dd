"""What several verbs read off the chain: a session as its events tell it, notarised roots, a day's agreed rewards."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from commons.actions import rewards as onchain
from commons.actions.rewards import BatchOnChain
from commons.chain import Event
from commons.contracts import CommunityReader
from commons.errors import CommonwattError, InputError
from commons.units import SessionId
from oracle.session.fold import session_of
from oracle.session.types import MarketId, SessionView


class Version(Protocol):
    """A dataset by its day and version, both numbers."""

    @property
    def day(self) -> int: ...
    @property
    def version(self) -> int: ...


def session_told(
    reader: CommunityReader, session_id: SessionId, block: int, from_block: int | None = None
) -> tuple[SessionView, list[Event]]:
    """A session as the events up to a block tell it, and those events; `from_block` is one before it was opened.

    Raises:
        UnknownSession: there is no such session. CommonwattError: the node does not have its opening.
    """
    reader.require_session(session_id)
    chain, contracts = reader.chain, reader.contracts
    addresses = [contract.address for contract in (contracts.sessions, contracts.marketplace, contracts.quorum)]
    first = reader.first_block if from_block is None else from_block
    events = chain.events(addresses, first, block)
    view = session_of(MarketId(chain.chain_id, contracts.marketplace.address), session_id, events)
    if view is None:
        raise CommonwattError(
            f"the chain shows no opening of session {session_id} from block {first} on",
            which=session_id,
            remedy="Give the RPC of a node that keeps the whole chain.",
        )
    return view, events


def notarised_roots(reader: CommunityReader, versions: Sequence[Version], block: int) -> tuple[bytes | None, ...]:
    """The notarised root of each dataset version, None where it is not accepted, or not final yet."""
    if not versions:
        return ()
    contract, now = reader.contracts.notary, reader.chain.block(block).timestamp
    found = reader.chain.calls([contract.call("datasetOf", one.day, one.version) for one in versions], block)
    return tuple(dataset.root if 0 < final_at <= now else None for dataset, final_at in found)


def agreed_rewards(reader: CommunityReader, day: date) -> tuple[BatchOnChain, str]:
    """The batch of a day that the operators accepted, and the CID under which it is published.

    Raises:
        InputError: none is accepted.
    """
    batch = onchain.batch_of(reader, day)
    if batch is None or not batch.final_at:
        raise InputError(
            f"the operators have agreed on no rewards of {day}",
            which=day.isoformat(),
            remedy=f"See `commonwatt rewards show {day}`.",
        )
    rewards = reader.contracts.rewards
    events = reader.chain.events(rewards.address, reader.first_block, names=("BatchPosted",))
    accepted = reader.accepted(reader.chain.call(rewards.call("batchQuestion", batch.batch_id)))
    return batch, next(event.args["dataCid"] for event in reversed(events) if event.args["answer"] == accepted.answer)
