"""Which calls to Mixpanel a report needs, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from mixpanel_slack_report.collection.buckets import (
    Buckets,
    day_buckets,
    window_buckets,
)
from mixpanel_slack_report.collection.choice import bucket_questions
from mixpanel_slack_report.collection.trend_windows import asked_windows
from mixpanel_slack_report.collection.wanted import Wanted, wanted_numbers
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.periods import ReportWindows, Window
from mixpanel_slack_report.report_file import ReportFile

__all__ = [
    "CallCost",
    "CallPlan",
    "call_costs",
    "plan_calls",
    "refuse_too_many_calls",
]


@dataclass(frozen=True, slots=True)
class CallCost:
    """A line of the bill.

    Attributes:
        purpose: What the calls are for.
        calls: How many calls that takes.
        endpoint: Where they go, as Mixpanel documents it.
        buckets: The days they are about, and the length of a bucket; None for none.
    """

    purpose: str
    calls: int
    endpoint: str = ""
    buckets: Buckets | None = None


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a report will ask.

    Attributes:
        windows: The days to report and to compare with.
        asked: All windows that are asked for, the oldest first.
        week_start: The weekday on which the project's weeks start.
        users: Buckets of the one question for users of several events; None for none.
        together: The numbers which that question gives.
        singles: What has a question of its own, or one for each window.
        has_notes: Whether annotations are asked for.
    """

    windows: ReportWindows
    asked: tuple[Window, ...]
    week_start: int
    users: Buckets | None
    together: tuple[Wanted, ...]
    singles: tuple[Wanted, ...]
    has_notes: bool

    def costs(self) -> tuple[CallCost, ...]:
        """List the calls, in the order in which they are made."""
        days = day_buckets(self.asked)
        costs = [
            CallCost("event names", 1, "/events/names"),
            CallCost("totals and top events", 1, "/events", days),
        ]
        if self.users:
            costs.append(CallCost("unique users", 1, "/events", self.users))
        costs += [self.cost(wanted) for wanted in self.singles]
        if self.has_notes:
            reported = day_buckets([self.windows.current])
            costs.append(CallCost("annotations", 1, "/annotations", reported))
        return tuple(costs)

    def cost(self, wanted: Wanted) -> CallCost:
        """Say what a number costs that has a question of its own."""
        if wanted.kind == "saved":
            return CallCost(wanted.purpose, 1, "/insights")
        event = wanted.events[0] if wanted.events else ""
        questions = bucket_questions(
            wanted, event, self.asked, week_start=self.week_start
        )
        first = questions[0]
        return CallCost(wanted.purpose, len(questions), first.endpoint, first.buckets)


def plan_calls(report_file: ReportFile, windows: ReportWindows) -> CallPlan:
    """Choose the questions of a report.

    Args:
        report_file: What is measured.
        windows: The days to report and to compare with.
    """
    asked = asked_windows(windows)
    fitting = window_buckets(asked, week_start=report_file.week_start)[0]
    wanted = dict.fromkeys(
        one for metric in report_file.metrics for one in wanted_numbers(metric)
    )
    has_unit = fitting.interval is None
    together = tuple(
        one for one in wanted if has_unit and one.kind == "unique" and not one.where
    )
    return CallPlan(
        windows=windows,
        asked=asked,
        week_start=report_file.week_start,
        users=fitting if together else None,
        together=together,
        singles=tuple(
            one
            for one in wanted
            if one not in together and (one.kind != "total" or one.where)
        ),
        has_notes=report_file.annotations,
    )


def call_costs(report_file: ReportFile, windows: ReportWindows) -> tuple[CallCost, ...]:
    """List what a report will ask Mixpanel.

    >>> from datetime import date
    >>> from mixpanel_slack_report.periods import windows_due
    >>> weekly = windows_due("weekly", date(2026, 11, 16))
    >>> [line.purpose for line in call_costs(ReportFile(), weekly)]
    ['event names', 'totals and top events', 'active users']
    """
    return plan_calls(report_file, windows).costs()


def refuse_too_many_calls(report_file: ReportFile, windows: ReportWindows) -> int:
    """Refuse a report that needs more calls than the file allows; else count them.

    Raises:
        SettingsError: With the cost of each line.
    """
    costs = call_costs(report_file, windows)
    needed = sum(line.calls for line in costs)
    if needed > report_file.max_calls:
        bill = ", ".join(f"{line.purpose} {line.calls}" for line in costs)
        message = (
            f"the {windows.period} report needs {needed} calls, max_calls allows "
            f"{report_file.max_calls} ({bill}); raise max_calls or drop metrics"
        )
        raise SettingsError(message)
    return needed
