"""Who signs: accounts everybody knows on the embedded chain, encrypted key files anywhere else.

The accounts of the embedded chain come from the mnemonic that Anvil prints for everyone; they are no secret, and are
refused on any other chain. Elsewhere a key lies in an encrypted key file (Ethereum's keystore format); its password is
asked for, or read from a file or descriptor, and is never an argument, in the environment, or in a log.
"""

import getpass
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from coincurve import PrivateKey, PublicKey
from eth_account import Account
from eth_account.hdaccount import ETHEREUM_DEFAULT_PATH, key_from_seed, seed_from_mnemonic
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount

from commons.addresses import Address, address
from commons.chain import Chain
from commons.errors import MalformedInput, SettingsError

EMBEDDED_CHAIN_ID = 31337
EMBEDDED_CLIENT = "anvil/"
EMBEDDED_MNEMONIC = "test test test test test test test test test test test junk"

_FIRST_OPERATOR = 10
_FIRST_HOME = 100
_FIRST_ACCOUNT = 0
ROLES = {"platform-admin": 0, "community-admin": 1, "market-operator": 2, "issuer": 3, "relayer": 4}
"""Name of a role on the embedded chain → its account's number."""
_NUMBERED = re.compile(r"(operator-|H|account-)([0-9]{1,5})")
_FIRST = {"operator-": _FIRST_OPERATOR - 1, "H": _FIRST_HOME - 1, "account-": _FIRST_ACCOUNT}
NAMES = f"{', '.join(ROLES)}, operator-1 …, H01 …, account-0 …"


class Signer:
    """One account that signs transactions, texts and typed data; its key leaves this object never."""

    def __init__(self, account: LocalAccount, name: str = "") -> None:
        self._account = account
        self.address: Address = address(account.address)
        self.name = name or self.address

    def __repr__(self) -> str:
        return f"Signer({self.name}, {self.address})"

    def sign_transaction(self, transaction: Mapping[str, Any]) -> tuple[str, bytes]:
        """The signed transaction's hash and bytes."""
        signed = self._account.sign_transaction(dict(transaction))
        return "0x" + bytes(signed.hash).hex(), bytes(signed.raw_transaction)

    def sign_text(self, text: str) -> bytes:
        """The signature over a text as `personal_sign` makes it (EIP-191): 65 bytes r ‖ s ‖ v."""
        return bytes(self._account.sign_message(encode_defunct(text=text)).signature)

    def sign_typed(self, message: Mapping[str, Any]) -> bytes:
        """The signature over typed data (EIP-712): 65 bytes r ‖ s ‖ v."""
        return bytes(self._account.sign_message(encode_typed_data(full_message=dict(message))).signature)

    @property
    def public_key(self) -> bytes:
        """The public key, 33 bytes: what others seal to this account."""
        return PrivateKey(bytes(self._account.key)).public_key.format()

    def agree(self, public_key: bytes) -> bytes:
        """What this account and the owner of a public key alone can compute: the x of their shared point, 32 bytes.

        Raises:
            ValueError: not a point of the curve.
        """
        return PublicKey(public_key).multiply(bytes(self._account.key)).format()[1:]


def embedded_signer(chain: Chain, name: str) -> Signer:
    """A named account of the embedded chain.

    Raises:
        SettingsError: the chain is another one, where everybody could use these keys.
        MalformedInput: no account has that name.
    """
    require_embedded(chain)
    return known_signer(name)


def require_embedded(chain: Chain) -> None:
    """Refuse a chain that is not the embedded one.

    Raises:
        SettingsError: it is another.
    """
    client = chain.client()
    if chain.chain_id != EMBEDDED_CHAIN_ID or not client.startswith(EMBEDDED_CLIENT):
        raise SettingsError(
            f"chain {chain.chain_id} ({client}) is not the embedded chain, whose accounts and clock are anybody's",
            remedy="Sign with an encrypted key file: --keystore FILE.",
        )


def known_signer(name: str) -> Signer:
    """The account of that name, whatever the chain: for the embedded chain and tests alone."""
    return _known(account_number(name), name)


def account_number(name: str) -> int:
    """The number of a named account in the embedded mnemonic.

    Raises:
        MalformedInput: no account has that name.
    """
    if name in ROLES:
        return ROLES[name]
    found = _NUMBERED.fullmatch(name)
    if found is None:
        raise MalformedInput(f"no account of the embedded chain is named {name!r}", remedy=f"Names are {NAMES}.")
    return _FIRST[found[1]] + int(found[2])


def keystore_signer(file: Path, password_file: Path | None = None) -> Signer:
    """The account in an encrypted key file; the password is asked for at the terminal where no file holds it.

    Raises:
        SettingsError: a file cannot be read, or the password is wrong.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        password = _password(file, password_file)
        return Signer(Account.from_key(Account.decrypt(content, password)), file.stem)
    except OSError as error:
        raise SettingsError(f"{error.filename} cannot be read ({error.strerror})", remedy="Check its name.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"the key file {file} does not open", remedy="Check the password, and that it is an Ethereum key file."
        ) from error


def _password(file: Path, password_file: Path | None) -> str:
    if password_file is None:
        return getpass.getpass(f"Password of {file.name}: ")
    return password_file.read_text(encoding="utf-8").rstrip("\r\n")


@cache
def _known(number: int, name: str) -> Signer:
    path = ETHEREUM_DEFAULT_PATH.rpartition("/")[0] + f"/{number}"
    return Signer(Account.from_key(key_from_seed(_seed(), path)), name)


@cache
def _seed() -> bytes:
    return seed_from_mnemonic(EMBEDDED_MNEMONIC, passphrase="")
