"""Files of each format for the tests, with the same three readings."""

from pathlib import Path

from oracle.quality.types import FlowRules

P, Q = "0x" + "11" * 32, "0x" + "22" * 32
PODS = {"IT001E1": P, "IT001E2": Q, P: P, Q: Q}
RULES = FlowRules(slot_seconds=900, most_w=10_000)
T0 = 1_781_042_400  # 2026-06-10 00:00 in Rome

FILES = {
    "long-wh": (
        "point_id,start,seconds,withdrawn_wh,injected_wh,quality\n"
        f"{P},{T0},900,512,0,0\n{Q},{T0},900,0,33,0\n{P},{T0 + 900},900,0,0,2\n{Q},{T0 + 900},900,7,0,0\n"
    ),
    "long-kwh": (
        "point,start,withdrawn_kwh,injected_kwh\n"
        "IT001E1,2026-06-10T00:00:00+02:00,0.512,0\nIT001E2,2026-06-09T22:00:00Z,0,0.033\n"
        "IT001E1,2026-06-10T00:15:00+02:00,,\nIT001E2,2026-06-10T00:15:00+02:00,0.0065,0.0005\n"
    ),
    "wide-kwh": ("start,IT001E1,IT001E2\n2026-06-10T00:00:00+02:00,0.512,-0.033\n2026-06-10T00:15:00+02:00,,0.00651\n"),
}


def write(folder: Path, name: str, text: str | None = None) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(FILES[name] if text is None else text, encoding="utf-8")
    return path
