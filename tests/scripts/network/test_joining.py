"""Nodes that come, vote, change their keys and leave; and backups."""

import json
from pathlib import Path

import pytest

from scripts.network import inventory, joining
from scripts.network.inventory import Role
from scripts.network.rules import findings
from tests.scripts.command import Command
from tests.scripts.network.nodes import NOWHERE, Stand, standing
from tests.support.besu_like import BesuLike, serving

HOST = "127.0.0.1"
PORTS = ("--p2p-port", "30399", "--rpc-port", "8599", "--admin-port", "18599", "--metrics-port", "9599")
PASSWORD = "correct horse battery"


def request_of(command: Command, stand: Stand, tmp_path: Path, role: Role = Role.VALIDATOR) -> Path:
    """A newcomer's request, made from the network's kit."""
    assert command("network", "join-kit", str(stand.folder), "--out", str(tmp_path / "kit"))[0] == 0
    options = (*PORTS, "--name", "newcomer", "--host", HOST, "--role", role.value, "--organisation", "Comune")
    assert command("network", "join", str(tmp_path / "kit"), *options, "--out", str(tmp_path / "new"))[0] == 0
    return tmp_path / "new/join-request.json"


def add(command: Command, stand: Stand, request: Path) -> tuple[int, str, str]:
    """Admit it."""
    return command("network", "add-node", str(stand.folder), str(request), "--yes")


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("host", "127.0.0.8", "not signed by"),
        ("node_id", "ab" * 64, "not signed by"),
        ("address", "0x" + "ab" * 20, "not signed by"),
        ("role", "king", "no request"),
    ],
)
def test_add_node__request_altered_on_its_way__is_refused(
    command: Command, network_folder: Path, tmp_path: Path, field: str, value: str, reason: str
) -> None:
    with standing(network_folder) as stand:
        request = request_of(command, stand, tmp_path)
        content = json.loads(request.read_text())
        content["node"][field] = value
        request.write_text(json.dumps(content))
        code, _, said = add(command, stand, request)
        assert (code, reason in said) == (2, True)
        assert "newcomer" not in [node.name for node in stand.network.nodes]


def test_add_node__request_for_another_chain__is_refused(
    command: Command, network_folder: Path, tmp_path: Path
) -> None:
    with standing(network_folder) as stand:
        request = request_of(command, stand, tmp_path)
        other = tmp_path / "other"
        assert command("network", "init", "--out", str(other), "--chain-id", "99")[0] == 0
        code, _, said = command("network", "add-node", str(other), str(request), "--yes")
        assert (code, "another chain" in said) == (2, True)


def test_join__name_or_place_taken__is_refused(command: Command, network_folder: Path, tmp_path: Path) -> None:
    kit, out = str(tmp_path / "kit"), str(tmp_path / "new")
    command("network", "join-kit", str(network_folder), "--out", kit)
    taken = command("network", "join", kit, "--name", "rpc-1", "--host", HOST, "--out", out)
    assert (taken[0], "already" in taken[2]) == (2, True)
    place = command("network", "join", kit, "--name", "new", "--host", "127.0.0.1", "--out", out)
    assert (place[0], "place already" in place[2]) == (2, True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--name", "prometheus"), "no name for a node"),  # it would take a service's place in the compose file
        (("--name", "guard-1"), "no name for a node"),
        (("--name", "-x"), "no name for a node"),
        (("--name", "../x"), "no name for a node"),
        (("--organisation", "Comune\x1b[2K"), "no name of an organisation"),  # would hide what stands before
        (("--host", "10.0.0.9"), "reached from no other machine"),
        (("--host", "::1"), "IPv6"),
        (("--host", "0.0.0.0"), "no address of a machine"),  # noqa: S104
        (("--rpc-port", "9545"), "are both 9545"),  # validator-1's metrics
        (("--rpc-port", "80"), "is 80, and ports are"),
    ],
)
def test_join__impossible_node__is_refused(
    command: Command, network_folder: Path, tmp_path: Path, options: tuple[str, ...], reason: str
) -> None:
    kit, usual = str(tmp_path / "kit"), (*PORTS, "--name", "new", "--host", HOST)
    command("network", "join-kit", str(network_folder), "--out", kit)
    code, _, said = command("network", "join", kit, *usual, *options, "--out", str(tmp_path / "new"))
    assert (code, reason in " ".join(said.split())) == (2, True), said
    assert not (tmp_path / "new").exists()


