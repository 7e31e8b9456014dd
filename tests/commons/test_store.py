"""A content-addressed folder or URL gives back what was published, or says which file is wrong and what to do."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from commons import store as stores
from commons.cid import Cid, cid_of
from commons.errors import CidMismatch, DatasetMissing, DatasetTruncated, InputError
from commons.publication import CHUNK_BYTES, Dataset
from commons.store import FolderStore, Reader, UrlReader, fetch, publish, reader_at

DATASET = Dataset("outcome", {"session": 7}, {"fills": [[n, 10 * n] for n in range(5)]})


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "published")


@pytest.fixture
def manifest(store: FolderStore) -> Cid:
    return publish(store, DATASET)


@pytest.fixture
def url(store: FolderStore) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(store.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "url"])
def reader(request: pytest.FixtureRequest, store: FolderStore, manifest: Cid, url: str) -> Reader:
    assert manifest
    return reader_at(str(store.folder) if request.param == "folder" else url)


def chunk(store: FolderStore, manifest: Cid) -> Path:
    return next(path for path in store.folder.iterdir() if path.name != manifest)


def test_fetch__file_missing__names_it_and_the_remedy(reader: Reader, store: FolderStore, manifest: Cid) -> None:
    gone = chunk(store, manifest)
    gone.unlink()
    with pytest.raises(DatasetMissing, match=rf"{gone.name} cannot be .*(operator|copy)"):
        fetch(reader, manifest)


def test_fetch__file_truncated__names_it(reader: Reader, store: FolderStore, manifest: Cid) -> None:
    path = chunk(store, manifest)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CidMismatch, match=rf"{path.name} was altered or cut short"):
        fetch(reader, manifest)


def test_fetch__file_emptied__is_called_empty(reader: Reader, store: FolderStore, manifest: Cid) -> None:
    chunk(store, manifest).write_bytes(b"")
    with pytest.raises(DatasetTruncated, match="is empty"):
        fetch(reader, manifest)


def test_fetch__one_figure_altered__names_the_file(reader: Reader, store: FolderStore, manifest: Cid) -> None:
    path = chunk(store, manifest)
    path.write_bytes(path.read_bytes().replace(b'"40"', b'"41"'))
    with pytest.raises(CidMismatch, match=path.name):
        fetch(reader, manifest)


def test_fetch__endless_answer__is_cut_and_refused(reader: Reader, store: FolderStore, manifest: Cid) -> None:
    chunk(store, manifest).write_bytes(b"x" * (CHUNK_BYTES + 2))
    with pytest.raises(CidMismatch):
        fetch(reader, manifest)


class Dripping(Quiet):
    """Sends a file's length, and then a byte of it now and again, for as long as somebody listens."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(CHUNK_BYTES))
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.02)


def test_url_reader__file_that_never_ends__is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes with each byte; the connection itself is never idle for long."""
    monkeypatch.setattr(stores, "time", SimpleNamespace(monotonic=itertools.count(0, 60).__next__))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    reader = UrlReader(f"http://127.0.0.1:{server.server_address[1]}", timeout_s=120)
    with pytest.raises(DatasetMissing, match="takes too long"):
        reader.read(cid_of(b"x"))
    server.shutdown()
    server.server_close()


def test_url_reader__nobody_answers__says_so() -> None:
    with pytest.raises(DatasetMissing, match="cannot be fetched"):
        UrlReader("http://127.0.0.1:9", timeout_s=2).read(cid_of(b"x"))


def test_url_reader__other_scheme__is_refused() -> None:
    with pytest.raises(InputError, match="http"):
        UrlReader("file:///etc/passwd")


def test_fetch__whole_dataset__comes_back(reader: Reader, manifest: Cid) -> None:
    assert fetch(reader, manifest, kind="outcome").tables["fills"][4] == ["4", "40"]


def test_write__file_broken_before__is_repaired(store: FolderStore, manifest: Cid) -> None:
    (store.folder / manifest).write_bytes(b"half")
    assert publish(store, DATASET) == manifest
    assert fetch(store, manifest).kind == "outcome"


def test_write__twice__leaves_only_whole_files(store: FolderStore, manifest: Cid) -> None:
    assert publish(store, DATASET) == manifest
    assert {cid_of(path.read_bytes()) for path in store.folder.iterdir()} == {p.name for p in store.folder.iterdir()}
