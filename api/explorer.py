"""The chain as an explorer shows it: blocks and transactions from the node, decoded with the contracts' ABIs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from api.read_model.plain import plain
from api.schemas.explorer import BlockDetail, BlockHead, DecodedCall, TransactionDetail
from commons.chain import Chain
from commons.chain.artefacts import OWN_CONTRACTS, artefact
from commons.chain.codec import Function, named
from commons.chain.logs import receipt_of
from commons.errors import NotFound
from commons.units import EpochSeconds

_SELECTOR = 4


@dataclass(frozen=True)
class Explorer:
    """Looks things up at the chain's node."""

    chain: Chain

    def blocks(self, before: int | None, limit: int) -> list[BlockHead]:
        """Heads of blocks, newest first: those before a number."""
        newest = self.chain.block_number() if before is None else min(before - 1, self.chain.block_number())
        numbers = range(newest, max(newest - limit, -1), -1)
        found = self.chain.blocks(list(numbers))
        return [BlockHead(number=b.number, time=b.timestamp, hash=b.hash) for b in found if b is not None]

    def block(self, which: int | str) -> BlockDetail:
        """A block by its number or hash, with its transactions' hashes.

        Raises:
            NotFound: there is none.
        """
        by_hash = isinstance(which, str)
        method = "eth_getBlockByHash" if by_hash else "eth_getBlockByNumber"
        found = self.chain.request(method, which if by_hash else hex(int(which)), False)
        if found is None:
            raise NotFound(f"there is no block {which}", which=which, remedy="Ask for one that has been made.")
        return BlockDetail(
            number=int(found["number"], 16),
            time=EpochSeconds(int(found["timestamp"], 16)),
            hash=found["hash"],
            parent=found["parentHash"],
            proposer=found["miner"].lower(),
            gas_used=int(found["gasUsed"], 16),
            gas_limit=int(found["gasLimit"], 16),
            transactions=list(found["transactions"]),
        )

    def transaction(self, tx_hash: str) -> TransactionDetail:
        """A transaction by its hash, decoded where it calls one of our contracts.

        Raises:
            NotFound: there is none.
        """
        found = self.chain.request("eth_getTransactionByHash", tx_hash)
        if found is None:
            raise NotFound(
                f"there is no transaction {tx_hash}", which=tx_hash, remedy="Check the hash, and the network."
            )
        raw = self.chain.request("eth_getTransactionReceipt", tx_hash)
        receipt = None if raw is None else receipt_of(raw)
        return TransactionDetail(
            hash=found["hash"],
            block=None if receipt is None else receipt.block,
            sender=found["from"].lower(),
            to=found["to"].lower() if found.get("to") else None,
            created=None if receipt is None else receipt.created,
            nonce=int(found["nonce"], 16),
            gas_limit=int(found["gas"], 16),
            gas_used=None if receipt is None else receipt.gas_used,
            succeeded=None if receipt is None else receipt.succeeded,
            input=found["input"],
            call=decoded_call(bytes.fromhex(found["input"][2:])),
        )


def decoded_call(data: bytes) -> DecodedCall | None:
    """What the data of a call says, if it calls a function of ours."""
    function = _functions().get(data[:_SELECTOR])
    if function is None:
        return None
    try:
        values: Sequence[Any] = decode(function.types, data[_SELECTOR:])
    except (DecodingError, OverflowError):
        return None
    arguments: Mapping[str, Any] = plain(named(function.inputs, values))
    return DecodedCall(function=function.name, arguments=dict(arguments))


@cache
def _functions() -> Mapping[bytes, Function]:
    return {function.selector: function for name in OWN_CONTRACTS for function in artefact(name).functions.values()}
