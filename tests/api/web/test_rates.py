"""A client that asks too often waits; reading is allowed more often than writing, and one client's haste is its own."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.limits import Rate
from api.web import rates
from api.web.rates import READS, WRITES
from commons.settings import Settings


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No turn comes back while a test asks, however long that takes."""
    monkeypatch.setattr(rates, "Rate", lambda per_second, burst: Rate(per_second, burst, now=lambda: 0.0))


def codes(client: TestClient, method: str, path: str, count: int) -> list[int]:
    return [client.request(method, path).status_code for _ in range(count)]


def test_rates__more_writes_than_at_once__wait_while_reads_go_on() -> None:
    client = TestClient(create_app(Settings()), client=("10.0.0.1", 1))
    found = codes(client, "POST", "/v1/auth/nonce", WRITES[1] + 10)
    assert found[WRITES[1] :] == [429] * 10
    assert 429 not in found[: WRITES[1]]
    refused = client.post("/v1/auth/nonce")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) >= 1
    assert client.get("/health").status_code == 200


def test_rates__another_client__is_not_held_up() -> None:
    app = create_app(Settings())
    codes(TestClient(app, client=("10.0.0.1", 1)), "POST", "/v1/auth/nonce", WRITES[1] + 10)
    assert TestClient(app, client=("10.0.0.2", 1)).post("/v1/auth/nonce").status_code != 429


def test_rates__more_reads_than_at_once__wait() -> None:
    client = TestClient(create_app(Settings()), client=("10.0.0.3", 1))
    assert codes(client, "GET", "/health", READS[1] + 2) == [200] * READS[1] + [429] * 2
