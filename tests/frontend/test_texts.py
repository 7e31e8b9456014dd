"""The Italian catalogue holds what the page says, all of it and nothing else."""

import json
import subprocess
from pathlib import Path

from commons.settings import PROJECT_DIR

PAGE = PROJECT_DIR / "frontend"
TEMPLATE = '<p i18n>Paid to {{ who }}</p><cw-action label="Pay" i18n-label />'
PROGRAM = (
    "const SAID = $localize`${count}:count: of ${all} paid`;\n@Component({ template: `<b i18n>Now</b>` }) class Now {}"
)
ITALIAN = {
    "Paid to {$INTERPOLATION}": "Pagato a {$INTERPOLATION}",
    "Pay": "Paga",
    "{$count} of {$PH} paid": "{$count} di {$PH} pagati",
    "Now": "Ora",
}


def _check(*folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", "tools/check-texts.mjs", *map(str, folder)]
    return subprocess.run(command, cwd=PAGE, capture_output=True, text=True, check=False)


def _page(folder: Path, italian: dict[str, str]) -> Path:
    """A page of two files with this catalogue."""
    (folder / "app").mkdir()
    (folder / "app" / "pay.html").write_text(TEMPLATE, encoding="utf-8")
    (folder / "app" / "now.ts").write_text(PROGRAM, encoding="utf-8")
    (folder / "locale").mkdir()
    (folder / "locale" / "it.json").write_text(json.dumps(italian), encoding="utf-8")
    return folder


def test_texts__they_have_no_italian__each_is_named_with_its_file(tmp_path: Path) -> None:
    run = _check(_page(tmp_path, {}))
    assert run.returncode == 1
    assert sorted(run.stderr.splitlines()) == [
        "now.ts: “Now” has no Italian text.",
        "now.ts: “{$count} of {$PH} paid” has no Italian text.",
        "pay.html: “Paid to {$INTERPOLATION}” has no Italian text.",
        "pay.html: “Pay” has no Italian text.",
    ]


def test_texts__italian_for_what_nothing_says__is_named_with_its_file(tmp_path: Path) -> None:
    run = _check(_page(tmp_path, {**ITALIAN, "Pay him": "Pagalo"}))
    assert run.returncode == 1
    assert run.stderr.splitlines() == ["it.json: nothing says “Pay him” any more."]


def test_texts__of_the_page__are_all_in_the_catalogue_and_nothing_else_is(tmp_path: Path) -> None:
    assert _check(_page(tmp_path, ITALIAN)).returncode == 0
    run = _check()
    assert run.returncode == 0, run.stderr
