"""`oracle run`: passes, one for each new block, until told to stop; patient with a chain that cannot be reached.

Everything is decided by blocks. The only clock here is the pause between two looks at the chain.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event as Flag

from commons.errors import ChainError, RpcUnreachable
from oracle.pipeline import Pipeline
from oracle.report import Key, PassReport, Report

POLL_S = 1.0
LONGEST_PAUSE_S = 15.0

Say = Callable[[str], None]


@dataclass
class Service:
    """An operator's loop; `stop` ends it after the pass that is running."""

    pipeline: Pipeline
    say: Say
    on_pass: Callable[[PassReport], None] = lambda report: None
    poll_s: float = POLL_S
    stop: Flag = field(default_factory=Flag)

    def run(self) -> None:
        """Work until `stop` is set."""
        pause, looked_at = self.poll_s, None
        while not self.stop.is_set():
            try:
                latest = self.pipeline.chain.block()
                if looked_at != latest:
                    self.on_pass(self.pipeline.step())
                    looked_at = latest
                if pause > self.poll_s:
                    self.say("the chain answers again")
                pause = self.poll_s
            except RpcUnreachable as error:
                self._wait_for_chain(error, pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            except ChainError as error:
                self.say(f"{error.message} The pass is repeated.")
            self.stop.wait(pause)

    def _wait_for_chain(self, error: ChainError, pause: float) -> None:
        if pause == self.poll_s:
            self.say(f"{error.message} Waiting for it; nothing is lost.")


def changed(before: dict[Key, Report], report: PassReport) -> list[Report]:
    """What is new since `before`, which is brought up to date; findings told before are left out."""
    news: list[Report] = []
    for one in report.all:
        known = before.get(one.key)
        if one.done or known != one:
            told = known.findings if known else ()
            news.append(replace(one, findings=tuple(text for text in one.findings if text not in told)))
        before[one.key] = one
    return news
