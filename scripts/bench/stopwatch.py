"""What a piece of work on a chain took: wall time, blocks, and the gas of each transaction it left there."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from commons.chain import Chain
from commons.chain.artefacts import OWN_CONTRACTS, artefact


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that took effect: the function it called and its gas."""

    function: str
    gas: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A piece of work on the chain; transactions in the chain's order."""

    name: str
    seconds: float
    blocks: int
    sent: tuple[Sent, ...]

    @property
    def gas(self) -> int:
        """All transactions' gas."""
        return sum(one.gas for one in self.sent)

    def gas_of(self, function: str) -> list[int]:
        """The gas of each call of a function."""
        return [one.gas for one in self.sent if one.function == function]


def timed(chain: Chain, name: str, work: Callable[[], object]) -> Phase:
    """Do the work, and tell what it took. What it left on the chain is read afterwards, outside the time."""
    before = chain.block_number()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    after = chain.block_number()
    sent = tuple(one for number in range(before + 1, after + 1) for one in _sent_in(chain, number))
    return Phase(name, seconds, after - before, sent)


def together(name: str, phases: list[Phase]) -> Phase:
    """Several phases as one."""
    return Phase(
        name,
        sum(phase.seconds for phase in phases),
        sum(phase.blocks for phase in phases),
        tuple(one for phase in phases for one in phase.sent),
    )


def _sent_in(chain: Chain, number: int) -> list[Sent]:
    block = chain.request("eth_getBlockByNumber", hex(number), True)
    if not block["transactions"]:
        return []
    receipts = chain.request("eth_getBlockReceipts", hex(number))
    pairs = zip(block["transactions"], receipts, strict=True)
    return [_sent(transaction, receipt) for transaction, receipt in pairs]


def _sent(transaction: Mapping[str, Any], receipt: Mapping[str, Any]) -> Sent:
    if int(receipt["status"], 16) != 1:
        raise AssertionError(f"{_function(transaction)} failed: a failed transaction is no measure")
    return Sent(_function(transaction), int(receipt["gasUsed"], 16))


def _function(transaction: Mapping[str, Any]) -> str:
    if transaction.get("to") is None:
        return "creation"
    selector = transaction["input"][:10]
    return _functions().get(selector, selector)


@cache
def _functions() -> Mapping[str, str]:
    """Selector → function's name; contracts that share a selector share the name."""
    functions = (function for name in OWN_CONTRACTS for function in artefact(name).functions.values())
    return {"0x" + function.selector.hex(): function.name for function in functions}
