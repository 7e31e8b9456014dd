"""Addresses live in one file per network, which is whole or not there, and belongs to one chain."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from commons import deployments
from commons.actions.deploy import SEQUENCE
from commons.addresses import Address
from commons.deployments import DeployedCommunity, Deployment
from commons.errors import ChainIdMismatch, SettingsError, UnknownCommunity
from commons.records import CommunityContracts
from commons.settings import settings
from tests.support.chain import NETWORK, World

NETWORK_OF_ITS_OWN = "elsewhere"
CONTRACTS = len(fields(CommunityContracts))
AT = [Address(f"0x{number:040x}") for number in range(1, 40)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the network's files of this test lie."""
    monkeypatch.setattr(deployments, "deployment_file", lambda network: tmp_path / f"{network}.json")
    return tmp_path


def community(name: str, first: int) -> DeployedCommunity:
    """A community at made-up addresses."""
    return DeployedCommunity(name, 7, CommunityContracts(*AT[first : first + CONTRACTS]))


def test_load__nothing_deployed__says_how_to(folder: Path) -> None:
    with pytest.raises(SettingsError, match="commonwatt deploy"):
        deployments.load(NETWORK_OF_ITS_OWN)


@pytest.mark.parametrize(
    "content", ["", "{}", '{"chain_id": 1', '{"chain_id":1,"first_block":0,"contracts":{"X":"y"}}']
)
def test_load__damaged_file__is_refused(folder: Path, content: str) -> None:
    (folder / f"{NETWORK_OF_ITS_OWN}.json").write_text(content)
    with pytest.raises(SettingsError, match="cannot be read"):
        deployments.load(NETWORK_OF_ITS_OWN)


def test_save__then_load__is_the_same(folder: Path) -> None:
    whole = Deployment(NETWORK_OF_ITS_OWN, 2018, 3).with_contract("CommunityFactory", AT[0], "0xaa")
    whole = whole.with_community(community("Fontana", 1))
    deployments.save(whole)
    assert deployments.load(NETWORK_OF_ITS_OWN) == whole
    assert [file.name for file in folder.iterdir()] == [f"{NETWORK_OF_ITS_OWN}.json"]


def test_load__community_of_another_release__is_left_out(folder: Path) -> None:
    whole = Deployment(NETWORK_OF_ITS_OWN, 2018, 3).with_community(community("Fontana", 1))
    deployments.save(whole)
    file = folder / f"{NETWORK_OF_ITS_OWN}.json"
    content = json.loads(file.read_text())
    del content["communities"][0]["contracts"]["notary"]
    file.write_text(json.dumps(content))
    assert deployments.load(NETWORK_OF_ITS_OWN).communities == ()


def test_address_of__not_deployed__says_how_to_finish() -> None:
    with pytest.raises(SettingsError, match="commonwatt deploy"):
        _ = Deployment(NETWORK_OF_ITS_OWN, 2018, 3).factory


def test_community__none_or_several_or_unknown__is_refused() -> None:
    empty = Deployment(NETWORK_OF_ITS_OWN, 2018, 3)
    two = empty.with_community(community("Fontana", 1)).with_community(community("Brenta", 10))
    for deployment, wanted in ((empty, None), (two, None), (two, AT[18])):
        with pytest.raises(UnknownCommunity):
            deployment.community(wanted)
    assert two.community(AT[10]).name == "Brenta"


def test_require_on__other_chain__names_both(world: World) -> None:
    with pytest.raises(ChainIdMismatch, match=r"31337.*2018"):
        deployments.require_on(world.chain, replace(world.deployment, chain_id=2018))


def test_require_on__chain_started_anew__says_to_deploy(world: World) -> None:
    moved = replace(world.deployment, contracts={**world.deployment.contracts, "CommunityFactory": AT[0]})
    with pytest.raises(SettingsError, match="started anew"):
        deployments.require_on(world.chain, moved)


def test_file__holds_no_secret_and_names_every_contract(world: World) -> None:
    content = json.loads((settings().deployments_dir / f"{NETWORK}.json").read_text())
    assert content.keys() == {"network", "chain_id", "first_block", "contracts", "code", "communities"}
    assert content["contracts"].keys() == content["code"].keys() == set(SEQUENCE)
