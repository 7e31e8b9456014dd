"""A chain written to through a relay: read at an RPC, signed here, and only forwarded by whoever runs the relay.

For whoever may not send to a node: members' RPCs can be closed to strangers, while a relay is open to all. What it
takes and answers is in docs/relay.md.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

from commons.chain.gateway import Chain
from commons.chain.rpc import LOOPBACK
from commons.chain.types import SignedTransaction
from commons.errors import InputError, RelayUnreachable, TransactionFailed
from commons.settings import settings

FORWARDED = (200, 201, 202)
LONGEST_DETAIL = 300


class RelayedChain(Chain):
    """A chain whose transactions go through the relay at `url`.

    Raises:
        InputError: that is no address of one.
    """

    def __init__(self, chain: Chain, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                f"{url!r} is no address of a relay", which=url, remedy="Write https://host/v1/relay, the whole of it."
            )
        super().__init__(chain._rpc, chain.chain_id)
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = parts.hostname not in LOOPBACK

    def broadcast(self, signed: SignedTransaction) -> str:
        """Hand a signed transaction to the relay and give its hash; harmless when done before.

        Raises:
            RelayUnreachable: nobody answers there, or what answers is no relay.
            TransactionFailed: the relay refuses it.
        """
        answer = self._post(signed)
        if answer.status_code not in FORWARDED:
            raise TransactionFailed(
                f"the relay {self.url} does not forward {signed.name or 'the transaction'} of {signed.sender}: "
                f"{_detail(answer)}",
                which=signed.hash,
                remedy="Ask whoever runs it, give another --relay, or send through an RPC, without one.",
            )
        if _member(answer, "hash") != signed.hash:
            raise RelayUnreachable(
                f"what answers at {self.url} does not say that it forwarded transaction {signed.hash}",
                which=self.url,
                remedy="Give the address of a relay with --relay, such as https://host/v1/relay.",
            )
        return signed.hash

    def broadcast_all(self, signed: Sequence[SignedTransaction]) -> None:
        """Hand many over, one after the other; errors as `broadcast`."""
        for one in signed:
            self.broadcast(one)

    def _post(self, signed: SignedTransaction) -> requests.Response:
        body = {"raw": "0x" + signed.raw.hex()}
        try:
            return self._session.post(self.url, json=body, timeout=settings().rpc_timeout_s, allow_redirects=False)
        except requests.exceptions.RequestException as error:
            raise RelayUnreachable(
                f"nobody answers at the relay {self.url} ({type(error).__name__})",
                which=self.url,
                remedy="Give another --relay, or send through an RPC, without one.",
            ) from error


def _detail(answer: requests.Response) -> str:
    """Why a relay refuses: what its problem details say, or else the status."""
    detail = _member(answer, "detail") or _member(answer, "title")
    return f"HTTP {answer.status_code}" + (f", {detail}"[:LONGEST_DETAIL] if isinstance(detail, str) else "")


def _member(answer: requests.Response, name: str) -> Any:
    try:
        document = answer.json()
    except requests.exceptions.JSONDecodeError:
        return None
    return document.get(name) if isinstance(document, dict) else None
