"""The oracle operators of the demo: processes of their own, each with its folder, database and copy of the readings.

They run `commonwatt oracle run`, tethered to this process: when it ends, even killed, they end. One that ended by
itself is started again; whatever it was doing, its journal knows.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import numpy as np

from commons.addresses import Address
from commons.errors import CommonwattError, SettingsError
from commons.units import EpochSeconds
from oracle.journal import Journal
from oracle.lock import folder_lock
from oracle.measurement.replay import SLOT_SECONDS, standard_day, standard_day_start
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Quality
from oracle.operator import operator_database
from oracle.session.types import MarketId
from scripts.demo.fontana import OPERATORS, Fontana, Homes, operator_folder
from scripts.demo.screen import Screen
from scripts.demo.tethering import Tethered

PAST_DAYS = 60
"""How much of the past an operator's copy of the readings begins with."""
GRACE_S = 600
"""After delivery, the chain's time in which an operator waits for readings of members that have no meter here."""
FREEZE_S = GRACE_S
"""After its end, the chain's time at which a day's readings freeze."""
LOCK_S = 120


class Operator:
    """One operator: its folder, and its process while it runs."""

    def __init__(self, name: str, command: tuple[str, ...]) -> None:
        self.name = name
        self.process = Tethered(command, self.folder / "operator.log")

    @property
    def folder(self) -> Path:
        """Journal, readings, lock and log."""
        return operator_folder(self.name)

    @property
    def log_file(self) -> Path:
        """What the process says."""
        return self.process.log_file

    def start(self) -> None:
        """Start the process, once the folder is free of the one before it."""
        self._wait_for_folder()
        self.process.start()

    def _wait_for_folder(self) -> None:
        """An operator of a demo that was killed ends a moment after it."""
        until = time.monotonic() + LOCK_S
        while True:
            try:
                with folder_lock(self.folder):
                    return
            except SettingsError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


@dataclass(frozen=True)
class Crew:
    """All operators of the demo."""

    operators: tuple[Operator, ...]

    @classmethod
    def of(cls, rpc_url: str, community: Address) -> "Crew":
        """The operators of the community on the chain at `rpc_url`."""
        return cls(tuple(Operator(name, _command(name, rpc_url, community)) for name in OPERATORS))

    def make_room(self, fontana: Fontana, screen: Screen) -> None:
        """Set folders aside that belong to operators of an earlier community, on contracts that are no longer used."""
        market = MarketId(fontana.chain.chain_id, fontana.contracts.marketplace.address)
        for operator, signer in zip(self.operators, fontana.operators, strict=True):
            try:
                Journal(operator_database(operator.folder), signer.address, market)
            except SettingsError:
                aside = next(folder for n in count(1) if not (folder := operator.folder.with_suffix(f".{n}")).exists())
                operator.folder.rename(aside)
                screen.note(f"{operator.name}'s folder of an earlier community is now {aside}")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Start them, and stop them at the end of the block."""
        try:
            for operator in self.operators:
                operator.start()
            yield
        finally:
            for operator in self.operators:
                operator.process.stop()
            for operator in self.operators:
                operator.process.wait()

    def look_after(self, screen: Screen) -> None:
        """Start again whoever has ended."""
        for operator in self.operators:
            if operator.process.may_start_again:
                screen.note(f"{operator.name} had ended and is started again; its log is {operator.log_file}")
                operator.start()

    def deliver_readings(self, homes: Homes, until: EpochSeconds) -> int:
        """Let every operator's meters report what they measured before `until`; the number of new readings."""
        return sum(deliver(operator.folder, homes, until) for operator in self.operators)


def _command(name: str, rpc_url: str, community: Address) -> tuple[str, ...]:
    patience = ("--grace", str(GRACE_S), "--freeze", str(FREEZE_S))
    return ("oracle", "run", name, "--rpc", rpc_url, "--community", community, *patience)


def deliver(folder: Path, homes: Homes, until: EpochSeconds) -> int:
    """Write the readings before `until`, whole hours, that an operator does not have yet into its database."""
    until = EpochSeconds(until - until % SLOT_SECONDS)
    engine = operator_database(folder)
    store = ReadingStore(engine)
    try:
        store.add_points(homes.points)
        since = _first_missing(store, homes, until)
        if since >= until:
            return 0
        point_ids = [point.point_id for point in homes.points]
        return store.insert(homes.source.readings(point_ids, since, until, SLOT_SECONDS).batch())
    finally:
        store.close()


def _first_missing(store: ReadingStore, homes: Homes, until: EpochSeconds) -> int:
    """Where an operator's readings end, at most `PAST_DAYS` days back."""
    begin = standard_day_start(standard_day(until) - timedelta(days=PAST_DAYS))
    quality = store.readings([homes.points[0].point_id], begin, until, SLOT_SECONDS).quality[0]
    missing = np.flatnonzero(quality == Quality.MISSING)
    return begin + int(missing[0]) * SLOT_SECONDS if len(missing) else until


def stuck(operators: Iterable[Operator], what: str) -> CommonwattError:
    """Why the demo cannot go on, and where to look."""
    logs = ", ".join(str(operator.log_file) for operator in operators)
    return CommonwattError(
        f"the operators do not get on with {what}",
        remedy=f"Read their logs ({logs}), then start again: the session goes on where it stands.",
    )
