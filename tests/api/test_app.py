"""The bare application answers and describes itself."""

from fastapi.testclient import TestClient


def test_health__of_the_bare_application__is_ok(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_openapi__of_the_bare_application__lists_its_routes(client: TestClient) -> None:
    assert "/health" in client.get("/openapi.json").json()["paths"]
