"""Where applicants' documents lie: one file each, 0600, in a folder of their own; never in the database or a log."""

import os
from dataclasses import dataclass
from pathlib import Path

from commons.errors import NotFound

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """The documents by their adhesion hash."""

    folder: Path

    def write(self, name: str, content: bytes) -> None:
        """Keep a document, whole or not at all."""
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        draft = self._draft(name)
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.folder / name)
        finally:
            draft.unlink(missing_ok=True)

    def read(self, name: str) -> bytes:
        """A document.

        Raises:
            NotFound: it is not there any more.
        """
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise NotFound(
                "the document is not kept here any more", which=name, remedy="Ask the applicant for their copy."
            ) from error

    def delete(self, name: str) -> None:
        """Erase a document, and what somebody killed while writing it left; one that is not there is no error."""
        self._draft(name).unlink(missing_ok=True)
        (self.folder / name).unlink(missing_ok=True)

    def _draft(self, name: str) -> Path:
        return self.folder / f".draft-{name}"
