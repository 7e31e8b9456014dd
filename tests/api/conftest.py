"""A client of an API without services."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from commons.settings import Settings


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(Settings()), raise_server_exceptions=False)
