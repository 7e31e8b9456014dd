"""A member takes its readings out, and a stranger checks them against the chain alone, with anybody's library."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from commons import canonical
from commons.wallets import Signer
from oracle.evidence.bundle import Bundle, decode, encode
from oracle.evidence.leaves import LEAF_TYPES
from oracle.measurement.points import point_id
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.evidence import FREEZE_S, evidence_desks, jump_to_freeze, local_day_of, open_evidence_day
from tests.support.market import SALT, Day, OperatorDesk, step, usual_orders, usual_readings

SCRIPT = Path(__file__).with_name("verify_bundle.mjs")


@pytest.fixture
def operators(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    monkeypatch.setenv("COMMONWATT_FREEZE_S", str(FREEZE_S))
    return evidence_desks(world, tmp_path)


@pytest.fixture
def day(operators: list[OperatorDesk], world: World) -> Day:
    """A local day that is notarised."""
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    jump_to_freeze(opened)
    step(operators)
    world.jump(world.reader.window_limits().challenge)
    return opened


@pytest.fixture
def file(day: Day, operators: list[OperatorDesk], verbs: Verbs, tmp_path: Path) -> Path:
    """What Alice took out."""
    out = tmp_path / "alice.bundle"
    take_out(verbs, day, operators[0], day.world.alice, out)
    return out


def options(day: Day, operator: OperatorDesk, out: Path) -> list[str]:
    local = str(local_day_of(day))
    return ["--from", local, "--to", local, "--out", str(out), "--folder", str(operator.folder)]


def take_out(verbs: Verbs, day: Day, operator: OperatorDesk, member: Signer, out: Path) -> str:
    return verbs.told("takeout", member.address, *options(day, operator, out))


def checked(verbs: Verbs, file: Path, *more: str) -> tuple[int, str, str]:
    return verbs.command("audit", "bundle", str(file), *more)


def rewritten(file: Path, bundle: Bundle) -> Path:
    other = file.with_name("altered.bundle")
    other.write_bytes(encode(bundle))
    return other


def test_takeout__wrong_input__is_refused(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, tmp_path: Path, file: Path
) -> None:
    usual = options(day, operators[0], tmp_path / "new")
    alice = day.world.alice.address

    assert "has no member id" in verbs.refused("takeout", day.world.stranger.address, *usual)
    assert "had no point on these days" in verbs.refused("takeout", "0x" + "77" * 32, *usual)
    assert "cannot be written" in verbs.refused("takeout", alice, *options(day, operators[0], file))
    backwards = ["--from", "2026-03-02", "--to", "2026-03-01", "--out", str(tmp_path / "new")]
    assert "are 0 days" in verbs.refused("takeout", alice, *backwards)
    later = [*usual, "--to", "2037-01-01", "--from", "2037-01-01"]
    assert "are not notarised" in verbs.refused("takeout", alice, *later)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"\xff\n"])
def test_audit__no_bundle__cannot_be_done(verbs: Verbs, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "nonsense"
    file.write_bytes(content)
    code, _, said = checked(verbs, file)
    assert code == 2
    assert said.startswith("commonwatt: the check cannot be done: ")
    assert checked(verbs, tmp_path / "missing")[0] == 2


def test_audit__altered_reading__differs(verbs: Verbs, file: Path) -> None:
    bundle = decode(file.read_bytes())
    first = replace(bundle.readings[0], withdrawn_wh=bundle.readings[0].withdrawn_wh + 1)
    altered = rewritten(file, replace(bundle, readings=(first, *bundle.readings[1:])))

    for more in ([], ["--offline"]):
        code, _, said = checked(verbs, altered, *more)
        assert code == 1
        assert "does not lead to the root" in said


def test_audit__a_root_of_ones_own__passes_offline_and_differs_on_the_chain(verbs: Verbs, file: Path) -> None:
    """Whoever makes a tree of invented readings gets no further than their own file."""
    bundle = decode(file.read_bytes())
    one = replace(bundle.readings[0], withdrawn_wh=9, proof=())
    invented = replace(bundle, root=one.leaf, readings=(replace(one, seconds=one.seconds),))
    assert checked(verbs, rewritten(file, invented), "--offline")[0] == 1  # the rest of the day is left out

    other = replace(bundle, dataset=replace(bundle.dataset, version=7))
    code, _, said = checked(verbs, rewritten(file, other))
    assert code == 2
    assert "version 7 of the readings" in said


def test_audit__another_transaction__differs(verbs: Verbs, file: Path) -> None:
    altered = rewritten(file, replace(decode(file.read_bytes()), transaction=bytes(32)))
    code, _, said = checked(verbs, altered)
    assert code == 1
    assert "did not post the root" in said


def test_audit__taken_out__is_right_with_nothing_but_the_chain(
    verbs: Verbs, day: Day, file: Path, operators: list[OperatorDesk]
) -> None:
    world = day.world
    code, printed, _ = checked(verbs, file, "--json")
    assert code == 0
    (found,) = json.loads(printed)["days"]
    assert found["points"] == [point_id(SALT, world.alice.address)]
    assert (found["withdrawn_wh"], found["injected_wh"]) == (4200, 0)
    assert found["member_ids"] == ["0x" + world.reader.member(world.alice.address).member_id.hex()]
    assert file.stat().st_mode & 0o777 == 0o600
    assert "✓" in checked(verbs, file)[1]
    assert "the chain was not asked" in checked(verbs, file, "--offline")[1]
    others = [point_id(SALT, other.address).encode() for other in world.members if other is not world.alice]
    assert not any(other in file.read_bytes() for other in others)


def test_bundle__openzeppelins_library__verifies_every_reading(file: Path) -> None:
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps({"types": LEAF_TYPES, "bundle": canonical.decode(file.read_bytes())}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run `make setup` first: {done.stderr}"
    verdicts = json.loads(done.stdout)
    assert verdicts["right"] == [True] * len(decode(file.read_bytes()).readings)
    assert not any(verdicts["altered"])
