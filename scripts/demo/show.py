"""The demo from start to end: chain, community, operators, then day after day."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import TextIO

import typer

from commons.actions import sessions
from commons.addresses import Address
from commons.errors import AuditMismatch, ChainError, InputError, RpcUnreachable, SettingsError
from commons.records import SessionState
from commons.settings import settings
from commons.slots import local_days
from commons.units import SessionId, show_eur
from commons.wallets import known_signer
from oracle.session.types import SessionView
from scripts.demo.bids import Bids
from scripts.demo.calendar import LIVE, MAIN_JOB, Pace, next_day, parameters_for
from scripts.demo.crew import Crew
from scripts.demo.drive import Drive
from scripts.demo.finished import FinishedDay, finish
from scripts.demo.fontana import Fontana, Homes
from scripts.demo.founding import found
from scripts.demo.guide import guide
from scripts.demo.rewarded import wait_for_rewards
from scripts.demo.screen import Screen
from scripts.demo.site import Site
from scripts.demo.story import tell
from scripts.demo.story_line import audit_line, day_line, weather_line
from scripts.embedded import STATE_SECONDS, EmbeddedChain

ENDED = (SessionState.CLOSED, SessionState.CANCELLED)


@dataclass
class Show:
    """The demo; `days` is how many to run, None for as many as come."""

    embedded: EmbeddedChain
    screen: Screen
    days: int | None
    without: Collection[str]
    as_json: bool
    site: Site

    def run(self) -> None:
        """Run the main job, then live days.

        Raises:
            CommonwattError: something is in the way; what is done stays done.
        """
        with alone() as note, self._chain_at_work(note):
            fontana = found(self.embedded.chain(), Homes.load(settings().data_dir), self.screen)
            self._greet(fontana)
            crew = Crew.of(self.embedded.url, fontana.contracts.community.address)
            crew.make_room(fontana, self.screen)
            crew.deliver_readings(fontana.homes, fontana.chain.now())
            with crew.at_work(), self._site_at_work():
                self.screen.done(f"{len(crew.operators)} oracle operators are at work, each with its own readings")
                self._main_job(fontana, crew)
                done = 1
                while self.days is None or done < self.days:
                    self._live_day(fontana, crew)
                    done += 1

    @contextmanager
    def _site_at_work(self) -> Iterator[None]:
        """The page, where a person may stay to look at it."""
        if self.days is not None:
            yield
            return
        with self.site.at_work(self.screen):
            yield

    @contextmanager
    def _chain_at_work(self, note: TextIO) -> Iterator[None]:
        """The embedded chain, stopped at the end of the block unless somebody else started it.

        `note` keeps which process a demo started, for the one that comes after a demo that was killed.
        """
        self.screen.doing("Starting the chain")
        running = self.embedded.pid()
        note.seek(0)
        is_somebody_elses = running is not None and note.read() != str(running)
        self.embedded.start()
        if not is_somebody_elses:
            note.truncate(0)
            note.write(str(self.embedded.pid()))
            note.flush()
        has = "has started" if running is None else "runs already"
        self.screen.done(f"The embedded chain {has} at {self.embedded.url}")
        try:
            yield
        except RpcUnreachable as error:
            if self.embedded.pid() is not None:
                raise
            raise ChainError(
                "the embedded chain has ended, though nobody here stopped it",
                remedy=f"Start again: its state is at most {STATE_SECONDS} s old, and the session goes on from there.",
            ) from error
        finally:
            if not is_somebody_elses:
                self.embedded.stop()

    def _greet(self, fontana: Fontana) -> None:
        count = fontana.reader.session_count()
        if count:
            self.screen.done(f"{fontana.reader.name} goes on after {count} session{'s' if count > 1 else ''}")

    # ---------------------------------------------------------------- days

    def _main_job(self, fontana: Fontana, crew: Crew) -> None:
        """A session that was left half-done, or else a new one, and its whole story."""
        while (finished := self._take(fontana, crew, MAIN_JOB)) is None:
            pass
        self._print_day(finished, in_full=True)
        if self.days is None:
            self.screen.show(guide(self.embedded.url, finished.day.session_id, finished.day.day, self.site.url))
            self.screen.show(
                "\nFurther days follow as live sessions of about three minutes each; a day that begins while another "
                "is being paid is left out. Ctrl-C ends it all, and the state is kept.\n"
            )

    def _live_day(self, fontana: Fontana, crew: Crew) -> None:
        self.site.look_after(self.screen)
        finished = self._take(fontana, crew, LIVE)
        if finished is not None:
            self._print_day(finished, in_full=False)

    def _take(self, fontana: Fontana, crew: Crew, pace: Pace) -> FinishedDay | None:
        """Take the oldest unfinished session, or a new one, to its end."""
        session_id = unfinished(fontana)
        if session_id is None:
            session_id = self._open(fontana, pace)
        else:
            self.screen.done(f"Session {session_id} goes on where it was left")
        bids = Bids(fontana, known_signer("issuer"))
        drive = Drive(fontana, self.embedded, crew, bids, self.screen, pace, session_id, self._aside(fontana))
        view = drive.run()
        self._tell_rewards(fontana, view, pace)
        self.embedded.copy_state()
        return self._finish(fontana, view)

    def _open(self, fontana: Fontana, pace: Pace) -> SessionId:
        reader, now = fontana.reader, fontana.chain.now()
        known = reader.all_parameters([SessionId(n) for n in range(1, reader.session_count() + 1)])
        day = next_day(now, pace, known)
        session_id = sessions.open_session(reader, known_signer("market-operator"), parameters_for(day, pace, now))
        self.screen.done(f"Session {session_id} is open: it trades the 24 hours of {day:%A %d %B %Y}")
        if not pace.jumps:
            self.screen.note(f"Sealed orders are taken for {pace.commit_s} s, then revealed within {pace.reveal_s} s")
        return session_id

    def _finish(self, fontana: Fontana, view: SessionView) -> FinishedDay | None:
        self.screen.doing("Checking the money and auditing the session")
        finished = finish(fontana, view)
        if finished is None:
            self.screen.note(f"Session {view.session_id} ended without a settlement; all its locks have ended")
            return None
        self.screen.done(f"The homes drew their earnings of {show_eur(finished.paid_out_ue)} to their own wallets")
        return finished

    def _tell_rewards(self, fontana: Fontana, view: SessionView, pace: Pace) -> None:
        self.screen.doing("The operators reward the day")
        jump_to = self.embedded.jump_to if pace.jumps else None
        for paid in wait_for_rewards(fontana.reader, local_days(view.grid.start, view.grid.end), jump_to):
            self.screen.done(paid.told())

    def _aside(self, fontana: Fontana) -> set[Address]:
        """The wallets of the homes whose bidder steps aside."""
        homes = {member.home.home_id: wallet for wallet, member in fontana.homes.members.items()}
        for name in self.without:
            if name not in homes:
                raise InputError(f"no home is named {name!r}", remedy=f"Homes are {', '.join(homes)}.")
        return {homes[name] for name in self.without}

    # ---------------------------------------------------------------- telling

    def _print_day(self, finished: FinishedDay, in_full: bool) -> None:
        if in_full:
            self.screen.show(tell(finished.day))
            weather = weather_line(finished)
            if weather:
                self.screen.show(weather)
            self.screen.done(audit_line(finished))
        else:
            self.screen.done(day_line(finished))
        for guest in finished.guests:
            self.screen.note(
                f"Guest {guest.trader} paid {show_eur(guest.debit)}, earned {show_eur(guest.credit)}, "
                f"was fined {show_eur(guest.penalty)}"
            )
        if self.as_json:
            typer.echo(json.dumps(finished.document()))
        if finished.audit.first_wrong is not None:
            raise AuditMismatch(
                f"the audit of session {finished.day.session_id} differs at {finished.audit.first_wrong.name}",
                which=finished.day.session_id,
                remedy=f"See `commonwatt audit session {finished.day.session_id}`.",
            )


def unfinished(fontana: Fontana) -> SessionId | None:
    """The oldest session that is neither closed nor cancelled."""
    numbers = [SessionId(number) for number in range(1, fontana.reader.session_count() + 1)]
    states = fontana.reader.states(numbers)
    return next((number for number, state in zip(numbers, states, strict=True) if state not in ENDED), None)


@contextmanager
def alone() -> Iterator[TextIO]:
    """Hold the installation for this process, by a file; the system lets go of it however the process ends.

    Raises:
        SettingsError: another demo runs on it.
    """
    settings().var_dir.mkdir(parents=True, exist_ok=True)
    with (settings().var_dir / "up.lock").open("a+") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError(
                "`commonwatt up` runs already on this installation",
                remedy="Use the one that runs, or end it with Ctrl-C first.",
            ) from error
        yield file
