"""Asks Mixpanel for the numbers of a report, in as few calls as there are kinds.

A call that fails never becomes a zero: what it was for is left without a number and
with a reason, and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import quote

from mixpanel_query.exceptions import CredentialsRefusedError, MixpanelQueryError
from mixpanel_slack_report.collection.buckets import (
    Buckets,
    day_buckets,
    window_buckets,
)
from mixpanel_slack_report.collection.call_plan import refuse_too_many_calls
from mixpanel_slack_report.collection.progress import Tell, tell_nobody
from mixpanel_slack_report.collection.readings import (
    Failure,
    Reading,
    active_days,
    merge_readings,
    read_events,
    without_contradictions,
)
from mixpanel_slack_report.collection.source import EventCounts
from mixpanel_slack_report.collection.statuses import (
    Knowledge,
    comparison_remark,
    event_trends,
    judge,
    mark_silent,
    mark_unfinished,
    rank_events,
    ranking_problem,
    ranking_remark,
    silence_remark,
)
from mixpanel_slack_report.collection.trend_windows import (
    asked_windows,
    trend_windows,
)
from mixpanel_slack_report.exceptions import CollectionError
from mixpanel_slack_report.metrics import MetricValue, TopEvent
from mixpanel_slack_report.periods import ReportWindows, check_over
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from mixpanel_query import TimeSeries

__all__ = ["Collected", "EventCounts", "collect"]

# The names travel in the address, and servers refuse addresses of 8,000 characters:
# https://developer.mixpanel.com/reference/list-recent-events
LONGEST_NAME_LIST = 5000

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Collected:
    """The numbers of a report.

    Attributes:
        metrics: Every metric of the report file, in its order.
        top_events: The most frequent events, the commonest first.
        ranking_problem: Why there are no top events, as a sentence; empty if there
            are, or if none were asked for.
        ranking_remark: What a reader must know about them; empty if nothing.
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
    ranking_remark: str
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
        SettingsError: If it would take more calls than the report file allows.
        CollectionError: If the credentials are refused, or if every call failed.
    """
    check_over(windows, today=today)
    planned = refuse_too_many_calls(report_file, windows)
    inquiry = Inquiry(source, windows, planned=planned, tell=tell)
    names = inquiry.names()
    knowledge = inquiry.totals(names_to_count(report_file, names), names)
    knowledge, values = measure(report_file, knowledge, inquiry)
    metrics = [mark_silent(value, knowledge, windows) for value in values]
    inquiry.refuse_if_all_failed()
    if windows.current.to_date >= today:
        metrics = [mark_unfinished(value, today) for value in metrics]
    limit = report_file.top_events
    problem = ranking_problem(knowledge, windows) if limit else ""
    return Collected(
        metrics=tuple(metrics),
        top_events=() if problem else rank_events(knowledge.totals, limit=limit),
        ranking_problem=problem,
        ranking_remark=""
        if problem or not limit
        else ranking_remark(knowledge, windows, today=today),
        silence_remark=silence_remark(knowledge, windows),
        comparison_remark=comparison_remark(knowledge, windows),
        api_calls=inquiry.api_calls,
        event_trends=event_trends(knowledge),
    )


def measure(
    report_file: ReportFile, knowledge: Knowledge, inquiry: Inquiry
) -> tuple[Knowledge, list[MetricValue]]:
    """Value each metric, asking for the users of those that count users.

    Returns:
        Also what is still known of the totals beside the counts of users.
    """
    events = [knowledge.first_known(metric) for metric in report_file.metrics]
    pairs = list(zip(report_file.metrics, events, strict=True))
    users = inquiry.users(
        dict.fromkeys(e for metric, e in pairs if e and metric.kind == "unique"),
        window_buckets(
            asked_windows(inquiry.windows), week_start=report_file.week_start
        ),
    )
    totals, users = without_contradictions(knowledge.totals, users)
    knowledge = replace(knowledge, totals=totals)
    values = []
    for metric, event in pairs:
        readings = users if metric.kind == "unique" else totals
        values.append(judge(metric, event, readings.get(event or ""), knowledge))
    return knowledge, values


class Inquiry:
    """The calls of one report, counted, with what failed.

    Attributes:
        api_calls: How many calls were made so far.
        failures: Those that gave nothing.
    """

    def __init__(
        self, source: EventCounts, windows: ReportWindows, *, planned: int, tell: Tell
    ) -> None:
        self.source = source
        self.planned = planned
        self.tell = tell
        self.windows = windows
        self.api_calls = 0
        self.failures: list[Failure] = []

    def names(self) -> tuple[str, ...] | Failure:
        """Ask which events the project has.

        One without a name, which nobody can ask for, is passed over.
        """
        names = self.ask("event names", self.source.event_names)
        return names if isinstance(names, Failure) else tuple(filter(None, names))

    def totals(
        self, events: tuple[str, ...], names: tuple[str, ...] | Failure
    ) -> Knowledge:
        """Ask how often the events happened, all in one call."""
        buckets = day_buckets(asked_windows(self.windows))
        answer = self.ask("totals", lambda: self.count(events, "general", buckets))
        totals = read_events(answer, buckets, self.windows, events)
        trend = trend_windows(self.windows)
        return Knowledge(names, totals, active_days(answer), trend)

    def users(
        self, events: Iterable[str], choice: tuple[Buckets, ...]
    ) -> dict[str, Reading]:
        """Ask how many users did each event, in one call if a unit fits."""
        names = tuple(events)
        if names and choice[0].interval is None:
            (buckets,) = choice
            answer = self.ask(
                "unique users", lambda: self.count(names, "unique", buckets)
            )
            return read_events(answer, buckets, self.windows, names)
        return {
            event: merge_readings([self.users_of(event, bucket) for bucket in choice])
            for event in names
        }

    def users_of(self, event: str, buckets: Buckets) -> Reading:
        """Ask how many users did one event in buckets of several days."""
        answer = self.ask(
            f"unique users of {event!r}",
            lambda: self.source.segmentation(
                event,
                buckets.from_date,
                buckets.to_date,
                interval=buckets.interval or 1,
                type="unique",
            ),
        )
        return read_events(answer, buckets, self.windows, (event,))[event]

    def count(
        self,
        events: tuple[str, ...],
        kind: Literal["general", "unique"],
        buckets: Buckets,
    ) -> TimeSeries:
        """Count several events in one call."""
        return self.source.events(
            events, buckets.from_date, buckets.to_date, type=kind, unit=buckets.unit
        )

    def ask(self, what: str, question: Callable[[], Answer]) -> Answer | Failure:
        """Ask, count the call, and give back a failure instead of raising it.

        Raises:
            CollectionError: If the credentials are refused, as they would be for
                every other call.
        """
        self.tell(what, self.api_calls, self.planned)
        self.api_calls += 1
        try:
            return question()
        except CredentialsRefusedError as error:
            raise CollectionError(str(error)) from error
        except MixpanelQueryError as error:
            self.failures.append(Failure(f"{what} could not be read: {error}", error))
            return self.failures[-1]

    def refuse_if_all_failed(self) -> None:
        """Refuse a report without a single answer.

        Raises:
            CollectionError: With the first failure.
        """
        if len(self.failures) == self.api_calls:
            first = self.failures[0]
            raise CollectionError(str(first.error)) from first.error


def names_to_count(
    report_file: ReportFile, names: tuple[str, ...] | Failure
) -> tuple[str, ...]:
    """List the metrics' events and the commonest of the project.

    They are ranked, and tell a quiet metric from days without any data. As many are
    counted as fit into an address, the commonest first.
    """
    wanted = dict.fromkeys(e for metric in report_file.metrics for e in metric.events)
    if isinstance(names, Failure):
        return tuple(wanted)
    for name in names:
        if len(quote(json.dumps([*wanted, name]))) > LONGEST_NAME_LIST:
            break
        wanted[name] = None
    return tuple(wanted)
