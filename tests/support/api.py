"""The API over the test chain: an application as `commonwatt api serve` makes it, asked without a socket."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from commons.addresses import checksummed
from commons.settings import Settings, settings
from commons.wallets import Signer
from scripts.serving import OperatorDesk, Serving, assemble
from scripts.surroundings import Place
from tests.support.chain import NETWORK, World

ORIGIN = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Api:
    """The API of a test's world; `catch_up` reads what has happened on the chain."""

    world: World
    serving: Serving
    client: TestClient

    @property
    def community(self) -> str:
        """The path of the world's community."""
        return f"/v1/communities/{self.world.contracts.community.address}"

    def catch_up(self) -> None:
        """Follow the chain to its end."""
        self.serving.follower.step()

    def get(self, path: str, status: int = 200, **more: Any) -> Any:
        """What a path answers, as JSON; `…` stands for the community's path."""
        answer = self.ask("GET", path, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    def sign_in(self, wallet: Signer) -> dict[str, str]:
        """Sign a wallet in; the header that stands for it."""
        text = message_of(self.get_nonce(), wallet)
        signed = {"message": text, "signature": "0x" + wallet.sign_text(text).hex()}
        answer = self.client.post("/v1/auth/sign-in", json=signed)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def get_nonce(self) -> str:
        """A nonce for a sign-in."""
        return str(self.client.post("/v1/auth/nonce").json()["nonce"])

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer to a request."""
        return self.client.request(method, path.replace("…", self.community), **more)


def api_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of an API that keeps everything in a folder."""
    found = settings()
    return found.model_copy(update={"var_dir": folder, "api_origin": ORIGIN, **changes})


def make_api(
    world: World, folder: Path, operator: Path | None = None, signer: Signer | None = None, **changes: Any
) -> Iterator[Api]:
    """The API over the world, caught up; `operator` is the folder of whose readings members see theirs."""
    place = Place(NETWORK, world.chain, world.deployment)
    desk = None if operator is None else OperatorDesk(operator, world.contracts.community.address, signer)
    serving = assemble(place, api_settings(folder, **changes), operator=desk)
    serving.follower.step()
    with TestClient(serving.app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        yield Api(world, serving, client)
    serving.engine.dispose()


@pytest.fixture
def api(world: World, tmp_path: Path) -> Iterator[Api]:
    """The API over the test's world."""
    yield from make_api(world, tmp_path)


def message_of(of_nonce: str, wallet: Signer, /, **changes: str) -> str:
    """A sign-in message (EIP-4361) as the page builds it; `changes` replace fields or, as `extra`, add lines."""
    fields = {
        "domain": "127.0.0.1:8000",
        "address": checksummed(wallet.address),
        "uri": ORIGIN,
        "version": "1",
        "chain_id": "31337",
        "nonce": of_nonce,
        "issued_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "statement": "Sign in to your energy community.\n",
        "extra": "",
        **changes,
    }
    return (
        "{domain} wants you to sign in with your Ethereum account:\n{address}\n\n{statement}\nURI: {uri}\n"
        "Version: {version}\nChain ID: {chain_id}\nNonce: {nonce}\nIssued At: {issued_at}{extra}"
    ).format(**fields)
