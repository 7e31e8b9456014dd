"""The token from the command line: every way to get it wrong first; then setting, paying, simulating."""

import csv
from dataclasses import replace

import pytest

import scripts.books
from commons.units import TOKEN
from oracle.books.read import read_books
from oracle.economy.types import Incentives
from tests.scripts.verbs import Verbs
from tests.support.chain import World

CATEGORY = "citizen-to-citizen"
PAY = ("pay", "H02", "10", "--category", CATEGORY, "--as", "H01")
DAY = 24 * 3600


@pytest.fixture
def funded(verbs: Verbs, world: World) -> None:
    """Terms of citizens' payments are set, 1000 tokens issued, and H01 has 50 of them."""
    verbs.found("token", "fee", CATEGORY, "2.5")
    limits = ("--most", "2", "--per-member", "50", "--per-pair", "20")
    verbs.found("token", "incentive", CATEGORY, "--payer", "1", "--payee", "0.5", *limits)
    verbs.found("token", "emit", "1000")
    verbs.found("community", "grant", "community-admin", "H04")
    verbs.found("treasury", "propose", "H01", "50", "to begin with", "--tokens")
    verbs.found("treasury", "approve", "1", "--as", "H04")
    world.jump(DAY)
    verbs.found("treasury", "pay", "1")


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize("share", ["2,5", "-1", "101", "2.505", "", "%"])
def test_token_fee__no_share_in_per_cent__is_refused(verbs: Verbs, share: str) -> None:
    assert "not a share" in verbs.refused("token", "fee", CATEGORY, "--yes", "--", share)


def test_token_fee__unknown_category_too_high_or_no_admin__is_refused(verbs: Verbs) -> None:
    assert "no category" in verbs.refused("token", "fee", "bribes", "1", "--yes")
    above = "a fee of 20.01 % is above the 20 % that the code allows"
    assert above in verbs.refused("token", "fee", CATEGORY, "20.01", "--json")
    assert "token admin" in verbs.refused("token", "fee", CATEGORY, "1", "--as", "H01", "--json")


def test_token_incentive__nothing_named_or_too_fine__is_refused(verbs: Verbs) -> None:
    assert "are that already" in verbs.refused("token", "incentive", CATEGORY, "--yes")
    assert "finer" in verbs.refused("token", "incentive", CATEGORY, "--most", "0.0000001", "--yes")
    for option, share in (("--payer", "20.5"), ("--payee", "20.5")):
        said = verbs.refused("token", "incentive", CATEGORY, option, share, "--yes")
        assert "an incentive of 20.5 % is above the 20 % that the code allows" in said
    for option, limit, most in (("--most", "100.000001", "100"), ("--per-pair", "1001", "1,000")):
        said = verbs.refused("token", "incentive", CATEGORY, option, limit, "--yes")
        assert f"is above the {most} tokens that the code allows" in said
    assert "transfers" in verbs.refused("token", "incentive", "transfer", "--payer", "1", "--json")


def test_token_emit__more_than_the_cap__is_refused(verbs: Verbs) -> None:
    assert "may still be issued" in verbs.refused("token", "emit", "1000001", "--json")
    assert "zero" in verbs.refused("token", "emit", "0", "--yes")


def test_token_bonus__unknown_or_not_an_amount__is_refused(verbs: Verbs) -> None:
    assert "no 'cat'" in verbs.refused("token", "bonus", "cat", "1", "--yes")
    assert "18 decimals" in verbs.refused("token", "bonus", "prosumer", "1,5", "--yes")
    said = verbs.refused("token", "bonus", "prosumer", "1000.5", "--yes")
    assert "of 1,000.5 tokens is above the 1,000 tokens that the code allows" in said
    assert "above the 1,000.00 € that the code allows" in verbs.refused("token", "rate", "1000.01", "--yes")


@pytest.mark.usefixtures("funded")
def test_pay__more_than_held_wrong_category_or_oneself__is_refused(verbs: Verbs) -> None:
    assert "holds 50 tokens" in verbs.refused("pay", "H02", "50.1", "--as", "H01", "--yes")
    assert "not paid from wallet to wallet" in verbs.refused(*PAY[:4], "to-community", "--as", "H01", "--yes")
    assert "citizen" in verbs.refused(*PAY[:4], "seller-bonus", "--as", "H01", "--json")
    assert "pay itself" in verbs.refused("pay", "H01", "1", "--category", CATEGORY, "--as", "H01", "--json")


def test_token_buy__not_for_sale_or_a_citizen__is_refused(verbs: Verbs) -> None:
    assert "sells no tokens" in verbs.refused("token", "buy", "5", "--as", "H01", "--yes")
    verbs.found("token", "rate", "2")
    assert "stakeholder" in verbs.refused("token", "buy", "5", "--as", "H01", "--json")
    assert "holds 50.00 €" in verbs.refused("token", "buy", "50.01", "--as", "H01", "--yes")


