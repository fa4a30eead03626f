"""Which files a scan reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixpanel_schema import Event, Events, MixpanelSchemaError
from mixpanel_schema.usage import UsageFinding, find_usages

from .scanned_shop import PLAN, ShopProperties, lines, scan, told


def test_catalogues_outside_the_paths_are_understood(tmp_path: Path) -> None:
    """By their classes, or else by what their names read like."""
    app = tmp_path / "app.py"
    app.write_text("track(E.placed)\ntrack(events.cart_emptied)\n", encoding="utf-8")

    class Outside(Events):
        placed = Event("Order Placed")

    report = find_usages(str(app), PLAN, catalogues=[Outside, ShopProperties()])

    assert lines(report, "Order Placed") == [1]
    assert lines(report, "Cart Emptied") == [2]
    assert report.unresolved == ()
    assert UsageFinding(
        "never-tracked",
        "Plan Upgraded",
        "declared and never tracked; track it, or take it out of the plan",
    ) in list(report.findings)


def test_a_file_that_does_not_parse_is_reported(tmp_path: Path) -> None:
    """The others are scanned all the same."""
    (tmp_path / "broken.py").write_text("x = 1\ndef (:\n", encoding="utf-8")
    (tmp_path / "zeros.py").write_bytes(b"\0")
    (tmp_path / "latin.py").write_bytes(b"name = '\xe4'\n")
    (tmp_path / "odd.py").write_text("x = '\\d'\n", encoding="utf-8")

    report = scan(tmp_path, "track('Order Placed')")

    assert told(report, "unreadable-file")[0] == ("broken.py", "broken.py", 2)
    assert [name for name, *_ in told(report, "unreadable-file")] == [
        "broken.py",
        "latin.py",
        "zeros.py",
    ]
    assert lines(report, "Order Placed") == [1]
    assert report.files == 3


def test_folders_that_are_not_the_apps_are_skipped(tmp_path: Path) -> None:
    """Hidden folders, environments, and what package managers fill."""
    for folder in (".venv", "node_modules", ".git", "venv", "__pycache__", "env", "ok"):
        (tmp_path / folder).mkdir()
        code = f"track('{folder}')"
        (tmp_path / folder / "app.py").write_text(code, encoding="utf-8")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "ok" / "notes.txt").write_text("track('notes')", encoding="utf-8")

    report = find_usages([tmp_path, tmp_path / "ok"], PLAN)

    assert set(report.tracked) == {"ok"}
    assert report.files == 1


def test_a_hidden_folder_is_scanned_when_it_is_named(tmp_path: Path) -> None:
    """Skipping is for what is met on the way."""
    (tmp_path / ".app").mkdir()
    (tmp_path / ".app" / "app.py").write_text("track('Order Placed')", encoding="utf-8")

    assert lines(find_usages(tmp_path / ".app", PLAN), "Order Placed") == [1]


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A typo must not pass for code without findings."""
    with pytest.raises(MixpanelSchemaError, match="give a file or a folder"):
        find_usages([tmp_path / "ap"], PLAN)


def test_calls_that_track_nothing_known_are_left_alone(tmp_path: Path) -> None:
    """No argument, or only unpacked ones, is no event."""
    report = scan(tmp_path, "track()\ntrack(*args)\nmp.import_data(1)\ntrack(1)\n")

    assert report.tracked == {}
    assert [place.line for place in report.unresolved] == [4]
