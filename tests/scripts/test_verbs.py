"""Chain, platform, members and money from the command line: every way to get them wrong first."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commons import deployments
from commons.settings import settings
from scripts import main as console
from tests.scripts.verbs import Verbs
from tests.support.chain import ESCROW, NETWORK, World
from tests.support.ports import free_port

SUBVERBS = [
    ("chain", "start"),
    ("chain", "stop"),
    ("chain", "status"),
    ("deploy",),
    *(("community", verb) for verb in ("create", "list", "show", "grant", "revoke")),
    *(("member", verb) for verb in ("apply", "approve", "list", "refuse", "suspend", "reinstate", "remove", "leave")),
    ("member", "replace-wallet"),
    *(("member", verb) for verb in ("veto", "recovery-key", "move-funds")),
    *(("community", verb) for verb in ("schedule-operators", "limits")),
    *(("euro", verb) for verb in ("mint", "redeem", "show")),
    *(
        ("token", verb)
        for verb in ("show", "fee", "incentive", "switch", "bonus", "rate", "yearly-fee", "emit", "simulate")
    ),
    *(("token", verb) for verb in ("buy", "pay-fee", "welcome", "settle-leaver")),
    ("pay",),
    *(
        ("service", verb)
        for verb in ("offer", "request", "accept", "close", "deliver", "decline", "confirm", "dispute", "decide")
    ),
    *(("service", verb) for verb in ("check", "move-on", "review", "list", "show")),
    *(("purchase", verb) for verb in ("open", "join", "leave", "cancel", "list")),
    *(("loan", verb) for verb in ("offer", "borrow", "hand-over", "give-back", "confirm", "dispute", "decide")),
    *(("loan", verb) for verb in ("cancel", "move-on", "withdraw", "list")),
    *(("incentive", verb) for verb in ("record", "list", "compute", "post", "claim", "close", "explain")),
    ("demo", "economy"),
    *(("books", verb) for verb in ("export", "check")),
    *(("treasury", verb) for verb in ("show", "propose", "approve", "withdraw", "pay", "return-budget")),
    *(("funds", verb) for verb in ("deposit", "withdraw", "show")),
    *(("session", verb) for verb in ("new", "list", "show")),
    *(("order", verb) for verb in ("commit", "reveal", "withdraw", "show")),
    ("oracle", "withdraw-vote"),
    ("execute",),
    ("cancel",),
    ("release",),
]


@pytest.mark.parametrize("verb", SUBVERBS, ids=" ".join)
def test_help__of_every_verb__says_what_it_does(verb: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(console.assemble(list(verb)), [*verb, "--help"])
    assert shown.exit_code == 0
    assert "--json" in shown.output


# -------------------------------------------------------------------- the way to the chain


def test_any_verb__rpc_down__says_how_to_start_it(verbs: Verbs) -> None:
    said = verbs.refused("session", "list", "--rpc", f"http://127.0.0.1:{free_port()}")
    assert "nobody answers" in said
    assert "commonwatt chain start" in said


def test_any_verb__network_of_another_chain__names_both(verbs: Verbs, world: World) -> None:
    file = settings().deployments_dir / f"{NETWORK}.json"
    file.write_text(file.read_text().replace('"chain_id": 31337', '"chain_id": 2018'))
    said = verbs.refused("session", "list")
    assert "31337" in said
    assert "2018" in said


def test_any_verb__network_without_contracts__says_to_deploy(verbs: Verbs) -> None:
    assert "commonwatt deploy" in verbs.refused("session", "list", "--network", "nowhere")


def test_any_verb__no_community_there__says_so(verbs: Verbs, world: World) -> None:
    assert "there is no community" in verbs.refused("session", "list", "--community", world.stranger.address)
    assert "checksum" in verbs.refused("session", "list", "--community", "0x" + "aB" * 20)


def test_any_verb__community_by_its_address_alone__needs_no_file(verbs: Verbs, world: World) -> None:
    at = world.contracts.community.address
    assert len(verbs.found("member", "list", "--network", "nowhere", "--community", at)) == len(world.members)


def test_any_signing_verb__nobody_or_two_named__is_refused(verbs: Verbs, tmp_path: Path) -> None:
    assert "nobody is named" in verbs.refused("funds", "deposit", "1")
    assert "both" in verbs.refused("funds", "deposit", "1", "--as", "H01", "--keystore", str(tmp_path / "k"))
    assert "cannot be read" in verbs.refused("funds", "deposit", "1", "--keystore", str(tmp_path / "k"))
    assert "no account" in verbs.refused("funds", "deposit", "1", "--as", "nobody")


def test_chain__started_twice_and_stopped_twice__is_harmless(
    verbs: Verbs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONWATT_VAR_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    code, _, _ = verbs.command("chain", "status")
    assert code == 1
    port = str(free_port())
    assert verbs.found("chain", "start", "--port", port)["started"]
    try:
        assert not verbs.found("chain", "start")["started"]
        assert verbs.found("chain", "status")["url"].endswith(port)
        assert "chain 31337, block" in verbs.told("chain", "status")
    finally:
        assert verbs.found("chain", "stop")["stopped"]
    assert not verbs.found("chain", "stop")["stopped"]


def test_deploy__deployed_already__says_so(verbs: Verbs) -> None:
    assert "was deployed already" in verbs.told("deploy", "--yes")


def test_deploy__not_confirmed__deploys_nothing(verbs: Verbs, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda _: False)
    block = world.chain.block_number()
    code, _, _ = verbs.command("deploy", "--network", "fresh")
    assert code == 1
    assert world.chain.block_number() == block


def test_community_create__then_show__is_a_second_one(verbs: Verbs) -> None:
    assert "Test Community: 0 sessions, members: 4 active" in verbs.told("community", "show")
    created = verbs.found("community", "create", "Brenta", "--operator", "operator-1", "--bond", "5")
    both = verbs.found("community", "show")
    assert [community["name"] for community in both] == ["Test Community", "Brenta"]
    found = verbs.found("community", "show", "--community", created["contracts"]["community"])
    assert (found["threshold"], found["least_bond_ue"], found["members"]) == (1, 5_000_000, {})
    assert "2 communities" in verbs.refused("member", "list")
    listed = verbs.found("community", "list")
    assert [(one["name"], one["active_members"]) for one in listed] == [("Test Community", 4), ("Brenta", 0)]
    assert verbs.found("community", "show", "--community", "Brenta")["threshold"] == 1
    assert verbs.found("member", "list", "--community", "Brenta") == []
    assert "no communities" in verbs.refused("member", "list", "--community", "Adda")


def test_community_list__file_that_forgot_one__still_shows_it(verbs: Verbs, world: World) -> None:
    forgotten = verbs.found("community", "create", "Brenta")["contracts"]["community"]
    deployments.save(world.deployment)

    listed = verbs.found("community", "list")
    assert [(one["community"], one["is_in_file"]) for one in listed][1:] == [(forgotten, False)]
    assert "Brenta" in verbs.told("community", "list")


def test_community_grant__unknown_role_or_no_admin__is_refused(verbs: Verbs) -> None:
    assert "no role" in verbs.refused("community", "grant", "KING", "H01", "--yes")
    said = verbs.refused("community", "grant", "token-admin", "H01", "--as", "H01", "--json")
    assert "role" in said


def test_community_grant__then_revoke__is_undone(verbs: Verbs) -> None:
    assert verbs.found("community", "grant", "token-admin", "H01")["has_role"]
    assert not verbs.found("community", "revoke", "token-admin", "H01")["has_role"]


def test_community_create__by_a_stranger_or_without_majority__is_refused(verbs: Verbs) -> None:
    create = ("community", "create", "Brenta", "--json")
    assert "platform admin" in verbs.refused(*create, "--as", "H01")
    assert "no majority" in verbs.refused(*create, "--threshold", "1")
    assert "name and a symbol" in verbs.refused("community", "create", "", "--json")


# -------------------------------------------------------------------- members


def test_member__applies_and_is_approved__is_listed_active(verbs: Verbs, world: World) -> None:
    applied = verbs.found("member", "apply", "--as", "H20", "--profile", "prosumer", "--relayer", "relayer")
    assert re.fullmatch("0x[0-9a-f]{64}", applied["salt"])
    assert "member of" in verbs.told("member", "approve", "H20")
    last = verbs.found("member", "list")[-1]
    assert last["wallet"] == applied["applicant"]
    assert (last["member"]["status"], last["member"]["profile"]) == ("active", "prosumer")


def test_member_approve__nobody_applied__is_refused(verbs: Verbs) -> None:
    assert "no application" in verbs.refused("member", "approve", "H30")


def test_member_approve__by_a_member__is_refused(verbs: Verbs) -> None:
    verbs.told("member", "apply", "--as", "H20")
    assert "community admin" in verbs.refused("member", "approve", "H20", "--as", "H01")


@pytest.mark.parametrize("option", [("--kind", "robot"), ("--profile", "sun"), ("--adhesion", "/nowhere/text")])
def test_member_apply__unknown_choice_or_file__is_refused(verbs: Verbs, option: tuple[str, str]) -> None:
    verbs.refused("member", "apply", "--as", "H20", *option)


def test_member_suspend__active__is_suspended_until_reinstated(verbs: Verbs) -> None:
    assert verbs.found("member", "suspend", "H01")["status"] == "suspended"
    assert "is suspended" in verbs.refused("member", "suspend", "H01")
    assert verbs.found("member", "reinstate", "H01")["status"] == "active"
    assert "no member" in verbs.refused("member", "suspend", "H30")


def test_member_replace_wallet__then_veto__is_the_member_again(verbs: Verbs) -> None:
    verbs.told("member", "replace-wallet", "H01", "--new-as", "H31")
    assert "recovery key" in verbs.refused("member", "veto", "H01", "--as", "H02")
    assert verbs.found("member", "veto", "H01", "--as", "H01")["status"] == "active"


def test_member_leave__then_withdraw__still_gets_the_money(verbs: Verbs) -> None:
    assert verbs.found("member", "leave", "--as", "H01")["status"] == "left"
    assert verbs.found("funds", "withdraw", "--as", "H01")["balance_ue"] == 0


# -------------------------------------------------------------------- money


@pytest.mark.parametrize("amount", ["12,5", "1.2345678", "1e3", "", "0", "12.50€", "NaN"])
def test_funds_deposit__no_amount_in_euro__is_refused(verbs: Verbs, amount: str) -> None:
    verbs.refused("funds", "deposit", amount, "--as", "H01")


def test_funds_deposit__more_than_in_the_wallet__is_refused(verbs: Verbs) -> None:
    assert "holds 50.00 €" in verbs.refused("funds", "deposit", "50.000001", "--as", "H01")


def test_funds_deposit__exact_to_the_millionth(verbs: Verbs) -> None:
    held = verbs.found("funds", "deposit", "0.000001", "--as", "H01")
    assert held["balance_ue"] == ESCROW + 1
    assert verbs.found("funds", "withdraw", "0.000001", "--as", "H01")["balance_ue"] == ESCROW


def test_funds_withdraw__more_than_free__is_refused(verbs: Verbs) -> None:
    assert "100.00 € free" in verbs.refused("funds", "withdraw", "100.01", "--as", "H01")


def test_euro_mint__same_reference_twice__is_refused(verbs: Verbs) -> None:
    mint = ("euro", "mint", "H01", "10", "--reference", "TRN 1")
    assert verbs.found(*mint)["minted_ue"] == 10_000_000
    assert "used before" in verbs.refused(*mint)
    assert "issuer" in verbs.refused("euro", "mint", "H01", "10", "--as", "H01")


def test_euro_redeem__more_than_held__is_refused(verbs: Verbs) -> None:
    assert "holds 50.00 €" in verbs.refused("euro", "redeem", "50.01", "--as", "H01", "--yes")
    assert "zero" in verbs.refused("euro", "redeem", "0", "--as", "H01")


def test_euro_redeem__own_euro__are_burned(verbs: Verbs) -> None:
    before = verbs.found("euro", "show", "H01")
    assert verbs.found("euro", "redeem", "20", "--as", "H01", "--reference", "payout 7")["wallet_ue"] == 30_000_000
    after = verbs.found("euro", "show", "--as", "H01")
    assert before["supply_ue"] - after["supply_ue"] == 20_000_000
    assert "holds 30.00 €" in verbs.told("euro", "show", "H01")
