"""`commonwatt watch`: a watchtower that anybody runs; it recomputes every outcome and refutes the wrong ones by itself.

Needs an RPC and, to act, a key whose account holds a little settlement euro for demands; with `--look-only` it tells
and sends nothing, with `--relay` it sends what it signs through an API's relay. Effect: commits to proofs, proves,
demands trees that are kept back, says so when nobody answers, and collects the bounties and bonds that it earned. None
of that can be undone; it costs nothing where the outcome is wrong. Ctrl-C stops it: it keeps nothing of its own.
Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import json
import time
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

import typer

from commons.chain import RelayedChain
from commons.contracts import CommunityReader
from commons.errors import ChainError
from oracle.watchtower import Sighting, Watchtower
from scripts.surroundings import (
    As,
    CommunityAt,
    DataAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    open_community,
    published_at,
)

POLL_S = 1.0
LONGEST_POLL_S = 15.0
"""While nobody answers: a challenge window may be a minute long, and what is left of it is needed for two steps."""
WRONG = 1

RelayAt = Annotated[
    str | None,
    typer.Option("--relay", metavar="URL", help="Send signed transactions there, such as https://host/v1/relay."),
]


def run(
    once: Annotated[bool, typer.Option("--once", help="Look once, then exit: 1 if an outcome is wrong.")] = False,
    look_only: Annotated[bool, typer.Option("--look-only", help="Tell what is wrong and send nothing.")] = False,
    data: DataAt = None,
    relay: RelayAt = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Recompute every outcome within its window; refute by itself what is wrong, demand what is kept back."""
    reader = through(open_community(network, rpc, community), relay)
    signer = None if look_only else SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    datasets = published_at(data)
    watch = Watch(Watchtower(reader, datasets, signer), as_json)
    try:
        if once:
            is_right = watch.look()
            watch.say_if_idle()
            raise typer.Exit(0 if is_right else WRONG)
        watch.forever()
    except KeyboardInterrupt:
        typer.echo("commonwatt watch: stopped", err=True)


def through(reader: CommunityReader, relay: str | None) -> CommunityReader:
    """The community, written to through a relay where one is given."""
    return reader if relay is None else replace(reader, chain=RelayedChain(reader.chain, relay))


@dataclass
class Watch:
    """A watchtower at work, and what it has told."""

    tower: Watchtower
    as_json: bool
    _told: dict[bytes, Sighting] = field(default_factory=dict)
    _complaint: str = ""

    def look(self) -> bool:
        """One look, what follows from it, and what is new told; whether all is right.

        Raises:
            ChainError: the chain does not answer, or refuses because somebody else was faster.
        """
        sightings = self.tower.look()
        tell([sighting for sighting in sightings if self._is_new(sighting)], self.as_json)
        self._told |= {sighting.answer: sighting for sighting in sightings}
        self._tell_fates({sighting.answer for sighting in sightings})
        for step in self.tower.collect():
            typer.echo(json.dumps({"done": [step]}, ensure_ascii=False) if self.as_json else f"→ {step}")
        return all(sighting.is_right for sighting in sightings)

    def _is_new(self, sighting: Sighting) -> bool:
        """Whether it says something that was not told before: only that nothing more was done is no news."""
        before = self._told.get(sighting.answer)
        is_news = bool(sighting.done or sighting.trouble or sighting.waits)
        return before is None or (before != sighting and (is_news or before.words != sighting.words))

    def _tell_fates(self, open_now: set[bytes]) -> None:
        """Say what became of outcomes that were told to be wrong, once they can be challenged no more."""
        gone = [seen for seen in self._told.values() if not seen.is_right and seen.answer not in open_now]
        for seen in gone:
            fate = self.tower.fate(seen)
            if fate is None:
                continue
            del self._told[seen.answer]
            typer.echo(
                json.dumps({"session_id": seen.session_id, "fate": fate}, ensure_ascii=False)
                if self.as_json
                else f"· session {seen.session_id}: {fate}"
            )

    def say_if_idle(self) -> None:
        """Say, to people, that there was nothing to be looked at."""
        if not self._told and not self.as_json:
            typer.echo("No outcome can be challenged now.")

    def forever(self) -> None:
        """Look until stopped; where the chain or the relay does not answer, ever more seldom, and say so once."""
        pause = POLL_S
        while True:
            try:
                self.look()
                pause, self._complaint = POLL_S, ""
            except ChainError as error:
                self._complain(str(error))
                pause = min(2 * pause, LONGEST_POLL_S)
            time.sleep(pause)

    def _complain(self, what: str) -> None:
        if what != self._complaint:
            typer.echo(f"commonwatt watch: {what}", err=True)
        self._complaint = what


def tell(sightings: list[Sighting], as_json: bool) -> None:
    """Print what is new."""
    for sighting in sightings:
        if as_json:
            typer.echo(json.dumps(as_document(sighting), ensure_ascii=False))
            continue
        mark = "✓" if sighting.is_right else "✗"
        typer.echo(f"{mark} session {sighting.session_id}: {sighting.words}")
        for note in notes(sighting):
            typer.echo(f"  {note}")


def notes(sighting: Sighting) -> list[str]:
    """What was done, why not more, and what is waited for: a line each."""
    found = [f"→ {step}" for step in sighting.done]
    found += [f"! {sighting.trouble}"] if sighting.trouble else []
    return found + ([f"… {sighting.waits}"] if sighting.waits else [])


def as_document(sighting: Sighting) -> dict[str, Any]:
    """A sighting as JSON has it."""
    return {
        "session_id": sighting.session_id,
        "right": sighting.is_right,
        "words": sighting.words,
        "done": list(sighting.done),
        "trouble": sighting.trouble or None,
        "waits": sighting.waits or None,
    }