def test_remove_validator__too_few_would_be_left__is_refused(command: Command, network_folder: Path) -> None:
    with standing(network_folder) as stand:
        code, _, said = command("network", "remove-validator", str(stand.folder), "validator-1")
        assert (code, "one that fails would stop the chain" in said) == (2, True)
        assert not any(node.votes for node in stand.nodes.values())


def test_remove_node__validator__has_to_be_voted_out_first(command: Command, network_folder: Path) -> None:
    with standing(network_folder) as stand:
        code, _, said = command("network", "remove-node", str(stand.folder), "validator-1")
        assert (code, "is a validator" in said) == (2, True)


def test_remove_node__no_validator_answers__is_refused_unless_it_is_said_to_be_voted_out(
    command: Command, network_folder: Path
) -> None:
    names = [f"validator-{number}" for number in range(1, 5)]
    with standing(network_folder, silent=names) as stand:
        code, _, said = command("network", "remove-node", str(stand.folder), "rpc-1")
        assert (code != 0, "no validator answers" in said) == (True, True)
        assert "rpc-1" in [node.name for node in stand.network.nodes]
        command("network", "remove-node", str(stand.folder), "rpc-1", "--voted-out")
        assert "rpc-1" not in [node.name for node in stand.network.nodes]


def test_add_node__network_is_full__is_refused(
    command: Command, network_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(network_folder) as stand:
        request = request_of(command, stand, tmp_path)
        monkeypatch.setattr(joining, "MOST_NODES", 5)
        code, _, said = add(command, stand, request)
        assert (code, "has 5 nodes already" in said) == (2, True)


def test_add_validator__votes_do_not_suffice__says_how_many_are_missing(command: Command, network_folder: Path) -> None:
    with standing(network_folder, silent=["validator-3", "validator-4"]) as stand:
        code, printed, _ = command("network", "add-validator", str(stand.folder), "rpc-1", "--wait", "0")
        assert code == 1
        assert "2 votes here (validator-1, validator-2), 3 needed" in printed
        assert "Not reached: validator-3, validator-4" in printed


def test_add_validator__one_machine_of_several__casts_its_own_vote_alone(command: Command, tmp_path: Path) -> None:
    node = BesuLike(NOWHERE)
    with serving(node) as url:
        hosts, port = ",".join(f"10.0.0.{n}" for n in range(1, 5)), url.rpartition(":")[2]
        options = ("--out", str(tmp_path / "net"), "--rpc", "0", "--hosts", hosts, "--rpc-port", port)
        assert command("network", "init", *options)[0] == 0
        network = inventory.load(tmp_path / "net")
        node.enode, node.validators = network.node("validator-3").enode, [one.address for one in network.nodes]
        code, printed, _ = command("network", "add-validator", str(tmp_path / "net"), "0x" + "99" * 20, "--wait", "0")
    assert code == 1
    assert "1 votes here (validator-3), 3 needed" in printed
    assert "Not reached: validator-1, validator-2, validator-4" in printed


def test_backup__short_password_or_existing_file__is_refused(
    command: Command, network_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("short\n")
    options = (str(network_folder), "validator-1", "--out", str(tmp_path / "b"), "--password-file")
    assert command("network", "backup", *options, str(tmp_path / "password"))[0] == 2
    (tmp_path / "b").write_text("precious")
    assert command("network", "backup", *options, str(tmp_path / "password"))[0] == 2
    assert (tmp_path / "b").read_text() == "precious"


def test_rotate_key__steps_out_of_turn__are_refused(command: Command, network_folder: Path) -> None:
    with standing(network_folder) as stand:
        for step, reason in (("switch", "no new key"), ("retire", "no old key")):
            code, _, said = command("network", "rotate-key", str(stand.folder), "validator-1", "--step", step)
            assert (code, reason in said) == (2, True)


# -------------------------------------------------------------------- joining and leaving


def test_node__joins_is_voted_in_and_out_and_leaves__at_every_node(
    command: Command, network_folder: Path, tmp_path: Path
) -> None:
    with standing(network_folder) as stand:
        request = request_of(command, stand, tmp_path)
        code, printed, _ = add(command, stand, request)
        assert (code, "may connect" in printed) == (0, True)
        node = stand.network.node("newcomer")
        assert all(node.enode in one.nodes and node.enode in one.peers for one in stand.nodes.values())
        assert findings(stand.folder) == []  # compose file and peers' files name it, too
        assert add(command, stand, request)[0] == 0  # twice is harmless

        assert command("network", "add-validator", str(stand.folder), "newcomer")[0] == 0
        assert all(node.address in one.validators and not one.votes for one in stand.nodes.values())
        assert command("network", "remove-validator", str(stand.folder), "newcomer")[0] == 0
        assert all(node.address not in one.validators for one in stand.nodes.values())

        code, printed, _ = command("network", "remove-node", str(stand.folder), "newcomer")
        assert code == 0
        assert all(node.enode not in one.nodes and node.enode not in one.peers for one in stand.nodes.values())
        assert findings(stand.folder) == []


def test_newcomer__folder__is_sound_and_its_key_stays_there(
    command: Command, network_folder: Path, tmp_path: Path
) -> None:
    with standing(network_folder) as stand:
        request = request_of(command, stand, tmp_path, Role.RPC)
        key = (tmp_path / "new/nodes/newcomer/key").read_text().removeprefix("0x")
        public = "".join(file.read_text() for file in (tmp_path / "kit").iterdir()) + request.read_text()
        assert key not in public
        assert (tmp_path / "new/nodes/newcomer/key").stat().st_mode & 0o777 == 0o600
        assert findings(tmp_path / "new") == []
        assert (tmp_path / "new/.gitignore").exists()


def test_remove_node__peer_fixed_until_a_restart__is_said(command: Command, network_folder: Path) -> None:
    with standing(network_folder) as stand:
        code, printed, _ = command("network", "remove-node", str(stand.folder), "rpc-1")
        assert code == 1
        assert "validator-1 takes it off its list when it restarts" in printed
        assert "rpc-1" not in [node.name for node in stand.network.nodes]


def test_rotate_key__three_steps__change_validator_without_losing_one(command: Command, network_folder: Path) -> None:
    with standing(network_folder) as stand:
        old = stand.network.node("validator-2")

        def rotate(step: str) -> tuple[int, str, str]:
            return command("network", "rotate-key", str(stand.folder), "validator-2", "--step", step)

        assert rotate("prepare")[0] == 0
        some = stand.nodes["validator-1"]
        assert (len(some.validators), old.address in some.validators) == (5, True)
        assert rotate("switch")[0] == 2  # it still runs, or whatever answers there does
    with standing(network_folder, silent=["validator-2"]) as stand:
        assert rotate("switch")[0] == 0
        new = stand.network.node("validator-2")
        assert new.address != old.address
        for node in stand.nodes.values():
            node.validators = sorted({*node.validators, old.address, new.address})
        code, printed, said = rotate("retire")
        assert code == 0, said
        assert "is no validator any more" in printed
        assert old.address not in stand.nodes["validator-1"].validators
        assert "validator-1 forgets the old key when it restarts" in printed  # as of any peer it was started with
    assert [one for one in findings(network_folder) if "genesis" not in one.file] == []


# -------------------------------------------------------------------- backup


def test_backup__restored__gives_the_same_key_back_and_shows_nothing(
    command: Command, network_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    backup, password = tmp_path / "backup", ("--password-file", str(tmp_path / "password"))
    (network_folder / "nodes/validator-1/data").mkdir()
    (network_folder / "nodes/validator-1/data/block").write_text("chain data")
    code, printed, _ = command("network", "backup", str(network_folder), "validator-1", "--out", str(backup), *password)
    key = (network_folder / "nodes/validator-1/key").read_bytes()
    assert (code, backup.stat().st_mode & 0o777) == (0, 0o600)
    assert key.removeprefix(b"0x") not in backup.read_bytes() + printed.encode()
    again = tmp_path / "again"
    assert command("network", "restore", str(backup), "--out", str(again), *password)[0] == 0
    assert (again / "nodes/validator-1/key").read_bytes() == key
    assert (again / "nodes/validator-1/key").stat().st_mode & 0o777 == 0o600
    assert not (again / "nodes/validator-1/data").exists()
    assert inventory.load(again) == inventory.load(network_folder)
    assert command("network", "check", str(again))[0] == 0

    (again / "nodes/validator-1/key").write_text("0x" + "11" * 32)
    code, _, said = command("network", "restore", str(backup), "--out", str(again), *password)
    assert (code, "differs" in said) == (2, True)
    (tmp_path / "password").write_text("another password")
    code, _, said = command("network", "restore", str(backup), "--out", str(tmp_path / "x"), *password)
    assert (code, "does not open" in said) == (2, True)
