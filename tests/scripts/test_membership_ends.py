"""What is left to do when a wallet is lost, a member has left, money waits, or the community changes its rules."""

from commons.contracts import CommunityReader
from commons.units import TOKEN
from tests.scripts.verbs import Verbs
from tests.support.chain import ESCROW, World

DAY = 24 * 3600


# -------------------------------------------------------------------- a lost wallet


def test_move_funds__wallet_in_use_or_delay_not_over__is_refused(verbs: Verbs) -> None:
    assert "was not replaced" in verbs.refused("member", "move-funds", "H01")
    verbs.found("member", "replace-wallet", "H01", "--new-as", "H31")
    assert "it may move from" in verbs.refused("member", "move-funds", "H01")


def test_move_funds__after_the_delay__brings_escrow_and_tokens_to_the_new_wallet(verbs: Verbs, world: World) -> None:
    welcomed(verbs, "H20")
    verbs.found("pay", "H01", "8", "--as", "H20")
    verbs.found("member", "replace-wallet", "H01", "--new-as", "H31")
    world.jump(30 * DAY)

    moved = verbs.found("member", "move-funds", "H01", "--as", "H02")

    assert (moved["escrow_ue"], moved["tokens"], moved["locked_ue"]) == (ESCROW, 8 * TOKEN, 0)
    assert verbs.found("funds", "show", "--as", "H31")["free_ue"] == ESCROW
    again = verbs.found("member", "move-funds", "H01")
    assert (again["escrow_ue"], again["tokens"]) == (0, 0)


def test_recovery_key__named_before__may_veto_and_nothing_moves(verbs: Verbs, world: World) -> None:
    verbs.found("member", "recovery-key", "H02", "--as", "H01")
    verbs.found("member", "replace-wallet", "H01", "--new-as", "H31")
    assert verbs.found("member", "veto", "H01", "--as", "H02")["status"] == "active"
    world.jump(30 * DAY)
    assert "it was vetoed" in verbs.refused("member", "move-funds", "H01")


# -------------------------------------------------------------------- welcome and leaving


def welcomed(verbs: Verbs, name: str, *community: str) -> None:
    """A new member with 20 tokens."""
    verbs.found("token", "bonus", "welcome-citizen", "20", *community)
    verbs.found("token", "emit", "1000", *community)
    verbs.found("member", "apply", "--as", name, *community)
    verbs.found("member", "approve", name, *community)


def test_welcome__treasury_empty_at_approval__is_paid_once_it_can(verbs: Verbs) -> None:
    assert "no active member" in verbs.refused("token", "welcome", "H20")
    verbs.found("token", "bonus", "welcome-citizen", "20")
    verbs.found("member", "apply", "--as", "H20")
    verbs.found("member", "approve", "H20")
    assert "Nothing is due, or payable yet" in verbs.told("token", "welcome", "H20")
    verbs.found("token", "emit", "1000")
    assert verbs.found("token", "welcome", "H20")["paid"] == 20 * TOKEN
    assert verbs.found("token", "welcome", "H20")["paid"] == 0


def test_community__without_a_notice_of_changes__is_not_created(verbs: Verbs) -> None:
    told = verbs.refused("community", "create", "Sudden", "--notice-days", "0", "--yes", "--json")
    assert "a notice of 0 s is outside" in told


def test_settle_leaver__before_the_adhesions_period__is_refused(verbs: Verbs) -> None:
    verbs.found("member", "leave", "--as", "H01")
    assert "is kept for ever" in verbs.refused("token", "settle-leaver", "H01", "--json")


def test_settle_leaver__after_the_adhesions_period__fills_the_treasury(verbs: Verbs, world: World) -> None:
    verbs.found("community", "create", "Brief", "--leaver-days", "30", "--yes")
    there = ("--community", "Brief")
    welcomed(verbs, "H20", *there)
    verbs.found("member", "leave", "--as", "H20", *there)
    assert "is kept until" in verbs.refused("token", "settle-leaver", "H20", "--json", *there)
    world.jump(31 * DAY)
    assert verbs.found("token", "settle-leaver", "H20", *there)["moved"] == 20 * TOKEN
    assert verbs.found("token", "show", *there)["treasury"] == 1000 * TOKEN


