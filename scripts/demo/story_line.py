"""A finished day in one line, and why it may have been a bad one."""

from commons.units import show_eur_kwh, show_kwh
from scripts.demo.finished import FinishedDay
from scripts.demo.story import euro

GOOD_SHARE = 2


def day_line(finished: FinishedDay) -> str:
    """The day in one line."""
    day = finished.day
    when = f"Session {day.session_id}, {day.day:%a %d %b}"
    if not finished.prices_uekwh:
        return f"{when}: nothing traded. {audit_line(finished)}"
    prices = f"{show_eur_kwh(min(finished.prices_uekwh))} to {show_eur_kwh(max(finished.prices_uekwh))}"
    gain = finished.gain_ue
    how = f"{euro(abs(gain))} € {'better' if gain >= 0 else 'worse'} off than with the grid alone"
    return f"{when}: {show_kwh(finished.delivered_wh)} at {prices}; the homes are {how}. {audit_line(finished)}"


def audit_line(finished: FinishedDay) -> str:
    """The verdict of the audit."""
    wrong = finished.audit.first_wrong
    if wrong is not None:
        return f"Audit: differs at {wrong.name}: {wrong.detail}"
    return f"Audit: all {len(finished.audit.steps)} steps agree."


def weather_line(finished: FinishedDay) -> str | None:
    """Why the day was a bad one, where the homes delivered less than half of what they had promised."""
    if finished.delivered_wh * GOOD_SHARE >= finished.promised_wh:
        return None
    return (
        "A dark day: the panels gave far less than on the comparable days before, which is all that the homes' "
        "forecasts know; they know nothing of the weather. So little could be traded, and broken promises were fined."
    )
