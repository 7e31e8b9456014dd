"""Schemathesis, which knows the API from its description alone, finds no request that breaks the service or its word.

It wants a newer hypothesis than the project's, so it lives in an environment of its own under `var/schemathesis`, made
here from its own lock; the test is skipped only where that cannot be installed.
"""

import subprocess
from pathlib import Path

import pytest

from api.web import rates
from commons.settings import PROJECT_DIR
from tests.support.api import Api, make_api
from tests.support.chain import World
from tests.support.market import Day, desks, open_day, run_to_end, usual_orders, usual_readings
from tests.support.server import served

ENVIRONMENT = PROJECT_DIR / "var" / "schemathesis"
LOCK = PROJECT_DIR / "requirements-schemathesis.lock"
UV = PROJECT_DIR / ".venv" / "bin" / "uv"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = "8"
LEFT_OUT = (
    "/v1/events",  # a stream never ends
    "/v1/measurement/readings",  # served by `commonwatt ingest http`, and fuzzed there
    "/v1/communities/{community}/members/{wallet}/bundles",  # not offered without an operator's key
    "/v1/communities/{community}/members/{wallet}/bundles/{day}",
)
INSTALL_S, RUN_S = 900, 1_800
ANSWER_S = "180"


@pytest.fixture(scope="session")
def schemathesis() -> Path:
    """The program, installed if it is not."""
    program = ENVIRONMENT / "bin" / "schemathesis"
    noted = ENVIRONMENT / ".lock"
    if program.exists() and noted.exists() and noted.read_bytes() == LOCK.read_bytes():
        return program
    python = str(ENVIRONMENT / "bin" / "python")
    steps = (
        [str(UV), "venv", "--quiet", "--clear", str(ENVIRONMENT)],
        [str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(LOCK)],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, timeout=INSTALL_S, check=False)
        if done.returncode:
            pytest.skip(f"schemathesis cannot be installed: {done.stderr.strip()[-300:]}")
    noted.write_bytes(LOCK.read_bytes())
    return program


@pytest.fixture
def full(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Api, Day]:
    """The API over a finished session, in which nobody asks too often."""
    monkeypatch.setattr(rates, "READS", (1e6, 10**6))
    monkeypatch.setattr(rates, "WRITES", (1e6, 10**6))
    operators = desks(world, tmp_path)
    day = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
    run_to_end(day, operators)
    return next(make_api(world, tmp_path, tmp_path / "operator-1")), day


def run(program: Path, api: Api, tmp_path: Path, phases: str, config: str = "") -> subprocess.CompletedProcess[str]:
    """Let it loose on the served application, as a member."""
    file = tmp_path / "schemathesis.toml"
    file.write_text(config)
    token = api.sign_in(api.world.alice)["Authorization"]
    with served(api.serving.app) as base:
        command = [str(program), "--config-file", str(file), "run", f"{base}/openapi.json", "--phases", phases]
        command += ["--checks", CHECKS, "--max-examples", EXAMPLES, "--seed", "1", "--workers", "1", "--no-color"]
        for path in LEFT_OUT:
            command += ["--exclude-path", path]
        command += ["--generation-database", "none", "--header", f"Authorization:{token}"]
        command += ["--request-timeout", ANSWER_S]
        command += ["--suppress-health-check", "all", "--warnings", "off"]
        return subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, check=False, cwd=tmp_path)


def test_api__any_request_that_its_description_allows_or_not__is_answered_as_it_says(
    schemathesis: Path, full: tuple[Api, Day], tmp_path: Path
) -> None:
    done = run(schemathesis, full[0], tmp_path, "coverage,fuzzing")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_api__requests_about_what_is_there__are_answered_as_it_says(
    schemathesis: Path, full: tuple[Api, Day], tmp_path: Path
) -> None:
    api, day = full
    places = {
        "community": f'"{api.world.contracts.community.address}"',
        "wallet": f'"{api.world.alice.address}"',
        "session": str(day.session_id),
    }
    config = "[parameters]\n" + "".join(f'"path.{name}" = {value}\n' for name, value in places.items())
    done = run(schemathesis, api, tmp_path, "fuzzing", config)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
