"""Asks Mixpanel for the numbers of a report, in as few calls as there are kinds.

A call that fails never becomes a zero: what it was for is left without a number and
with a reason, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mixpanel_slack_report.collection.call_plan import (
    plan_calls,
    refuse_too_many_calls,
)
from mixpanel_slack_report.collection.counted_names import (
    names_remark,
    names_to_count,
)
from mixpanel_slack_report.collection.gathering import Gathering
from mixpanel_slack_report.collection.inquiry import Inquiry
from mixpanel_slack_report.collection.metric_values import MetricValues
from mixpanel_slack_report.collection.progress import Tell, tell_nobody
from mixpanel_slack_report.collection.ranking import (
    first_day_of_names,
    rank_events,
    ranking_gap,
    ranking_problem,
    ranking_remark,
)
from mixpanel_slack_report.collection.readings import Failure, Reading
from mixpanel_slack_report.collection.source import EventCounts
from mixpanel_slack_report.collection.statuses import (
    Knowledge,
    comparison_remark,
    event_trends,
    mark_unfinished,
    silence_remark,
)
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import MetricValue, TopEvent, titled
from mixpanel_slack_report.periods import ReportWindows, check_over
from mixpanel_slack_report.ratios import ratio_problems
from mixpanel_slack_report.report_file import ReportFile

__all__ = ["Collected", "collect"]


@dataclass(frozen=True, slots=True)
class Collected:
    """The numbers of a report.

    Attributes:
        metrics: Every metric of the report file, in its order.
        top_events: The most frequent events, the commonest first.
        ranking_problem: Why there are no top events, as a sentence; empty if there
            are, or if none were asked for.
        ranking_gap: That some of them have no count to compare with, and why; empty if
            all have.
        ranking_remark: What a reader must know about them; empty if nothing.
        names_remark: That the project has more events than were counted; empty if it
            has not, or if none were ranked.
        silence_remark: That no event happened in the days reported; empty if one did.
        comparison_remark: What a reader must know about the changes; empty if
            nothing.
        api_calls: How many calls were made, failed ones included.
        event_trends: How often each event happened in the windows up to the reported
            one, which is the last; None where it is not known.
        annotations: The notes of the reported days, as their day and their text.
        annotation_problem: Why there are none, as a sentence; empty if they could be
            read, or if none were asked for.
    """

    metrics: tuple[MetricValue, ...]
    top_events: tuple[TopEvent, ...]
    ranking_problem: str
    ranking_gap: str
    ranking_remark: str
    names_remark: str
    silence_remark: str
    comparison_remark: str
    api_calls: int
    event_trends: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    annotations: tuple[tuple[date, str], ...] = ()
    annotation_problem: str = ""


def collect(
    source: EventCounts,
    report_file: ReportFile,
    windows: ReportWindows,
    *,
    today: date,
    tell: Tell = tell_nobody,
) -> Collected:
    """Ask for every number of a report.

    Args:
        source: Whom to ask.
        report_file: What to measure.
        windows: The days to report and to compare with.
        today: The current day in the project's timezone.
        tell: Called before and after each question.

    Raises:
        WindowError: If the days are not over.
        SettingsError: If it would take more calls than the report file allows, or a
            ratio cannot be.
        CollectionError: If the credentials are refused, or if every call failed.
    """
    check_over(windows, today=today)
    metrics = tuple(titled(metric, windows.period) for metric in report_file.metrics)
    # Names that differ in the file may be one in the report of this period.
    problems = ratio_problems(metrics)
    if problems:
        raise SettingsError(*problems)
    planned = refuse_too_many_calls(report_file, windows)
    inquiry = Inquiry(source, planned=planned, allowed=report_file.max_calls, tell=tell)
    gathering = gather(report_file, windows, inquiry, today=today)
    values = MetricValues(gathering, metrics, windows)
    found = values.all()
    if windows.current.to_date >= today:
        found = tuple(mark_unfinished(value, today) for value in found)
    known = values.knowledge
    limit = report_file.top_events
    problem = ranking_problem(known, windows) if limit else ""
    is_ranked = bool(limit) and not problem
    told = events_told_of(report_file, known)
    is_remarked = is_ranked and not report_file.only_named
    top_events = rank_events(told, limit=limit) if is_ranked else ()
    notes = gathering.notes
    return Collected(
        metrics=found,
        top_events=top_events,
        ranking_problem=problem,
        ranking_gap=ranking_gap(top_events, known),
        ranking_remark=ranking_remark(known, windows, today=today)
        if is_remarked
        else "",
        names_remark=names_remark(known, windows, today=today) if is_remarked else "",
        silence_remark=silence_remark(known, windows),
        comparison_remark=comparison_remark(known, windows),
        api_calls=inquiry.api_calls,
        event_trends=event_trends(known, told),
        annotations=() if isinstance(notes, Failure) else notes,
        annotation_problem=f"Annotations are missing: {notes.reason}."
        if isinstance(notes, Failure)
        else "",
    )


def events_told_of(report_file: ReportFile, known: Knowledge) -> Mapping[str, Reading]:
    """Return the counts of the events that readers are told of."""
    if not report_file.only_named:
        return known.totals
    named = {event for metric in report_file.metrics for event in metric.events}
    return {event: r for event, r in known.totals.items() if event in named}


def gather(
    report_file: ReportFile, windows: ReportWindows, inquiry: Inquiry, *, today: date
) -> Gathering:
    """Ask everything.

    Raises:
        CollectionError: If the credentials are refused, or if every call failed.
    """
    gathering = Gathering(plan_calls(report_file, windows), inquiry)
    gathering.ask_names()
    gathering.ask_counts(names_to_count(report_file, gathering.names))
    gathering.doubt_names(since=first_day_of_names(today))
    gathering.ask_rest()
    inquiry.refuse_if_all_failed()
    return gathering
