"""JSON-RPC over HTTP, one request or many at once; nothing above this file knows what a socket is.

The transport is web3.py's `HTTPProvider`. Its results stay as the node writes them, below web3's own formatting of
them: blocks are therefore never refused for QBFT's long `extraData`, and error data keeps every shape that a client
gives it. Everything sent through here may be sent twice: reads change nothing, and a signed transaction takes effect
once. So a broken connection is opened anew and the request repeated before anybody hears of it.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from web3 import HTTPProvider
from web3.types import RPCEndpoint

from commons.errors import RpcUnreachable, SettingsError

BATCH = 200
"""Requests sent at once; nodes refuse very long batches (Besu takes 1024)."""
ATTEMPTS = 4
FIRST_PAUSE_S = 0.2
LOOPBACK = ("127.0.0.1", "localhost", "::1")
UNAUTHORIZED = 401
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
MALFORMED_URL = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


@dataclass(frozen=True, slots=True)
class RpcRefusal:
    """What a node answered instead of a result."""

    code: int
    message: str
    data: bytes

    @classmethod
    def of(cls, error: Any) -> "RpcRefusal":
        """The refusal that an answer's `error` member says."""
        fields = error if isinstance(error, dict) else {"message": str(error)}
        return cls(int(fields.get("code", 0)), str(fields.get("message", "")), _data(fields.get("data")))


class Refused(Exception):  # noqa: N818  turned into an error of the project's tree by the gateway
    """The node refused one request."""

    def __init__(self, refusal: RpcRefusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Rpc:
    """The connection to one node."""

    def __init__(self, url: str, timeout_s: float, token_file: Path | None = None) -> None:
        self.url = url
        session = requests.Session()
        # A node on this machine is never asked through a proxy that the system may have set.
        session.trust_env = urlsplit(url).hostname not in LOOPBACK
        session.auth = None if token_file is None else _Token(token_file)
        self._provider = HTTPProvider(url, {"timeout": timeout_s}, session, exception_retry_configuration=None)

    def request(self, method: str, *params: Any) -> Any:
        """The result of one request.

        Raises:
            Refused: the node answered with an error.
            RpcUnreachable: nobody answers, or what answers is no JSON-RPC.
        """
        answer = self._insist(lambda: self._provider.make_request(RPCEndpoint(method), list(params)))
        if not isinstance(answer, dict):
            raise self._no_rpc()
        if "error" in answer:
            raise Refused(RpcRefusal.of(answer["error"]))
        return answer.get("result")

    def batch(self, requests_: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """The results of many requests in their order; an `RpcRefusal` where the node refused one.

        Raises:
            RpcUnreachable: nobody answers, or what answers takes no batches.
        """
        results: list[Any] = []
        for start in range(0, len(requests_), BATCH):
            results += self._batch(requests_[start : start + BATCH])
        return results

    def _batch(self, requests_: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        asked = [(RPCEndpoint(method), list(params)) for method, params in requests_]
        answers = self._insist(lambda: self._provider.make_batch_request(asked))
        if not isinstance(answers, list) or len(answers) != len(asked):
            raise self._no_rpc()
        return [RpcRefusal.of(a["error"]) if "error" in a else a.get("result") for a in answers]

    def _insist(self, ask: Callable[[], Any]) -> Any:
        """What the node answers, asked again after a pause where the connection broke or the node is busy."""
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(FIRST_PAUSE_S * 2 ** (attempt - 1))
            try:
                return ask()
            except requests.exceptions.HTTPError as error:
                if error.response.status_code == UNAUTHORIZED:
                    raise RpcUnreachable(
                        f"the RPC {self.url} answers only to a valid token",
                        remedy="Have one written by `commonwatt network token`; COMMONWATT_RPC_TOKEN_FILE names it.",
                    ) from error
                if error.response.status_code < SERVER_ERROR and error.response.status_code != TOO_MANY_REQUESTS:
                    raise self._no_rpc() from error
                reason = f"HTTP {error.response.status_code}"
            except MALFORMED_URL as error:
                raise RpcUnreachable(
                    f"{self.url!r} is no address of an RPC", remedy="Write http://host:port."
                ) from error
            except requests.exceptions.RequestException as error:
                reason = type(error).__name__
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise self._no_rpc() from error
        raise RpcUnreachable(
            f"nobody answers at the chain's RPC {self.url} ({reason})",
            remedy="Start the embedded chain with `commonwatt chain start`, or give the right address with --rpc.",
        )

    def _no_rpc(self) -> RpcUnreachable:
        return RpcUnreachable(
            f"what answers at {self.url} is not a chain's JSON-RPC", remedy="Give the right address with --rpc."
        )


class _Token(AuthBase):
    """The token in a file, read anew for each request: it is renewed while we run."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {read_token(self._file)}"
        return request


def read_token(file: Path) -> str:
    """The token in a file.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the token file {file} cannot be read", which=str(file), remedy="Run `commonwatt network token`."
        ) from error


def _data(data: Any) -> bytes:
    """The bytes of an error's data, wherever a node puts them."""
    if isinstance(data, dict):
        return _data(data.get("data") or data.get("result"))
    text = str(data or "")
    at = text.find("0x")
    try:
        return bytes.fromhex(text[at + 2 :].split()[0]) if at >= 0 and len(text) > at + 2 else b""
    except ValueError:
        return b""
