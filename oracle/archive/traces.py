"""What an operator's logs and published files say of a person: lines taken out of those, a look into these."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LOGS = "*.log*"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that name a person, found whole and in whatever case."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> "Words":
        """The words; there is at least one."""
        either = "|".join(re.escape(word) for word in words)
        return cls(re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE))

    def are_in(self, text: str) -> bool:
        """Whether a text names the person."""
        return self.pattern.search(text) is not None

    def lines_without(self, content: bytes) -> tuple[bytes, int]:
        """The content less the lines that name the person, and how many those are."""
        lines = content.splitlines(keepends=True)
        kept = [line for line in lines if not self.are_in(_text(line))]
        return b"".join(kept), len(lines) - len(kept)


def clean_logs(folder: Path, words: Words) -> int:
    """Take every line that names the person out of the folder's logs; says how many.

    A log is written over where it lies: whoever writes to its end goes on doing so. Can be cut off and repeated: what
    is in the way is read again.
    """
    return sum(_clean(path, words) for path in sorted(folder.glob(LOGS)) if path.is_file())


def naming_files(folder: Path, words: Words) -> Iterator[Path]:
    """The files of a folder that name the person."""
    for path in sorted(folder.glob("*")):
        if path.is_file() and words.are_in(_text(path.read_bytes())):
            yield path


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _clean(path: Path, words: Words) -> int:
    with path.open("r+b") as file:
        content = file.read()
        kept, count = words.lines_without(content)
        if count:
            file.seek(0)
            file.write(kept + b"\n" * (len(content) - len(kept)))  # what is cut off below was overwritten first
            file.flush()
            file.truncate(len(kept))
    return count
