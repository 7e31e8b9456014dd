"""The runbook names every setting, and no other."""

import re

from commons.settings import PROJECT_DIR, Settings


def test_settings_table__every_setting__is_in_it() -> None:
    runbook = (PROJECT_DIR / "docs" / "runbook.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `COMMONWATT_([A-Z_]+)` \|", runbook, re.MULTILINE)

    assert sorted(name.lower() for name in named) == sorted(Settings.model_fields)
