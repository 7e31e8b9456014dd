"""An operator's database: a file in its folder, or the PostgreSQL database that the folder names."""

from pathlib import Path

import pytest

from commons.errors import SettingsError
from oracle.operator import DATABASE_URL, has_database, operator_database
from tests.support.chain import World
from tests.support.market import desks, open_day, run_to_end, usual_orders, usual_readings


@pytest.mark.parametrize("text", ["", "operators", "sqlite:///operator.sqlite", "mysql://somebody@127.0.0.1/operator"])
def test_database_url__of_no_postgresql__is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / DATABASE_URL).write_text(text)
    with pytest.raises(SettingsError, match="postgresql://"):
        operator_database(tmp_path)


def test_database_url__with_a_password__is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / DATABASE_URL).write_text("postgresql://somebody:s3cret@127.0.0.1/operator\n")
    with pytest.raises(SettingsError, match="PGPASSFILE") as refused:
        operator_database(tmp_path)
    assert "s3cret" not in str(refused.value)


def test_folder__without_either__has_no_database(tmp_path: Path) -> None:
    assert not has_database(tmp_path)


def test_operator__with_its_database_on_postgresql__settles_like_the_others(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres").database()
    operators = desks(world, tmp_path)
    operators[0].folder.mkdir(parents=True, exist_ok=True)
    (operators[0].folder / DATABASE_URL).write_text(url + "\n")
    assert has_database(operators[0].folder)
    day = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(day.view, usual_readings(world))

    run_to_end(day, operators)

    view, everybody = day.view, tuple(operator.signer.address for operator in operators)
    assert view.settlement_ballot.voters(view.settlement_ballot.accepted or b"") == everybody
    assert {m.trader for m in view.executions} == {trader.address for trader in day.orders}
    assert not (operators[0].folder / "operator.sqlite").exists()