# -------------------------------------------------------------------- rules


def test_schedule_operators__by_a_member_or_too_few__is_refused(verbs: Verbs) -> None:
    new = ("community", "schedule-operators", "operator-1", "operator-2")
    assert "oracle admin" in verbs.refused(*new, "--as", "H01", "--json")
    assert "no majority" in verbs.refused("community", "schedule-operators", "operator-1", "--json")


def test_schedule_operators__announced__are_in_force_after_the_notice(verbs: Verbs, world: World) -> None:
    told = verbs.found("community", "schedule-operators", "operator-1", "operator-2", "H04", "--bond", "250")
    assert told["effective_from"] == world.chain.now() + DAY
    assert len(world.reader.current_operators().operators) == 3
    assert world.reader.current_operators().terms.bond != 250_000_000
    world.jump(DAY)
    now = world.reader.current_operators()
    assert list(now.operators) == [world.operators[0].address, world.operators[1].address, world.dino.address]
    assert (now.terms.threshold, now.terms.bond) == (2, 250_000_000)


def test_limits__one_changed__keep_the_others(verbs: Verbs, world: World) -> None:
    reader: CommunityReader = world.reader
    before = reader.window_limits()
    assert "community admin" in verbs.refused("community", "limits", "--commit", "5", "--as", "H01", "--json")
    assert verbs.found("community", "limits", "--commit", "3600")["commit"] == 3600
    after = reader.window_limits()
    assert (after.commit, after.reveal, after.execution) == (3600, before.reveal, before.execution)


# -------------------------------------------------------------------- what comes back


def test_return_budget__more_than_there_is__is_refused(verbs: Verbs) -> None:
    assert "budget" in verbs.refused("treasury", "return-budget", "5", "--json")
    assert "zero" in verbs.refused("treasury", "return-budget", "0", "--json")


def test_return_budget__unpromised__is_the_treasurys_again(verbs: Verbs, world: World) -> None:
    verbs.found("token", "emit", "100")
    verbs.found("community", "grant", "COMMUNITY_ADMIN", "H01")
    verbs.found("treasury", "propose", world.contracts.works.address, "40", "work of the month", "--tokens")
    verbs.found("treasury", "approve", "1", "--as", "H01")
    world.jump(DAY)
    verbs.found("treasury", "pay", "1")
    assert verbs.found("token", "show")["treasury"] == 60 * TOKEN

    returned = verbs.found("treasury", "return-budget", "15")

    assert returned["holdings"]["tokens"] == 75 * TOKEN


def test_loan_withdraw__of_another_or_ones_own__is_refused_or_done(verbs: Verbs) -> None:
    verbs.found("loan", "offer", "a ladder", "--price", "2", "--as", "H01")
    assert "not the lender" in verbs.refused("loan", "withdraw", "1", "--as", "H02")
    assert verbs.found("loan", "withdraw", "1", "--as", "H01")["is_withdrawn"]
    assert "withdrawn" in verbs.told("loan", "list")


def test_incentive_close__never_divided__is_the_treasurys_after_half_a_year(verbs: Verbs, world: World) -> None:
    verbs.found("euro", "mint", world.admin.address, "50")
    day = ("--from", "2026-11-20", "--to", "2026-11-20")
    verbs.found("incentive", "record", "50", "--reference", "GSE 1", *day)
    assert "this is possible from" in verbs.refused("incentive", "close", "1", "--json")
    world.jump(180 * DAY + 1)
    assert verbs.found("incentive", "close", "1")["to_treasury_ue"] == 50_000_000
    assert world.reader.euro_balance(world.contracts.treasury.address) == 50_000_000
