"""Processes that die at chosen instructions: before and after everything that leaves a trace outside of memory.

Dying is a `BaseException`, which nothing in the project catches, just as nothing catches a kill.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oracle.pipeline import Pipeline
from tests.support.market import OperatorDesk


class Killed(BaseException):
    """The process is gone."""


class Trap:
    """Kills a process at every instruction it has not been killed at before, one after the other."""

    def __init__(self, only: str = "") -> None:
        """A trap at all moments, or at those alone whose name begins so."""
        self.sprung: list[str] = []
        self._only = only

    def at(self, moment: str) -> None:
        """Pass, or die if nobody died here before."""
        if moment not in self.sprung and moment.startswith(self._only):
            self.sprung.append(moment)
            raise Killed(moment)

    def around(self, act: Callable[..., Any], label: Callable[..., str]) -> Callable[..., Any]:
        """`act`, with a death before and one after it."""

        def trapped(*arguments: Any, **named: Any) -> Any:
            moment = label(*arguments)
            self.at(f"before {moment}")
            result = act(*arguments, **named)
            self.at(f"after {moment}")
            return result

        return trapped


class Trapped:
    """An object of which some methods are replaced."""

    def __init__(self, inner: Any, **methods: Callable[..., Any]) -> None:
        self._inner = inner
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._inner, name)


def trapped(pipeline: Pipeline, trap: Trap) -> Pipeline:
    """The pipeline, dying at everything that it writes, publishes, sends, or learns from the chain."""
    names: dict[str, str] = {}

    def named(signed: Any) -> str:
        names[signed.hash] = signed.name
        return f"broadcast {signed.name}"

    outbox, voter, days = pipeline.outbox, pipeline.voter, pipeline.days
    chain = Trapped(
        outbox.chain,
        broadcast=trap.around(outbox.chain.broadcast, named),
        wait=trap.around(outbox.chain.wait, lambda tx_hash: f"receipt of {names[tx_hash]}"),
    )
    journal = Trapped(
        outbox.journal,
        record=trap.around(outbox.journal.record, lambda purpose, _: f"record {purpose}"),
        close=trap.around(outbox.journal.close, lambda tx_hash, *_: f"close {names.get(tx_hash, 'what was left')}"),
    )
    store = Trapped(
        voter.published, publish=trap.around(voter.published.publish, lambda published: f"publish {published.cid}")
    )
    archive = Trapped(
        days.notariser.archive,
        freeze=trap.around(days.notariser.archive.freeze, lambda frozen, *_: f"freeze {frozen.dataset.day}"),
    )
    dying: Any = {"chain": chain, "journal": journal}
    publishing: Any = {"published": store}
    freezing: Any = {"published": store, "archive": archive}
    sending = replace(outbox, **dying)
    dying_days = replace(days, outbox=sending, notariser=replace(days.notariser, **freezing))
    rewards = pipeline.rewards
    dying_rewards = replace(rewards, outbox=sending, rewarder=replace(rewards.rewarder, **publishing))
    return replace(
        pipeline,
        outbox=sending,
        voter=replace(voter, **publishing),
        days=dying_days,
        rewards=dying_rewards,
        incentives=replace(pipeline.incentives, outbox=sending, **publishing),
    )


def die_and_resume(operator: OperatorDesk, trap: Trap) -> None:
    """Passes in new processes, each dying where none died before, until one lives to its end."""
    while True:
        try:
            report = trapped(operator.pipeline, trap).step()
        except Killed:
            continue
        assert not report.has_failed, report
        return
