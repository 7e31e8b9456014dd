"""Files of a network's folder: what is to be written, with which permissions, all at once."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commons.errors import InputError

PUBLIC = 0o644
SECRET = 0o600
SCRIPT = 0o755


@dataclass(frozen=True)
class Content:
    """What a file holds, and who may read it."""

    text: bytes
    mode: int = PUBLIC

    def __repr__(self) -> str:
        return f"Content({len(self.text)} bytes, {self.mode:o})"


Files = Mapping[str, Content]
"""Path below the folder → content."""


def plain(text: str, mode: int = PUBLIC) -> Content:
    """A file of text."""
    return Content(text.encode(), mode)


def write_files(folder: Path, files: Files) -> None:
    """Write the files, each whole or not at all; one that holds a secret is nobody else's from its first byte."""
    for path, content in files.items():
        write_file(folder / path, content)


def write_file(file: Path, content: Content) -> None:
    """Write one file; errors as the system's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).chmod(content.mode)
        if file.exists() and (file.stat().st_uid, file.stat().st_gid) != (os.geteuid(), os.getegid()):
            os.chown(draft, file.stat().st_uid, file.stat().st_gid)  # Besu's user in a container rewrites its lists
        Path(draft).replace(file)
    finally:
        Path(draft).unlink(missing_ok=True)


def require_empty(folder: Path) -> None:
    """Refuse a folder that holds something.

    Raises:
        InputError: it does.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            f"the folder {folder} is not empty", which=str(folder), remedy="Name a new one: nothing is overwritten."
        )
