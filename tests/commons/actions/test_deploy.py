"""Deploying is done once, finished where it was cut off, and noticed where it is of other sources."""

from dataclasses import replace
from pathlib import Path

import pytest

from commons import deployments
from commons.actions import deploy
from commons.addresses import Address
from commons.deployments import Deployment
from commons.errors import ChainError, ChainIdMismatch, SettingsError
from tests.support.chain import NETWORK, World

OTHER = "other"


@pytest.fixture(autouse=True)
def folder(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own for the network's files."""
    monkeypatch.setattr(deployments, "deployment_file", lambda network: tmp_path / f"{network}.json")
    return tmp_path


def deployed(world: World, missing: tuple[str, ...] | None = None) -> Deployment:
    """Deploy on a network of its own."""
    planned = deploy.plan(world.chain, OTHER)
    assert missing is None or planned.missing == missing
    return deploy.deploy(world.chain, planned, world.platform_admin, world.issuer.address)


def test_plan__file_of_another_chain__is_refused(world: World) -> None:
    deployments.save(Deployment(OTHER, 2018, 0))
    with pytest.raises(ChainIdMismatch, match="2018"):
        deploy.plan(world.chain, OTHER)


def test_plan__settlement_token_is_none__is_refused(world: World) -> None:
    with pytest.raises(ChainError):
        deploy.plan(world.chain, OTHER, world.stranger.address)
    with pytest.raises(ChainError, match="18 decimals"):
        deploy.plan(world.chain, OTHER, world.contracts.token.address)


def test_plan__made_from_other_sources__says_so(world: World) -> None:
    deployments.save(replace(world.deployment, network=OTHER, code={**world.deployment.code, "Treasury": "0x00"}))
    with pytest.raises(SettingsError, match=r"other sources \(Treasury\)"):
        deploy.plan(world.chain, OTHER)
    assert deploy.plan(world.chain, OTHER, anew=True).missing == deploy.SEQUENCE


def test_deploy__twice__does_nothing_the_second_time(world: World) -> None:
    first = deployed(world, deploy.SEQUENCE)
    block = world.chain.block_number()
    assert deployed(world, ()) == first
    assert world.chain.block_number() == block


def test_deploy__cut_off__is_finished_with_what_is_there(world: World) -> None:
    def cut_off(name: str, _: Address) -> None:
        if name == "Treasury":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deploy.deploy(world.chain, deploy.plan(world.chain, OTHER), world.platform_admin, world.issuer.address, cut_off)
    half = deployments.load(OTHER)
    whole = deployed(world, deploy.SEQUENCE[len(half.contracts) :])
    assert {name: whole.contracts[name] for name in half.contracts} == half.contracts


def test_deploy__chain_started_anew__begins_again_without_communities(world: World) -> None:
    gone = {name: Address("0x" + f"{place:02x}" * 20) for place, name in enumerate(deploy.SEQUENCE, start=1)}
    deployments.save(replace(world.deployment, network=OTHER, contracts=gone, communities=(world.community,)))
    assert deployed(world, deploy.SEQUENCE).communities == ()


def test_deploy__other_settlement_token__is_used(world: World) -> None:
    planned = deploy.plan(world.chain, OTHER, world.contracts.euro.address)
    assert "SettlementEuro" not in planned.missing
    deployment = deploy.deploy(world.chain, planned, world.platform_admin, world.issuer.address)
    assert deployment.euro == world.contracts.euro.address


def test_networks__do_not_share_a_file() -> None:
    assert deployments.deployment_file(OTHER) != deployments.deployment_file(NETWORK)
