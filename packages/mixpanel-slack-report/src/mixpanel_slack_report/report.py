"""A finished report, and the one call that makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mixpanel_slack_report.alerts import Alert, raise_alerts, unchecked_alerts
from mixpanel_slack_report.collection.collecting import Collected, collect
from mixpanel_slack_report.collection.progress import Tell, tell_nobody
from mixpanel_slack_report.collection.source import EventCounts
from mixpanel_slack_report.event_changes import EventChanges, event_changes
from mixpanel_slack_report.metrics import MetricValue, TopEvent
from mixpanel_slack_report.periods import ReportWindows
from mixpanel_slack_report.report_file import ReportFile
from mixpanel_slack_report.summary import (
    missing_parts,
    summary_sentences,
    value_remarks,
)

__all__ = ["Alert", "DatedNote", "Report", "collect_report"]


@dataclass(frozen=True, slots=True)
class DatedNote:
    """What somebody noted in Mixpanel for a day.

    Attributes:
        day: The day, in the project's timezone.
        text: What it says; foreign text.
    """

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """Numbers and sentences, before they take the form of a message.

    Attributes:
        windows: The days reported and those compared with.
        timezone: IANA name of the timezone whose days they are.
        generated_at: When the numbers were asked for, in that timezone.
        company: Whose report it is; may be empty.
        metrics: The key metrics, in the order of the report file.
        top_events: The most frequent events, the commonest first.
        summary: Sentences about the numbers, and then those of ``missing``.
        missing: Sentences about what is missing, and why.
        api_calls: How many calls to Mixpanel were made.
        alerts: Metrics that crossed a threshold, for the top of the report.
        new_events: Events that happened in the reported days, and not before; their
            count is that of the reported days.
        stopped_events: Events that happened in the days compared with, and not in
            the reported ones; their count is that of the days compared with.
        annotations: What people noted in Mixpanel for the reported days.
        link: Address of the project in Mixpanel; empty if it is not there.
    """

    windows: ReportWindows
    timezone: str
    generated_at: datetime
    company: str
    metrics: tuple[MetricValue, ...]
    top_events: tuple[TopEvent, ...]
    summary: tuple[str, ...]
    missing: tuple[str, ...]
    api_calls: int
    alerts: tuple[Alert, ...] = ()
    new_events: tuple[TopEvent, ...] = ()
    stopped_events: tuple[TopEvent, ...] = ()
    annotations: tuple[DatedNote, ...] = ()
    link: str = ""

    @property
    def has_numbers(self) -> bool:
        """Whether at least one metric has a number."""
        return any(value.value is not None for value in self.metrics)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def collect_report(
    source: EventCounts,
    windows: ReportWindows,
    *,
    clock: Callable[[], datetime],
    report_file: ReportFile | None = None,
    timezone: str = "UTC",
    company: str = "",
    doubts: Sequence[str] = (),
    tell: Tell = tell_nobody,
) -> Report:
    """Ask Mixpanel for the numbers of a report and build it.

    Args:
        source: Whom to ask: a ``mixpanel_query.Client``.
        windows: The days to report and to compare with.
        clock: Gives the current time as an aware datetime.
        report_file: What to measure; None for the default report.
        timezone: IANA name of the project's timezone.
        company: Whose report it is, for its head.
        doubts: Sentences about what is not known of the days; they are missing.
        tell: Called before and after each question.

    Raises:
        WindowError: If the days are not over.
        SettingsError: If it would take more calls than the report file allows.
        CollectionError: If the credentials are refused, or if every call failed.
    """
    now = clock().astimezone(ZoneInfo(timezone))
    collected = collect(
        source, report_file or ReportFile(), windows, today=now.date(), tell=tell
    )
    changes = changes_of_events(collected, windows, today=now.date())
    alerts = raise_alerts(collected.metrics)
    sentences = (
        collected.silence_remark,
        *summary_sentences(
            collected.metrics,
            collected.top_events,
            alerts=[alert.metric for alert in alerts],
            new_events=changes.new,
            stopped_events=changes.stopped,
            is_comparable=not collected.comparison_remark,
        ),
        *value_remarks(collected.metrics),
        collected.ranking_remark,
        collected.names_remark,
        collected.comparison_remark,
    )
    missing = (
        *doubts,
        *missing_parts(collected.metrics),
        *unchecked_alerts(collected.metrics),
        collected.ranking_problem,
        collected.ranking_gap,
        collected.annotation_problem,
    )
    missing = tuple(filter(None, missing))
    return Report(
        windows=windows,
        timezone=timezone,
        generated_at=now.replace(microsecond=0),
        company=company,
        metrics=collected.metrics,
        top_events=collected.top_events,
        summary=(*filter(None, sentences), *missing),
        missing=missing,
        api_calls=collected.api_calls,
        alerts=alerts,
        new_events=changes.new,
        stopped_events=changes.stopped,
        annotations=tuple(DatedNote(*note) for note in collected.annotations),
    )


def changes_of_events(
    collected: Collected, windows: ReportWindows, *, today: date
) -> EventChanges:
    """Find new and stopped events, if all that happened in the days can be known."""
    is_ranked = bool(collected.top_events) and not collected.ranking_problem
    if not is_ranked or collected.ranking_remark:
        return EventChanges()
    is_over = windows.current.to_date < today
    return event_changes(collected.event_trends, windows, is_over=is_over)
