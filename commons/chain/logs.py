"""Logs and receipts as nodes write them → events and receipts as the rest of the code knows them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from commons.addresses import Address
from commons.chain.artefacts import artefact, events_by_topic
from commons.chain.codec import record, type_name
from commons.chain.types import Event, Receipt
from commons.records import SlotResult

LOG_RANGE = 5000
"""Blocks asked for at once; Besu takes no more."""


def topics_of(names: Iterable[str]) -> list[bytes]:
    """The first topics of the events of these names.

    Raises:
        KeyError: no contract of ours has such an event; a slip of the pen.
    """
    by_name = {event.name: event.digest for event in events_by_topic().values()}
    return [by_name[name] for name in names]


def event_of(log: Mapping[str, Any]) -> Event | None:
    """The event that a log is; None if it is none of ours."""
    topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
    abi = events_by_topic().get((topics[0], len(topics) - 1)) if topics else None
    if abi is None:
        return None
    try:
        args = abi.decode(topics[1:], bytes.fromhex(log["data"][2:]))
        if abi.name == "OutcomePosted":
            args = MappingProxyType({**args, "slots": slot_results(args["slots"])})
    except DecodingError:
        return None
    return Event(
        address=Address(log["address"].lower()),
        name=abi.name,
        args=args,
        block=int(log["blockNumber"], 16),
        log_index=int(log["logIndex"], 16),
        tx_hash=log["transactionHash"],
    )


def slot_results(encoded: bytes) -> tuple[SlotResult, ...]:
    """What `abi.encode(SlotResult[])` holds: the event carries the results as they came, to be cheap."""
    function = artefact("Marketplace").functions["setFinalOrders"]
    parameter = next(parameter for parameter in function.inputs if parameter["name"] == "slots")
    results: tuple[SlotResult, ...] = record(parameter, decode([type_name(parameter)], encoded)[0])
    return results


def receipt_of(found: Mapping[str, Any]) -> Receipt:
    """The receipt that a node gave; Besu adds the revert's data."""
    reason = found.get("revertReason")
    return Receipt(
        hash=found["transactionHash"],
        block=int(found["blockNumber"], 16),
        succeeded=int(found["status"], 16) == 1,
        gas_used=int(found["gasUsed"], 16),
        sender=Address(found["from"].lower()),
        to=_address(found.get("to")),
        created=_address(found.get("contractAddress")),
        events=tuple(event for log in found["logs"] if (event := event_of(log)) is not None),
        revert_data=bytes.fromhex(reason[2:]) if reason else None,
    )


def _address(text: str | None) -> Address | None:
    return Address(text.lower()) if text else None
