"""Account allowlists: who belongs there, drift repaired, silent nodes reported, tokens asked for."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from commons.actions import community as joining
from commons.addresses import Address
from commons.chain import Event
from commons.errors import ChainError, RpcUnreachable, SettingsError
from commons.records import EnergyProfile, MemberKind
from commons.units import EpochSeconds
from scripts.network import inventory
from scripts.network.follow_members import Follower, line_of
from scripts.network.membership import Membership, bring_in_step
from scripts.network.node_rpc import NodeRpc, node_rpc
from scripts.network.tokens import OPERATOR, administrators_key, signed
from tests.scripts.command import Command
from tests.scripts.network.nodes import NOWHERE, standing
from tests.support.besu_like import NODE_ID, BesuLike, serving, serving_websocket
from tests.support.chain import NETWORK, World

A, B, C, D = (Address("0x" + digit * 40) for digit in "abcd")


def at(node: BesuLike, url: str) -> NodeRpc:
    """The protected RPC of a stand-in."""
    return NodeRpc("node", url, lambda: node.token or "t", NODE_ID)


def said(name: str, **args: object) -> Event:
    """An event of a community."""
    return Event(D, name, args, 1, 0, "0x")


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize("serve", [serving, serving_websocket])
def test_node__wrong_token__counts_as_not_reached(serve: type) -> None:
    node = BesuLike(NOWHERE, token="right")
    with serve(node) as url, pytest.raises(RpcUnreachable, match="does not answer"):
        NodeRpc("node", url, lambda: "wrong", NODE_ID).accounts()


def test_allow__nodes_of_other_machines__are_reported_and_never_taken_for_the_one_here(
    command: Command, tmp_path: Path
) -> None:
    """Each node is at 127.0.0.1:8545 of its own machine: what answers here is one of them, not all."""
    node = BesuLike(NOWHERE, allowed=set())
    with serving(node) as url:
        hosts, port = ",".join(f"10.0.0.{n}" for n in range(1, 5)), url.rpartition(":")[2]
        options = ("--out", str(tmp_path / "net"), "--rpc", "0", "--hosts", hosts, "--rpc-port", port)
        assert command("network", "init", *options)[0] == 0
        node.enode = inventory.load(tmp_path / "net").node("validator-2").enode
        code, printed, _ = command("network", "allow", str(tmp_path / "net"), A, "--json")
    problems = [report["problem"] for report in json.loads(printed)]
    assert (code, [problem == "" for problem in problems]) == (1, [False, True, False, False])
    assert "is another node than validator-3" in problems[2]
    assert node.asked.count("perm_addAccountsToAllowlist") == 1


def test_node__nobody_there__is_reported_and_the_others_are_served(network_folder: Path) -> None:
    with standing(network_folder, silent=["validator-3"]) as stand:
        reports = [
            bring_in_step(node_rpc(stand.folder, node), frozenset({A}), frozenset()) for node in stand.network.nodes
        ]
        assert [report.problem != "" for report in reports] == [False, False, True, False, False]
        assert "validator-3 does not answer" in line_of(reports[2])
        assert all(A in (node.allowed or ()) for name, node in stand.nodes.items() if name != "validator-3")


def test_node__refuses_a_change__is_reported(network_folder: Path) -> None:
    node = BesuLike(NOWHERE, allowed=set(), apis=("ETH",))
    with serving(node) as url:
        assert "Method not enabled" in bring_in_step(at(node, url), frozenset({A}), frozenset()).problem
        with pytest.raises(ChainError, match="Method not enabled"):
            at(node, url).accounts()


def test_token__key_that_others_may_read__is_refused(command: Command, network_folder: Path, tmp_path: Path) -> None:
    (network_folder / "secrets/jwt.pem").chmod(0o644)
    code, _, told = command("network", "token", str(network_folder), "--out", str(tmp_path / "token"))
    assert (code, "0600" in told) == (2, True)
    with pytest.raises(SettingsError):
        administrators_key(network_folder)


# -------------------------------------------------------------------- who belongs


def test_membership__member_who_left__stays_listed_to_withdraw() -> None:
    members = Membership()
    members.fold([said("MemberApproved", wallet=A), said("MemberLeft", wallet=A)])
    assert members.accounts == {A}
    assert members.left == {A}


def test_membership__wallet_replaced__lists_both_since_the_old_one_may_veto() -> None:
    members = Membership()
    members.fold([said("MemberApproved", wallet=A), said("WalletReplaced", oldWallet=A, newWallet=B)])
    assert members.accounts == {A, B}


def test_membership__recovery_key__is_listed_once_its_wallet_is_a_members() -> None:
    members = Membership()
    members.fold([said("MemberApplied", applicant=A, recoveryKey=B)])
    assert members.accounts == set()
    members.fold([said("MemberApproved", wallet=A), said("RecoveryKeySet", wallet=A, recoveryKey=C)])
    assert members.accounts == {A, C}


# -------------------------------------------------------------------- lists


@pytest.mark.parametrize("serve", [serving, serving_websocket])
def test_list__lacking_and_unknown_accounts__are_added_and_only_reported(serve: type) -> None:
    node = BesuLike(NOWHERE, allowed={A, D}, token="secret")
    with serve(node) as url:
        report = bring_in_step(at(node, url), frozenset({A, B, C}), frozenset())
    assert node.allowed == {A, B, C, D}
    assert (report.added, report.unexpected, report.problem) == ((B, C), (D,), "")


def test_list__file_altered_by_hand__is_read_again_and_the_change_made() -> None:
    node = BesuLike(NOWHERE, allowed={A}, file_in_sync=False)
    with serving(node) as url:
        report = bring_in_step(at(node, url), frozenset({A, B}), frozenset())
    assert (node.allowed, report.problem) == ({A, B}, "")
    assert "perm_reloadPermissionsFromFile" in node.asked


def test_list__barred_account__is_taken_off_though_it_is_a_members() -> None:
    node = BesuLike(NOWHERE, allowed={A, B})
    with serving(node) as url:
        report = bring_in_step(at(node, url), frozenset({A, B}), frozenset({B}))
    assert (node.allowed, report.removed, report.problem) == ({A}, (B,), "")


def test_list__in_step__is_left_alone() -> None:
    node = BesuLike(NOWHERE, allowed={A})
    with serving(node) as url:
        bring_in_step(at(node, url), frozenset({A}), frozenset())
    assert node.asked == ["net_enode", "perm_getAccountsAllowlist"]


# -------------------------------------------------------------------- the service


def test_follower__approval_departure_and_drift__keeps_every_nodes_list(world: World, network_folder: Path) -> None:
    with standing(network_folder, world.chain.rpc_url) as stand:
        follower = Follower(world.chain, NETWORK, stand.folder)
        listed = {one.address for one in world.members} | set(stand.network.accounts)
        assert all(len(report.added) == 4 for report in follower.step())
        assert all(node.allowed == listed for node in stand.nodes.values())

        stranger = world.stranger
        signed_form = joining.application_for(world.reader, stranger, MemberKind.CITIZEN, EnergyProfile.CONSUMER)
        world.chain.send(world.admin, joining.register_call(world.contracts, signed_form))
        assert not any(report.added for report in follower.step())  # applying is relayed, and lists nobody
        digest = signed_form.application.adhesion_hash
        approve = joining.approve_call(world.contracts, stranger.address, joining.new_member_id(), digest)
        world.chain.send(world.admin, approve)
        assert [report.added for report in follower.step()] == [(stranger.address,)] * 5

        world.chain.send(stranger, world.contracts.community.call("leave"))
        (stand.nodes["rpc-1"].allowed or set()).clear()
        added = {report.node: len(report.added) for report in follower.step()}
        assert added == {**dict.fromkeys(stand.nodes, 0), "rpc-1": len(listed) + 1}
        assert all(node.allowed == listed | {stranger.address} for node in stand.nodes.values())


def test_follow_members__once__says_what_it_did_and_fails_for_a_silent_node(
    command: Command, world: World, network_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    options = ["network", "follow-members", str(network_folder), "--once", "--json"]
    options += ["--network", NETWORK, "--rpc", world.chain.rpc_url]
    with standing(network_folder, world.chain.rpc_url) as stand:
        code, printed, _ = command(*options)
        assert (code, [len(report["added"]) for report in json.loads(printed)]) == (0, [4] * 5)
        assert len(stand.nodes["validator-2"].allowed or ()) == 5
    code, printed, _ = command(*options)
    assert (code, all(report["problem"] for report in json.loads(printed))) == (1, True)


def test_allow_and_disallow__account__is_noted_and_pushed_to_all_nodes(command: Command, network_folder: Path) -> None:
    with standing(network_folder) as stand:
        assert command("network", "allow", str(stand.folder), B)[0] == 0
        assert B in stand.network.accounts
        assert all(B in (node.allowed or ()) for node in stand.nodes.values())
        assert command("network", "disallow", str(stand.folder), B)[0] == 0
        assert (B in stand.network.accounts, stand.network.barred) == (False, (B,))
        assert all(B not in (node.allowed or ()) for node in stand.nodes.values())


# -------------------------------------------------------------------- tokens


def test_token__written__is_private_not_printed_and_verifies_with_the_nodes_key(
    command: Command, network_folder: Path, tmp_path: Path
) -> None:
    import base64

    code, printed, told = command("network", "token", str(network_folder), "--out", str(tmp_path / "token"))
    token = (tmp_path / "token").read_text().strip()
    assert (code, (tmp_path / "token").stat().st_mode & 0o777, token in printed + told) == (0, 0o600, False)
    head, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    assert json.loads(head) == {"alg": "RS256", "typ": "JWT"}
    assert json.loads(claims)["permissions"] == ["eth:*", "net:*", "web3:*", "txpool:*"]
    public = serialization.load_pem_public_key((network_folder / "nodes/validator-1/jwt-public.pem").read_bytes())
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature, token.rpartition(".")[0].encode(), padding.PKCS1v15(), hashes.SHA256())


def test_token__signed__ends_by_itself(network_folder: Path) -> None:
    import base64

    token = signed(administrators_key(network_folder), OPERATOR, EpochSeconds(1000), 60)
    assert json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["exp"] == 1060
