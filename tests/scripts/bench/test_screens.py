"""What the benchmark of the page's screens needs, and what it says where that is not there."""

import shutil
from pathlib import Path

import pytest

from scripts.bench import screens


def test_missing__no_chromium__is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "scripts/system-packages.sh" in (screens.missing() or "")


def test_missing__page_not_built__is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(screens, "PROJECT_DIR", tmp_path)
    assert "make page" in (screens.missing() or "")


def test_missing__both_there__is_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    index = tmp_path / "frontend" / "dist" / "browser" / "en" / "index.html"
    index.parent.mkdir(parents=True)
    index.write_text("", encoding="utf-8")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(screens, "PROJECT_DIR", tmp_path)
    assert screens.missing() is None
