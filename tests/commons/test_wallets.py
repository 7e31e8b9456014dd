"""Known accounts stay on the embedded chain; keys elsewhere lie encrypted and show nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from commons import wallets
from commons.chain import Chain
from commons.errors import MalformedInput, SettingsError
from commons.wallets import EMBEDDED_CHAIN_ID, account_number, embedded_signer, keystore_signer, known_signer
from tests.support.chain import World

KEY = bytes(range(1, 33))


class Elsewhere:
    """A chain that is not the embedded one."""

    def __init__(self, chain_id: int, client: str) -> None:
        self.chain_id = chain_id
        self._client = client

    def client(self) -> str:
        """What the node says of itself."""
        return self._client


@pytest.fixture(scope="module")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted key file, quick to open, with its password beside it."""
    folder = tmp_path_factory.mktemp("keys")
    content = Account.encrypt(KEY, "correct horse", kdf="pbkdf2", iterations=10)
    (folder / "operator.json").write_text(json.dumps(content))
    (folder / "password").write_text("correct horse\n")
    return folder / "operator.json"


@pytest.mark.parametrize(
    ("chain_id", "client"),
    [(2018, "anvil/v1.7.1"), (EMBEDDED_CHAIN_ID, "besu/v26.8.0/linux"), (1, "Geth/v1.14")],
)
def test_embedded_signer__other_chain_or_client__is_refused(chain_id: int, client: str) -> None:
    chain: Any = Elsewhere(chain_id, client)
    with pytest.raises(SettingsError, match="not the embedded chain"):
        embedded_signer(chain, "platform-admin")


def test_embedded_signer__embedded_chain__signs(anvil: Chain) -> None:
    assert embedded_signer(anvil, "H01").address == known_signer("H01").address


@pytest.mark.parametrize("name", ["", "alice", "H", "Hx", "operator-", "operator-999999", "account--1"])
def test_account_number__no_such_name__lists_those_there_are(name: str) -> None:
    with pytest.raises(MalformedInput, match="platform-admin"):
        account_number(name)


def test_account_number__names__are_accounts_of_their_own() -> None:
    names = [*wallets.ROLES, *(f"operator-{n}" for n in range(1, 65)), *(f"H{n:02d}" for n in range(1, 100))]
    assert len({account_number(name) for name in names}) == len(names)


def test_known_signer__first_account__is_the_one_that_anvil_prints() -> None:
    assert known_signer("platform-admin").address == "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


def test_keystore_signer__password_file__opens_it(keystore: Path) -> None:
    signer = keystore_signer(keystore, keystore.parent / "password")
    assert signer.address == Account.from_key(KEY).address.lower()


def test_keystore_signer__prompt__asks_without_showing(keystore: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: "correct horse")
    assert keystore_signer(keystore).address == Account.from_key(KEY).address.lower()


def test_keystore_signer__wrong_password__is_refused_without_repeating_it(keystore: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("battery staple")
    with pytest.raises(SettingsError, match="does not open") as refused:
        keystore_signer(keystore, tmp_path / "password")
    assert "battery" not in refused.value.message


def test_keystore_signer__missing_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        keystore_signer(tmp_path / "nothing.json")


def test_signer__printed__shows_no_key(world: World) -> None:
    assert known_signer("account-0")._account.key.hex() not in repr(world)
    assert repr(known_signer("H01")).startswith("Signer(H01, 0x")
