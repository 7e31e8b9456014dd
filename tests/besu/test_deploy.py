"""`commonwatt deploy --network besu`: with an encrypted key file, and nothing else that signs."""

import json
from pathlib import Path

import pytest
from eth_account import Account

from commons import deployments
from commons.actions.deploy import SEQUENCE
from commons.settings import settings
from tests.scripts.command import Command
from tests.support.besu_like import BesuLike, serving
from tests.support.chain import World

PASSWORD = "correct horse battery"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`commonwatt`."""
    return Command(monkeypatch, capsys)


@pytest.fixture
def keystore(tmp_path: Path) -> tuple[str, ...]:
    """The options that name a new account's key file, its address first."""
    account = Account.create()
    (tmp_path / "deployer.json").write_text(json.dumps(account.encrypt(PASSWORD, iterations=2)))
    (tmp_path / "password").write_text(PASSWORD)
    options = ("--keystore", str(tmp_path / "deployer.json"), "--password-file", str(tmp_path / "password"))
    return (str(account.address).lower(), *options)


def deploy(command: Command, url: str, *options: str) -> tuple[int, str, str]:
    """Deploy on the node at `url`."""
    return command("deploy", "--network", "besu", "--rpc", url, "--yes", *options)


def test_deploy__as_an_account_everybody_knows__is_refused(command: Command, world: World) -> None:
    with serving(BesuLike(world.chain.rpc_url)) as url:
        for options in ((), ("--as", "platform-admin")):
            code, _, said = deploy(command, url, *options)
            assert (code, "not the embedded chain" in said) == (2, True)


def test_deploy__deployer_not_on_the_list__is_told_how_to_get_there(
    command: Command, world: World, keystore: tuple[str, ...]
) -> None:
    with serving(BesuLike(world.chain.rpc_url, allowed=set())) as url:
        code, _, said = deploy(command, url, *keystore[1:])
    assert (code, "commonwatt network allow" in said) == (1, True)


def test_deploy__by_key_file__is_complete_and_cheap_enough_to_repeat(
    command: Command, world: World, keystore: tuple[str, ...]
) -> None:
    besu = BesuLike(world.chain.rpc_url, allowed={keystore[0]}, delay=2, drop_every=17)
    with serving(besu) as url:
        code, printed, said = deploy(command, url, *keystore[1:])
        assert code == 0, said
        assert PASSWORD not in printed + said
        assert set(deployments.load("besu").contracts) == set(SEQUENCE)
        sent = besu.asked.count("eth_sendRawTransaction")
        assert deploy(command, url, *keystore[1:])[0] == 0
        assert besu.asked.count("eth_sendRawTransaction") == sent
    (settings().deployments_dir / "besu.json").unlink()
