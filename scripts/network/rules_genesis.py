"""Rules of the genesis file: what Besu 26.8.0 and a gas-free QBFT chain ask of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rlp
from rlp.exceptions import RLPException

from commons.addresses import address_of
from scripts.network.genesis import MIX_HASH, extra_data, genesis
from scripts.network.inventory import Network
from scripts.network.rules_text import Finding, Unreadable, read_json, value_at

FILE = "genesis.json"
LEAST_GAS, MOST_GAS = 30_000_000, 60_000_000
EMPTY_PERIODS = ("emptyblockperiodseconds", "xemptyblockperiodseconds")
FORKS = ("berlinBlock", "londonBlock", "shanghaiTime", "cancunTime")


def genesis_findings(folder: Path, network: Network) -> list[Finding]:
    """What is wrong with the genesis file."""
    try:
        content = read_json(folder, FILE)
    except Unreadable as error:
        return [error.finding]
    return [Finding(FILE, reason) for reason in _reasons(content, network)]


def _reasons(content: Any, network: Network) -> Iterator[str]:
    config = value_at(content, "config")
    if not isinstance(config, dict):
        yield "has no config"
        return
    if config.get("chainId") != network.chain_id:
        yield f"chainId is {config.get('chainId')}, and the network is {network.chain_id}"
    for fork in FORKS:
        if config.get(fork) != 0 or isinstance(config.get(fork), bool):
            yield f"{fork} is {config.get(fork)!r} and must be 0: the contracts are compiled for Cancun"
    if config.get("zeroBaseFee") is not True:
        yield "zeroBaseFee must be true, or transactions without a fee are refused from block 1 on"
    if _number(content.get("baseFeePerGas")) != 0:
        yield 'baseFeePerGas must be "0x0", or block 0 asks for 1 gwei'
    yield from _qbft_reasons(config, network)
    if _number(content.get("difficulty")) != 1:
        yield "difficulty must be 0x1"
    if content.get("mixHash") != MIX_HASH:
        yield f"mixHash must be {MIX_HASH}, by which Besu knows QBFT's blocks"
    gas = _number(content.get("gasLimit"))
    if gas is None or not LEAST_GAS <= gas <= MOST_GAS:
        yield f"gasLimit is {content.get('gasLimit')} and must be 30 to 60 million: building a block may run 5 s"
    if content.get("alloc") != {}:
        yield "alloc must be empty: nobody needs a coin on a chain free of gas"
    yield from _extra_data_reasons(content.get("extraData"), network)
    yield from _unknown_reasons(content, network)


def _qbft_reasons(config: dict[str, Any], network: Network) -> Iterator[str]:
    qbft = config.get("qbft")
    if not isinstance(qbft, dict):
        yield "config.qbft is missing: the chain would have no consensus"
        return
    period, timeout = qbft.get("blockperiodseconds"), qbft.get("requesttimeoutseconds")
    if period != network.block_seconds:
        yield f"blockperiodseconds is {period}, and the network's is {network.block_seconds}"
    if not isinstance(timeout, int) or not isinstance(period, int) or timeout < 2 * period:
        yield f"requesttimeoutseconds is {timeout} and must be at least twice the period, or rounds change for nothing"
    if not isinstance(qbft.get("epochlength"), int) or qbft["epochlength"] < 1:
        yield f"epochlength is {qbft.get('epochlength')} and must be above 0 (30000 is usual)"
    for key in EMPTY_PERIODS:
        if key in qbft:
            yield f"{key} must not be there: deadlines hang on blocks coming every period"


def _unknown_reasons(content: dict[str, Any], network: Network) -> Iterator[str]:
    written = genesis(network)
    for path in ((), ("config",), ("config", "qbft")):
        known, found = value_at(written, *path), value_at(content, *path)
        for key in found if isinstance(found, dict) else ():
            if key not in known and key not in EMPTY_PERIODS:
                yield f"{'.'.join((*path, key))} is not written here: Besu ignores a key that it does not know"


def _extra_data_reasons(extra: Any, network: Network) -> Iterator[str]:
    try:
        data = bytes.fromhex(str(extra).removeprefix("0x"))
        fields = rlp.decode(data)
    except (ValueError, RLPException):
        yield "extraData is no RLP"
        return
    if len(fields) != 5 or not all(isinstance(field, bytes) for field in (fields[0], fields[3])):
        yield "extraData must be a list of vanity, validators, votes, round and seals"
        return
    vanity, validators, votes, turn, seals = fields
    if len(vanity) != 32:
        yield f"extraData: the vanity has {len(vanity)} bytes and must have 32"
    if turn != b"":
        yield "extraData: the round must be the integer 0 (RLP 80), not bytes"
    if votes or seals:
        yield "extraData: a genesis block has neither votes nor seals"
    if not isinstance(validators, list) or not validators or any(len(one) != 20 for one in validators):
        yield "extraData: the validators must be addresses of 20 bytes"
        return
    if validators != sorted(validators):
        yield "extraData: the validators must be in ascending order"
    known = {node.address for node in network.nodes}
    for stranger in [address_of(one) for one in validators if address_of(one) not in known]:
        yield f"extraData names validator {stranger}, which is no node of the network"
    if data != extra_data(address_of(one) for one in validators):
        yield "extraData is not encoded as Besu does it"


def _number(value: Any) -> int | None:
    try:
        return int(value, 16) if isinstance(value, str) else value if isinstance(value, int) else None
    except ValueError:
        return None
