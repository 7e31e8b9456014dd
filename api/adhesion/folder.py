"""Where applicants' documents lie: one file each, 0600, in a folder of their own; never in the database or a log."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from commons.errors import NotFound

PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """The documents by their adhesion hash."""

    folder: Path

    def write(self, name: str, content: bytes) -> None:
        """Keep a document, whole or not at all."""
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")  # mkstemp makes it 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(self.folder / name)
        finally:
            Path(draft).unlink(missing_ok=True)

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
        """Erase a document; one that is not there is no error."""
        (self.folder / name).unlink(missing_ok=True)
