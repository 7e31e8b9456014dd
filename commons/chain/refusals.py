"""From the data of a revert to an error of the project's tree that says in words what the contract refused."""

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from commons.chain.artefacts import errors_by_selector
from commons.chain.sentences import sentence
from commons.errors import ChainError, ContractRefusal, TransactionFailed

ERROR_STRING = bytes.fromhex("08c379a0")
PANIC = bytes.fromhex("4e487b71")
SELECTOR_BYTES = 4


def refusal(data: bytes, call_name: str, message: str = "") -> ChainError:
    """The error that a call named `call_name` ended with, given its revert data and the node's own words."""
    selector, values = data[:SELECTOR_BYTES], data[SELECTOR_BYTES:]
    try:
        if selector in errors_by_selector():
            return _custom(selector, values, call_name.partition(".")[0])
        if selector == ERROR_STRING:
            reason = decode(["string"], values)[0]
            return ContractRefusal(f"{call_name} was refused: {reason}", remedy="Change what it names.")
        if selector == PANIC:
            code = decode(["uint256"], values)[0]
            return TransactionFailed(
                f"{call_name} broke a rule of arithmetic (panic 0x{code:02x})", remedy="Check the figures given."
            )
    except DecodingError:
        pass
    told = f"0x{data.hex()}" if data else message or "no reason given"
    return TransactionFailed(
        f"{call_name} failed ({told})", remedy="Check that the address is the right contract on the right chain."
    )


def _custom(selector: bytes, values: bytes, contract: str) -> ContractRefusal:
    error = errors_by_selector()[selector]
    arguments = error.decode(values)
    what, remedy = sentence(error.name, arguments, contract)
    which = arguments.get("sessionId")
    return ContractRefusal(what, remedy=remedy, which=which, error_name=error.name, error_args=arguments)
