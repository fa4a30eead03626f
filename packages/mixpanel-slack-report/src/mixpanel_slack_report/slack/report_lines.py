"""The lines of a report that its blocks, its text and its page have in common."""

from __future__ import annotations

from mixpanel_slack_report.changes import change_in_words, number_in_words
from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.report import DatedNote, Report
from mixpanel_slack_report.wording import (
    PERIOD_TITLES,
    day_in_words,
    readable,
    window_in_words,
)

__all__ = [
    "LINK",
    "coverage",
    "event_change",
    "event_in_words",
    "footer",
    "new_in_words",
    "note_in_words",
    "stopped_in_words",
    "title",
]

LINK = "Open the project in Mixpanel"
LONGEST_NOTE = 300


def title(report: Report) -> str:
    """Name the report and whose it is."""
    name = PERIOD_TITLES[report.windows.period]
    return f"{readable(report.company)}: {name}" if report.company else name


def coverage(report: Report) -> tuple[str, str]:
    """Say which days are reported and which they are compared with."""
    return (
        f"{window_in_words(report.windows.current)} ({report.timezone})",
        f"compared with {window_in_words(report.windows.compared)}",
    )


def event_in_words(event: TopEvent) -> str:
    """Write an event with its count, and how that changed as far as it is known."""
    change = event_change(event)
    return ", ".join(filter(None, (new_in_words(event), change)))


def event_change(event: TopEvent) -> str:
    """Say how the count of an event changed; "" if that is not known."""
    if event.previous is None:
        return ""
    return change_in_words(None, event.count, event.previous)


def new_in_words(event: TopEvent) -> str:
    """Write an event with its count alone."""
    return f"{readable(event.event)} — {number_in_words(event.count)}"


def stopped_in_words(event: TopEvent) -> str:
    """Write an event that stopped, with its count in the days compared with."""
    return f"{readable(event.event)} — 0, before {number_in_words(event.count)}"


def note_in_words(note: DatedNote) -> str:
    """Write what somebody noted, with the day."""
    return f"{day_in_words(note.day)}: {readable(note.text, longest=LONGEST_NOTE)}"


def footer(report: Report) -> str:
    """Say where the numbers come from and when they were asked for."""
    calls = "1 call" if report.api_calls == 1 else f"{report.api_calls} calls"
    return (
        f"Analytics • Auto-generated report • data as of "
        f"{report.generated_at:%Y-%m-%d %H:%M} {report.timezone} • {calls} to Mixpanel"
    )
