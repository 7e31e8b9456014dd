"""Whose turn it is to do what needs to be done only once, so that operators do not all send the same.

Operator number i of n comes `(session + i) mod n`-th; each turn begins some blocks after the one before, counted from
the block in which this process first saw the thing to be done. Whoever is late finds it done.
"""

from dataclasses import dataclass, field

from commons.addresses import Address
from oracle.duty import Duty, Execute, Release
from oracle.session.types import Operators


@dataclass
class Turns:
    """When this operator's turn begins; remembers what it saw first in which block."""

    operator: Address
    stagger_blocks: int
    _seen: dict[tuple[int, object], int] = field(default_factory=dict)

    @property
    def is_patient(self) -> bool:
        """Whether it waits for anything at all; not so where a person asked for this very pass."""
        return self.stagger_blocks > 0

    def blocks_left(self, session_id: int, operators: Operators, what: object, block: int) -> int:
        """How many blocks are to pass before this operator may do `what`; 0 when it may."""
        first_seen = self._seen.setdefault((session_id, what), block)
        count = len(operators.operators)
        number = operators.number_of(self.operator)
        turn = count if number is None else (session_id + number) % count
        return max(0, first_seen + turn * self.stagger_blocks - block)

    def forget(self, session_id: int) -> None:
        """Let go of a session that is over."""
        self._seen = {key: block for key, block in self._seen.items() if key[0] != session_id}


def progress(duty: Duty) -> object:
    """What names a duty and its progress: whenever somebody gets on with it, turns begin anew."""
    match duty:
        case Execute(traders):
            return ("execute", len(traders))
        case Release(traders, reason):
            return ("release", reason, len(traders))
    return type(duty).__name__
