"""Deals, listings, purchases and loans as the contracts say now, with the texts that rode along with them.

Which there are, and in which transaction each began, is in the read model; what they have come to is asked of the
contracts, a page at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.read_model.events import Wanted, page_of_events
from api.read_model.model import ReadModel, require_community
from api.read_model.plain import plain
from commons.addresses import Address
from commons.chain import Chain
from commons.contracts import Contract
from commons.keccak import keccak256

LONGEST_TEXT = 2000
MOST_REMEMBERED = 10_000
_SELECTOR, _WORD = 4, 32


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: the event that begins one, the argument with its number, and the function that tells of it."""

    event: str
    number: str
    function: str
    has_text: bool


LISTING = Kind("Listed", "listingId", "listingOf", has_text=True)
DEAL = Kind("DealOpened", "dealId", "dealOf", has_text=False)
PURCHASE = Kind("PurchaseOpened", "purchaseId", "purchaseOf", has_text=True)
GOOD = Kind("GoodOffered", "goodId", "goodOf", has_text=True)
LOAN = Kind("LoanReserved", "loanId", "loanOf", has_text=False)


@dataclass(frozen=True)
class Exchange:
    """Reads what members offer, ask for, and have agreed on."""

    chain: Chain
    read: ReadModel
    _texts: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def page(
        self, community: Address, place: str, kind: Kind, wallet: str | None, before: int | None, limit: int
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """Things of a kind, newest first, with the numbers of the events that began them; of a wallet if given.

        Args:
            place: the contract's role: services, works, purchases or loans.

        Raises:
            UnknownCommunity: there is none.
        """
        wanted = Wanted(community=community, names=[kind.event], contracts=[place], subject=wallet)
        with self.read.rows() as rows:
            require_community(rows, community)
            events = page_of_events(rows, wanted, before, limit)
        if not events:
            return []
        contract: Contract = getattr(self.read.contracts_of(community), place)
        numbers = [int(str(event.args[kind.number])) for event in events]
        found = [plain(one) for one in self.chain.calls([contract.call(kind.function, number) for number in numbers])]
        things: list[tuple[int, Mapping[str, Any]]] = []
        for event, number, fields in zip(events, numbers, map(_flat, found), strict=True):
            text = self._text(event.tx_hash, fields["content_hash"]) if kind.has_text else None
            things.append((event.id, {**fields, "number": number, "place": place, "text": text, "opened": event}))
        return things

    def _text(self, tx_hash: str, content_hash: str) -> str | None:
        """The text of a hash, out of the transaction that named it; it never changes, so it is asked for once."""
        key = (tx_hash, content_hash)
        if key not in self._texts:
            transaction = self.chain.request("eth_getTransactionByHash", tx_hash)
            data = b"" if transaction is None else bytes.fromhex(transaction["input"][2:])
            if len(self._texts) >= MOST_REMEMBERED:
                self._texts.clear()
            self._texts[key] = text_behind(data, bytes.fromhex(content_hash[2:]))
        return self._texts[key]


def text_behind(data: bytes, digest: bytes) -> str | None:
    """The text of a hash that rides behind a call's arguments, which are whole words; None where there is none."""
    for at in range(_SELECTOR + _WORD, len(data), _WORD):
        rest = data[at:]
        if len(rest) <= LONGEST_TEXT and keccak256(rest) == digest:
            return rest.decode(errors="replace")
    return None


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its terms beside its other fields."""
    terms = fields.get("terms", {})
    return {**terms, **{name: value for name, value in fields.items() if name != "terms"}}
