"""The network, the service's health, and published files."""

from pathlib import Path

from commons.cid import cid_of
from commons.store import FolderStore
from tests.support.api import Api


def test_config__names_chain_contracts_and_communities(api: Api) -> None:
    found = api.get("/v1/config")
    world = api.world
    assert (found["chain_id"], found["embedded"], found["rpc_url"]) == (31337, True, world.chain.rpc_url)
    assert found["contracts"]["CommunityFactory"] == world.deployment.factory
    assert found["communities"][0]["contracts"]["marketplace"] == world.contracts.marketplace.address


def test_health__blocks_not_read_yet__are_counted_once_the_chain_was_asked(api: Api) -> None:
    found = api.get("/v1/health")
    assert (found["status"], found["behind"], found["block"]) == ("ok", 0, api.world.chain.block_number())


def test_show_published__file__is_served_whole_and_for_good(api: Api, tmp_path: Path) -> None:
    content = b'{"a":"1"}'
    cid = FolderStore(tmp_path / "published").write(content)
    answer = api.ask("GET", f"/v1/published/{cid}")
    assert (answer.status_code, answer.content) == (200, content)
    assert "immutable" in answer.headers["Cache-Control"]


def test_show_published__file_of_another_content__is_not_served(api: Api, tmp_path: Path) -> None:
    cid = FolderStore(tmp_path / "published").write(b"right")
    (tmp_path / "published" / cid).write_bytes(b"wrong")
    assert api.get(f"/v1/published/{cid}", status=502)["code"] == "cid_mismatch"


def test_show_published__no_such_file__is_a_problem(api: Api) -> None:
    assert api.get(f"/v1/published/{cid_of(b'absent')}", status=404)["code"] == "dataset_missing"


def test_show_published__no_cid__is_refused(api: Api) -> None:
    assert api.get("/v1/published/..%2f..%2fetc", status=404)["code"] == "not_found"
    assert api.get("/v1/published/readme", status=400)["code"] == "malformed_input"
