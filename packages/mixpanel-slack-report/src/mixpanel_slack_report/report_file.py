"""``report.toml``: what a report measures, read and checked all at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path

from mixpanel_slack_report.calendar import EVERY_DAY, WorkCalendar, read_calendar
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metric_table import read_metrics
from mixpanel_slack_report.metrics import DEFAULT_METRICS, Metric
from mixpanel_slack_report.periods import BIWEEKLY_ANCHOR, MONDAY, DailyCompare
from mixpanel_slack_report.toml_table import TomlTable

__all__ = ["ReportFile", "parse_report_file", "read_report_file"]

# An hour's budget: https://developer.mixpanel.com/reference/rate-limits
MOST_CALLS = 60
MOST_TOP_EVENTS = 50


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What a report measures; without a file, the defaults below.

    Attributes:
        timezone: IANA name of the project's timezone; None if the file names none.
        week_start: The weekday on which a week starts, Monday being 0.
        biweekly_anchor: A day on which the bi-weekly report is due.
        max_calls: The most calls to Mixpanel that one report may make.
        metrics: What to measure, in the order of the report.
        top_events: How many of the most frequent events to list; 0 for none.
        calendar: Days on which nothing is sent.
        daily_compare: What a daily report is compared with.
        annotations: Whether the notes of the reported days are asked for.
        only_named: Whether only events of the metrics are among the top events.

    >>> ReportFile().max_calls
    5
    """

    timezone: str | None = None
    week_start: int = MONDAY
    biweekly_anchor: date = BIWEEKLY_ANCHOR
    max_calls: int = 5
    metrics: tuple[Metric, ...] = DEFAULT_METRICS
    top_events: int = 5
    calendar: WorkCalendar = EVERY_DAY
    daily_compare: DailyCompare = "same_weekday"
    annotations: bool = False
    only_named: bool = False

    def of_events(self, names: Iterable[str]) -> ReportFile:
        """Return the file with nothing to measure but how often some events happened.

        The events are ranked among themselves.

        Args:
            names: Names of events; white space around them, and repeats, do not count.

        Raises:
            SettingsError: If there is no name among them.

        >>> [metric.name for metric in ReportFile().of_events(["a", " b"]).metrics]
        ['a', 'b']
        """
        events = tuple(dict.fromkeys(filter(None, map(str.strip, names))))
        if not events:
            message = "events names no event; give names, such as Sign Up,Purchase"
            raise SettingsError(message)
        metrics = tuple(Metric(event, (event,), "total") for event in events)
        return replace(self, metrics=metrics, only_named=True)


def read_report_file(path: Path) -> ReportFile:
    """Read a ``report.toml``.

    Raises:
        SettingsError: If the file cannot be read, or says what it may not; every
            problem is in it, each with the file and the key.
    """
    # tomllib is in the standard library from Python 3.11; tomli is the same before.
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document: dict[str, object] = toml.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"{path}: {error.strerror or error}; set REPORT_FILE to a report.toml"
        raise SettingsError(message) from error
    except ValueError as error:
        message = f"{path}: not valid TOML in UTF-8: {error}; mend that line"
        raise SettingsError(message) from error
    except RecursionError as error:
        message = f"{path}: nested too deeply; write tables and lists of names only"
        raise SettingsError(message) from error
    return parse_report_file(document, source=str(path))


def parse_report_file(document: Mapping[str, object], *, source: str) -> ReportFile:
    """Check a decoded report file.

    Args:
        document: The decoded TOML.
        source: The file's name, for messages.

    Raises:
        SettingsError: With every problem found.

    >>> parse_report_file({"week_start": "sunday"}, source="report.toml").week_start
    6
    """
    problems: list[str] = []
    table = TomlTable(document, where=source, problems=problems)
    default = ReportFile()
    report_file = ReportFile(
        timezone=table.timezone("timezone"),
        week_start=table.weekday("week_start", default.week_start),
        biweekly_anchor=table.day("biweekly_anchor", default.biweekly_anchor),
        max_calls=table.number("max_calls", default.max_calls, low=1, high=MOST_CALLS),
        metrics=read_metrics(table, default.metrics),
        top_events=read_top_events(table, default.top_events),
        calendar=read_calendar(table),
        daily_compare=read_daily_compare(table),
        annotations=table.flag("annotations"),
    )
    table.refuse_unknown()
    if problems:
        raise SettingsError(*problems)
    return report_file


def read_daily_compare(table: TomlTable) -> DailyCompare:
    """Take ``compare``, which is about the daily report."""
    given = table.take("compare")
    if given is None or given == "same_weekday":
        return "same_weekday"
    if given != "previous_day":
        table.refuse("compare", "give same_weekday or previous_day")
    return "previous_day"


def read_top_events(table: TomlTable, default: int) -> int:
    """Take the limit of the ``[top_events]`` table."""
    given = table.take("top_events")
    if given is None:
        return default
    inner = table.inner(given, where=f"{table.where}: top_events")
    limit = inner.number("limit", default, low=0, high=MOST_TOP_EVENTS)
    inner.refuse_unknown()
    return limit
