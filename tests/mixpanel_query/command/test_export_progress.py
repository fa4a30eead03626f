"""How far an export has come, on a terminal, in a log, and where there is neither."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import date

import pytest

from mixpanel_query import Window
from mixpanel_query.command.export_progress import shown_progress
from mixpanel_query.export_files.results import ExportProgress

SPAN = Window(date(2026, 11, 9), date(2026, 11, 15))
BEGUN = ExportProgress(days=14, days_done=7, rows=0, calls=1, span=SPAN)
DONE = ExportProgress(days=14, days_done=14, rows=1200, calls=2, span=None)


class Terminal(io.StringIO):
    """Standard error of somebody who looks at it."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Puts a terminal in the place of standard error."""

    def put() -> Terminal:
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "100")
        return screen

    return put


def test_a_terminal_shows_a_bar(look: Callable[[], Terminal]) -> None:
    """It is at 14 of 14 days in the end, and leaves the line."""
    pytest.importorskip("rich", reason="needs the extra cli")
    terminal = look()

    with shown_progress() as show:
        show(BEGUN)
        show(DONE)

    assert "14/14" in terminal.getvalue()
    assert "1,200 events, " in terminal.getvalue()


def test_a_bar_is_not_drawn_oftener_than_anybody_sees(
    look: Callable[[], Terminal],
) -> None:
    """Ten times a second at most, while days are being fetched."""
    pytest.importorskip("rich", reason="needs the extra cli")
    terminal = look()

    with shown_progress() as show:
        show(BEGUN)
        once = terminal.getvalue().count("7/14")
        for _ in range(1000):
            show(BEGUN)
        often = terminal.getvalue().count("7/14")

    assert once >= 1
    assert often < 500


def test_without_rich_a_terminal_shows_a_line(
    look: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written over, and gone in the end."""
    monkeypatch.setitem(sys.modules, "rich.console", None)
    terminal = look()

    with shown_progress() as show:
        show(BEGUN)

    assert terminal.getvalue().endswith("\r\x1b[K")


def test_without_standard_error_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As for a program that has no terminal and no log."""
    monkeypatch.setattr(sys, "stderr", None)

    with shown_progress() as show:
        show(BEGUN)

    assert sys.stderr is None