def test_token_simulate__terms_without_category_or_no_payments__is_refused(verbs: Verbs) -> None:
    assert "no category" in verbs.refused("token", "simulate", "--fee", "1")
    assert "no payment" in verbs.refused("token", "simulate")
    assert "no day" in verbs.refused("token", "simulate", "--from", "yesterday")


# -------------------------------------------------------------------- setting


def test_token_fee__no_tokens_yet__is_in_force_at_once(verbs: Verbs) -> None:
    assert "at once" in verbs.told("token", "fee", CATEGORY, "2.5", "--yes")
    view = verbs.found("token", "show")["categories"][1]
    assert (view["terms"]["fee_bps"], view["effective_from"]) == (250, 0)


@pytest.mark.usefixtures("funded")
def test_token_fee__tokens_in_hands__takes_the_notice(verbs: Verbs, world: World) -> None:
    announced = verbs.found("token", "fee", CATEGORY, "5")
    assert announced["effective_from"] == world.chain.now() + DAY
    assert (announced["terms"]["fee_bps"], announced["announced"]["fee_bps"]) == (250, 500)
    assert announced["announced"]["payer_bps"] == 100

    assert "5 %" in verbs.told("token", "show")
    verbs.found("token", "incentive", CATEGORY, "--payer", "2")
    world.jump(DAY)
    view = verbs.found("token", "show")["categories"][1]
    assert (view["terms"]["fee_bps"], view["terms"]["payer_bps"]) == (500, 200)


def test_token_switch__off_and_on__is_told(verbs: Verbs) -> None:
    assert verbs.found("token", "switch", "seller-bonus", "--off")["terms"]["is_off"]
    assert "off" in verbs.told("token", "show")
    assert not verbs.found("token", "switch", "seller-bonus", "--on")["terms"]["is_off"]


