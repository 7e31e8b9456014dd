"""Whether a wallet signed a text: by its key (EIP-191), or, where the wallet is a contract, as that says (EIP-1271)."""

from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_defunct
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from commons.addresses import Address
from commons.chain import Call, Chain
from commons.chain.codec import Function
from commons.errors import ChainError, RpcUnreachable
from commons.keccak import keccak256

VALID = bytes.fromhex("1626ba7e")
MOST_LENGTH = 8192
_IS_VALID = Function(
    {
        "name": "isValidSignature",
        "type": "function",
        "stateMutability": "view",
        "inputs": [{"name": "hash", "type": "bytes32"}, {"name": "signature", "type": "bytes"}],
        "outputs": [{"name": "", "type": "bytes4"}],
    }
)


def signed_by(chain: Chain, wallet: Address, text: str, signature: bytes) -> bool:
    """Whether the wallet signed the text.

    Raises:
        RpcUnreachable: the wallet may be a contract, and the chain cannot be asked.
    """
    message = encode_defunct(text=text)
    return _recovered(message, signature) == wallet or _contract_says_so(chain, wallet, message, signature)


def _recovered(message: SignableMessage, signature: bytes) -> Address | None:
    try:
        return Address(str(Account.recover_message(message, signature=signature)).lower())
    except (BadSignature, ValidationError, ValueError, TypeError):
        return None


def _contract_says_so(chain: Chain, wallet: Address, message: SignableMessage, signature: bytes) -> bool:
    if not chain.has_code(wallet):
        return False
    digest = keccak256(b"\x19" + message.version + message.header + message.body)
    call = Call(wallet, "isValidSignature", _IS_VALID.encode([digest, signature]), _IS_VALID)
    try:
        answer: Any = chain.call(call)
    except RpcUnreachable:
        raise
    except ChainError:  # it reverts, or answers something else
        return False
    return bool(answer == VALID)
