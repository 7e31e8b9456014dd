"""`commonwatt network init`: what it refuses, that nothing secret gets out, and that same keys give same files."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from cryptography import x509

from scripts.network import inventory
from tests.scripts.command import Command


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--validators", "3"), "stops as soon as one fails"),
        (("--validators", "0", "--few"), "no network"),
        (("--chain-id", "31337"), "the embedded chain"),
        (("--chain-id", "1"), "Ethereum"),
        (("--hosts", "10.0.0.1,10.0.0.2"), "names 2 machines for 5 nodes"),
        (("--hosts", "node.example"), "no IP address"),
        (("--hosts", "::1"), "IPv6"),
        (("--hosts", "224.0.0.1"), "no address of a machine"),
        (("--hosts", "127.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4,10.0.0.5"), "reached from no other machine"),
        (("--rpc-port", "30304"), "are both 30304"),
        (("--p2p-port", "65533"), "is 65536, and ports are"),
        (("--gas-limit", "90000000"), "outside 30 to 60 million"),
        (("--block-seconds", "0"), "every 0 s"),
        (("--allow", "0x12"), "not an address"),
        (("--keys", "/nonexistent"), "no folder"),
    ],
)
def test_init__impossible_wish__is_refused_and_nothing_written(
    command: Command, tmp_path: Path, options: tuple[str, ...], reason: str
) -> None:
    code, _, said = command("network", "init", "--out", str(tmp_path / "net"), *options)
    assert code == 2
    assert reason in said
    assert not (tmp_path / "net").exists()


def test_init__folder_in_use__is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("data")
    code, _, said = command("network", "init", "--out", str(tmp_path))
    assert (code, "not empty" in said) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["precious"]


def test_init__keys_that_others_may_read__are_refused(command: Command, network_folder: Path, tmp_path: Path) -> None:
    (network_folder / "nodes/validator-1/key").chmod(0o644)
    code, _, said = command("network", "init", "--out", str(tmp_path / "net"), "--keys", str(network_folder))
    assert (code, "chmod 600" in said) == (2, True)


def test_init__same_keys_and_options__write_the_same_bytes(
    command: Command, made_network: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    allowed = "0x00000000000000000000000000000000000000AA"
    code, _, _ = command("network", "init", "--out", str(again), "--keys", str(made_network), "--allow", allowed)
    assert code == 0
    assert contents(again) == contents(made_network)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its mode."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mode & 0o777) for file in files}


def test_init__secrets__are_their_owners_alone_and_not_printed(command: Command, tmp_path: Path) -> None:
    code, printed, said = command("network", "init", "--out", str(tmp_path / "net"), "--json")
    assert code == 0
    secret = [*(tmp_path / "net").glob("nodes/*/key"), *(tmp_path / "net/secrets").glob("*")]
    secret = [file for file in secret if file.name not in ("jwt-public.pem", "tls-certificate.pem")]
    assert len(secret) == 5 + 3
    public = "".join(
        file.read_text() for file in (tmp_path / "net").rglob("*") if file.is_file() and file not in secret
    )
    for file in secret:
        assert file.stat().st_mode & 0o777 == 0o600
        for word in re.findall(r"[0-9a-zA-Z+/]{40,}", file.read_text()):
            assert word.removeprefix("0x") not in printed + said + public


def test_init__one_machine__gives_each_node_its_ports_and_all_each_other(made_network: Path) -> None:
    network = inventory.load(made_network)
    assert [node.ports.p2p for node in network.nodes] == [30303, 30304, 30305, 30306, 30307]
    for node in network.nodes:
        folder = made_network / "nodes" / node.name
        static = json.loads((folder / "static-nodes.json").read_text())
        allowed = tomllib.loads((folder / "permissions-nodes.toml").read_text())["nodes-allowlist"]
        assert set(allowed) == {one.enode for one in network.nodes}
        assert set(static) == set(allowed) - {node.enode}


def test_init__a_machine_each__keeps_default_ports_and_places_services_by_profile(
    command: Command, tmp_path: Path
) -> None:
    hosts = ",".join(f"10.0.0.{n}" for n in range(1, 6))
    assert command("network", "init", "--out", str(tmp_path / "net"), "--hosts", hosts)[0] == 0
    network = inventory.load(tmp_path / "net")
    assert {node.ports.p2p for node in network.nodes} == {30303}
    services = yaml.safe_load((tmp_path / "net/docker-compose.yml").read_text())["services"]
    assert services["validator-2"]["profiles"] == ["host-10-0-0-2"]
    assert services["guard-1"]["profiles"] == ["host-10-0-0-5"]
    certificate = x509.load_pem_x509_certificate((tmp_path / "net/secrets/tls-certificate.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "10.0.0.5" in [str(ip) for ip in names.get_values_for_type(x509.IPAddress)]
    assert command("network", "check", str(tmp_path / "net"))[0] == 0
