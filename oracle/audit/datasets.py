"""Fetching what an audit reads: the published datasets, each trusted by its CID alone.

A file that was altered is a finding of the audit. A file that is missing or cut short leaves the audit undone: it says
where to get the rest. Both break the file's CID; a chunk's length is in its manifest, and half a manifest is no JSON.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from commons.cid import Cid
from commons.errors import CidMismatch, DatasetMalformed, DatasetTruncated
from commons.store import Reader
from oracle.audit.types import Altered

Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class MeasuringReader:
    """A `Reader` that tells a file cut short from one altered; remembers the lengths that manifests state."""

    reader: Reader
    _lengths: dict[str, int] = field(default_factory=dict)

    def read(self, cid: Cid) -> bytes:
        """The content that `cid` names.

        Raises:
            DatasetMissing, DatasetTruncated: it is not there, or not whole.
            CidMismatch: it was altered.
        """
        try:
            content = self.reader.read(cid)
        except CidMismatch as error:
            if self._is_cut_short(cid, error.found):
                raise DatasetTruncated(
                    f"the published file {cid} is cut short: only {len(error.found)} bytes are left of it",
                    which=cid,
                    remedy="Fetch it again, or give the folder or URL of another operator with --data.",
                ) from error
            raise
        self._note_lengths(content)
        return content

    def _is_cut_short(self, cid: Cid, found: bytes) -> bool:
        if cid in self._lengths:
            return len(found) < self._lengths[cid]
        return _ends_early(found)

    def _note_lengths(self, content: bytes) -> None:
        if not content.startswith(b"{"):
            return
        try:
            tables = json.loads(content)["tables"].values()
            self._lengths.update({entry["cid"]: int(entry["bytes"]) for table in tables for entry in table})
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # no manifest; who parses it will say so


def _ends_early(found: bytes) -> bool:
    """Whether the text stops in the middle of its JSON."""
    text = found.decode("utf-8", "replace")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text) or error.msg.startswith("Unterminated")
    return False


def load(read: Callable[[Reader, str], Document], reader: Reader, cid: str) -> Document | Altered:
    """The document that `cid` names, or what is wrong with it.

    Raises:
        DatasetMissing, DatasetTruncated: the audit cannot be done without it.
    """
    try:
        return read(MeasuringReader(reader), cid)
    except (CidMismatch, DatasetMalformed) as error:
        return Altered(error.what)