def test_token_bonus__set__welcomes_the_next_member(verbs: Verbs, world: World) -> None:
    verbs.found("token", "bonus", "welcome-citizen", "12.5")
    verbs.found("token", "emit", "100")
    verbs.found("member", "apply", "--as", "H20")
    verbs.found("member", "approve", "H20")

    balances = {line["account"].lower(): line["rebuilt"] for line in _balances(verbs, world)}
    assert balances[verbs.found("member", "list")[-1]["wallet"]] == "12.5"
    assert verbs.found("books", "check")["treasury_tokens"]["welcome bonus"] == {"in": 0, "out": 25 * TOKEN // 2}


def test_token_fee__not_confirmed__announces_nothing(verbs: Verbs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda _: False)
    code, _, _ = verbs.command("token", "fee", CATEGORY, "2.5")
    assert code == 1
    assert verbs.found("token", "show")["categories"][1]["terms"]["fee_bps"] == 0


# -------------------------------------------------------------------- paying


@pytest.mark.usefixtures("funded")
def test_pay__citizen_to_citizen__bears_fee_and_earns_incentives(verbs: Verbs) -> None:
    paid = verbs.found(*PAY, "--reference", "an hour in the garden")
    assert (paid["fee"], paid["payerIncentive"], paid["payeeIncentive"]) == (TOKEN // 4, TOKEN // 10, TOKEN // 20)
    assert paid["category"] == "citizen_to_citizen"
    assert "got 9.75 tokens; the fee was 0.25 tokens" in verbs.told(*PAY, "--yes")


def test_token_buy_and_pay_fee__stakeholder__gets_tokens_for_euro(verbs: Verbs, world: World) -> None:
    verbs.found("token", "yearly-fee", "30")
    verbs.found("token", "rate", "2")
    verbs.found("token", "emit", "1000")
    verbs.found("member", "apply", "--as", "H21", "--kind", "stakeholder")
    verbs.found("member", "approve", "H21")
    verbs.found("euro", "mint", "H21", "100")

    assert "fee" in verbs.refused("token", "buy", "5", "--as", "H21", "--json")
    assert verbs.found("token", "pay-fee", "--as", "H21")["fee_ue"] == 30_000_000
    assert verbs.found("token", "buy", "5", "--as", "H21")["tokens"] == 5 * TOKEN // 2
    assert "at least 3 tokens" in verbs.refused("token", "buy", "5", "--as", "H21", "--least", "3", "--json")
    assert verbs.found("treasury", "show")["holdings"]["euro"] == 35_000_000
    _balances(verbs, world)
    euro = (world.folder / "books" / "treasury_euro.csv").read_text().splitlines()
    assert [line.split(",")[3] for line in euro[1:]] == ["yearly fee", "tokens sold"]


# -------------------------------------------------------------------- simulating, and the books


@pytest.mark.usefixtures("funded")
def test_token_simulate__other_fee__says_what_would_have_been(verbs: Verbs) -> None:
    verbs.found(*PAY)
    verbs.found(*PAY)

    found = verbs.found("token", "simulate", CATEGORY, "--fee", "5")
    assert found["happened"]["total"]["fee"] == TOKEN // 2
    assert found["simulated"]["total"]["fee"] == TOKEN
    assert found["treasury_gain"] == TOKEN // 2
    assert found["simulated"]["by_kind"]["citizen"]["paid"] == 20 * TOKEN
    assert "0.5 tokens more" in verbs.told("token", "simulate", CATEGORY, "--fee", "5")


@pytest.mark.usefixtures("funded")
def test_token_simulate__terms_as_they_are__is_what_happened(verbs: Verbs) -> None:
    verbs.found(*PAY)
    verbs.found("pay", "H03", "1", "--as", "H02")

    found = verbs.found("token", "simulate")
    assert found["simulated"]["total"] == found["happened"]["total"]
    assert found["treasury_gain"] == 0


@pytest.mark.usefixtures("funded")
def test_token_simulate__announced__is_told_before_it_is_in_force(verbs: Verbs) -> None:
    verbs.found(*PAY)
    verbs.found("token", "fee", CATEGORY, "7.5")

    assert verbs.found("token", "simulate")["treasury_gain"] == 0
    assert verbs.found("token", "simulate", "--announced")["treasury_gain"] == TOKEN // 2


@pytest.mark.usefixtures("funded")
def test_books_export__after_payments__rebuilds_every_balance(verbs: Verbs, world: World) -> None:
    verbs.found(*PAY, "--reference", "an hour in the garden")
    verbs.found("pay", "H03", "1.25", "--as", "H02")

    balances = {line["who"] + line["account"]: line for line in _balances(verbs, world)}
    assert all(line["rebuilt"] == line["on_chain"] for line in balances.values())
    assert sum(float(line["rebuilt"]) for line in balances.values()) == 1000
    payments = (world.folder / "books" / "payments.csv").read_text().splitlines()
    assert payments[1].endswith(",0.1,0.05,an hour in the garden")


@pytest.mark.usefixtures("funded")
def test_books__a_payment_charged_otherwise_than_the_terms_say__are_refused(
    verbs: Verbs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that kept a fee of its own, or an RPC that lies about one: the balances alone would not show it."""
    verbs.found(*PAY)
    verbs.found("token", "fee", CATEGORY, "7.5")
    world.jump(2 * DAY)
    verbs.found(*PAY)
    books = read_books(world.reader)
    block = books.payment_events[1].block
    assert [payment.fee for payment in books.payments] == [TOKEN // 4, 3 * TOKEN // 4]

    for change in ({"fee": TOKEN // 4}, {"incentives": Incentives(TOKEN // 10 + 1, TOKEN // 20)}):
        tampered = (books.payments[0], replace(books.payments[1], **change))
        monkeypatch.setattr(scripts.books, "read_books", lambda _, told=tampered: replace(books, payments=told))
        for call in (("check",), ("export", "--out", str(world.folder / "tampered"))):
            said = verbs.refused("books", *call)
            assert f"charges of 1 of 2 payments are not those of the terms in force, first in block {block}" in said
            assert "citizen-to-citizen, of 10 tokens: by the terms fee 0.75, payer's incentive 0.1" in said


@pytest.mark.usefixtures("funded")
def test_books_export__velocity__is_what_was_paid_beside_what_circulated(verbs: Verbs, world: World) -> None:
    verbs.found(*PAY)
    world.jump(DAY)
    _balances(verbs, world)
    with (world.folder / "books" / "velocity.csv").open(newline="") as file:
        months = list(csv.DictReader(file))

    assert sum(int(month["payments"]) for month in months) == 1
    assert sum(float(month["amount"]) for month in months) == 10
    last = months[-1]
    assert 0 < float(last["mean_circulation"]) < 50
    assert float(last["velocity"]) == pytest.approx(float(last["amount"]) / float(last["mean_circulation"]), abs=2e-6)


def test_books_export__folder_is_a_file__is_refused(verbs: Verbs, world: World) -> None:
    file = world.folder / "a-file"
    file.write_text("")
    assert "cannot be written" in verbs.refused("books", "export", "--out", str(file))


def _balances(verbs: Verbs, world: World) -> list[dict[str, str]]:
    """The lines of the exported balances."""
    folder = world.folder / "books"
    verbs.found("books", "export", "--out", str(folder))
    with (folder / "balances.csv").open(newline="") as file:
        return list(csv.DictReader(file))
