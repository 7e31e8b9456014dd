"""Where published files lie: a folder or a base URL in which every file is named by its CID.

Nothing read is trusted: what does not have the CID it is named by is refused, naming the file and what to do. Writing
is atomic, so that a killed process leaves no half file under a final name. An IPFS gateway's `…/ipfs` is such a URL.
"""

import os
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Protocol

from commons.cid import Cid, cid_of, verify
from commons.errors import DatasetMissing, DatasetTruncated, InputError
from commons.publication import CHUNK_BYTES, MOST_BYTES, Dataset, Published, join, split


class Reader(Protocol):
    """Anything that finds the content of a CID and has verified it."""

    def read(self, cid: Cid) -> bytes:
        """The content that `cid` names; a `DataError` where it is missing or not what it should be."""
        ...


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A content-addressed folder: `<folder>/<cid>`."""

    folder: Path

    def read(self, cid: Cid) -> bytes:
        """The content of the file named `cid`.

        Raises:
            DatasetMissing: no such file, or it cannot be read.
            DatasetTruncated: the file is empty.
            CidMismatch: the file is not what its name promises.
        """
        path = self.folder / cid
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DatasetMissing(
                f"published file {path} cannot be read ({error.strerror})",
                which=cid,
                remedy="Give the folder or URL where an operator publishes its datasets, or copy the file from there.",
            ) from error
        return _whole(cid, content, f"published file {path}")

    def write(self, content: bytes) -> Cid:
        """Keep `content` under its CID; a file that is there already and whole is left alone."""
        cid = cid_of(content)
        path = self.folder / cid
        if path.exists() and cid_of(path.read_bytes()) == cid:
            return cid
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
        return cid

    def publish(self, published: Published) -> Cid:
        """Keep all files of a dataset, its manifest last, and give the manifest's CID."""
        for cid, content in published.files.items():
            if cid != published.cid:
                self.write(content)
        return self.write(published.files[published.cid])


@dataclass(frozen=True, slots=True)
class UrlReader:
    """A base URL under which files are served by their CID: `<base>/<cid>`.

    A file must be there whole within `timeout_s`: who serves it a byte at a time keeps it back.
    """

    base: str
    timeout_s: float = 30

    def __post_init__(self) -> None:
        if not self.base.startswith(("http://", "https://")):
            raise InputError(f"{self.base!r} is not an http(s) address", remedy="Give a URL, or a folder.")

    def read(self, cid: Cid) -> bytes:
        """The content served for `cid`.

        Raises:
            DatasetMissing: the server does not answer, has no such file, or does not end in time.
            DatasetTruncated: what came is empty.
            CidMismatch: what came is not what its name promises.
        """
        url = f"{self.base.rstrip('/')}/{cid}"
        try:
            with urllib.request.urlopen(url, timeout=self.timeout_s) as answer:  # noqa: S310  scheme checked above
                content = _read_within(answer, time.monotonic() + self.timeout_s)
        except (OSError, urllib.error.URLError) as error:
            raise DatasetMissing(
                f"published file {url} cannot be fetched ({getattr(error, 'reason', error)})",
                which=cid,
                remedy="Check the address, or give the folder or URL of another operator.",
            ) from error
        return _whole(cid, content, url)


def _read_within(answer: HTTPResponse, deadline: float) -> bytes:
    """What is served, up to one byte more than a file may have.

    Raises:
        TimeoutError: it has not ended by the deadline.
    """
    content = bytearray()
    while len(content) <= CHUNK_BYTES:
        part = answer.read1(CHUNK_BYTES + 1 - len(content))
        if not part:
            break
        content += part
        if time.monotonic() > deadline:
            raise TimeoutError("it takes too long")
    return bytes(content)


def reader_at(place: str) -> Reader:
    """The reader for `place`: a base URL, or else a folder."""
    return UrlReader(place) if place.startswith(("http://", "https://")) else FolderStore(Path(place))


def publish(store: FolderStore, dataset: Dataset) -> Cid:
    """Split a dataset, keep its files, and give the CID of its manifest."""
    return store.publish(split(dataset))


def fetch(reader: Reader, cid: Cid, kind: str | None = None, most_bytes: int = MOST_BYTES) -> Dataset:
    """The dataset whose manifest is `cid`, every file of it verified against its name; errors as `join`."""
    return join(cid, reader.read, kind, most_bytes)


def _whole(cid: Cid, content: bytes, where: str) -> bytes:
    if not content:
        raise DatasetTruncated(f"{where} is empty", which=cid, remedy="Fetch it again from another operator.")
    return verify(cid, content, where)
