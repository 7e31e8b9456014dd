"""What a settlement's readings rest on: each local day of the delivery in a version that the chain has notarised."""

from datetime import date

from commons.slots import day_number, local_days, numbered_day
from oracle.audit.settlement import settled
from oracle.audit.types import Differs, Evidence


def notarised(evidence: Evidence) -> str:
    """The settlement names every local day of its delivery once, in order, in a version that is final; none before."""
    versions = settled(evidence).versions
    days = local_days(evidence.view.grid.start, evidence.view.grid.end)
    if not versions:
        return _none_named(days[-1], evidence.evidence_from)
    named = [numbered_day(version.day) for version in versions]
    if named != list(days):
        raise Differs(f"it names the readings of {_listed(named)}, and the delivery is on {_listed(list(days))}")
    told = []
    for version, found in zip(versions, evidence.datasets, strict=True):
        day = numbered_day(version.day)
        if found is None:
            raise Differs(f"version {version.version} of the readings of {day} is not notarised")
        told.append(f"{day}, version {version.version}: root 0x{found.hex()}")
    return "; ".join(told)


def _none_named(last: date, evidence_from: int) -> str:
    if day_number(last) >= evidence_from:
        since = numbered_day(evidence_from)
        raise Differs(f"it names no readings, and since {since} settlements must name notarised ones")
    return "none are named; the community did not require it for this day"


def _listed(days: list[date]) -> str:
    return ", ".join(day.isoformat() for day in days)
