"""The calls that a report would make, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixpanel_slack_report.collection.call_plan import CallCost
from mixpanel_slack_report.periods import ReportWindows, Window
from mixpanel_slack_report.wording import PERIOD_TITLES, readable, window_in_words

if TYPE_CHECKING:
    from mixpanel_query.budget import Allowance
    from mixpanel_slack_report.collection.buckets import Buckets

__all__ = ["PlannedReport", "render_plan", "render_plan_json"]


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """What a report would ask.

    Attributes:
        windows: The days to report and to compare with.
        costs: The calls, in the order in which they would be made.
        max_calls: How many the report file allows.
        allowances: What is left of Mixpanel's limits, as far as this machine knows;
            none where there are no limits.
        asks_timezone: Whether a report would ask for the project's timezone before,
            so that its days may be other ones.
    """

    windows: ReportWindows
    costs: tuple[CallCost, ...]
    max_calls: int
    allowances: tuple[Allowance, ...]
    asks_timezone: bool = False

    @property
    def calls(self) -> int:
        """How many calls there would be."""
        return sum(cost.calls for cost in self.costs)


def render_plan(planned: PlannedReport) -> str:
    """Write the plan for a terminal, a call on a line.

    Args:
        planned: What would be asked.
    """
    windows = planned.windows
    wide = max(len(cost.endpoint) for cost in planned.costs)
    lines = [
        f"{PERIOD_TITLES[windows.period]}: {window_in_words(windows.current)}, "
        f"compared with {window_in_words(windows.compared)}",
        "",
    ]
    for cost in planned.costs:
        purpose = readable(cost.purpose, longest=60)
        days = f" ({buckets_in_words(cost.buckets)})" if cost.buckets else ""
        lines.append(f"{cost.calls:>3}  {cost.endpoint:<{wide}}  {purpose}{days}")
    lines += ["", f"{planned.calls} calls, max_calls allows {planned.max_calls}"]
    if planned.calls > planned.max_calls:
        lines[-1] += "; the report is refused: raise max_calls or drop metrics"
    if planned.asks_timezone:
        lines.append("and one for the project's timezone, as TIMEZONE is not set")
    # A script counts against a limit of its own, and against that of all queries.
    limits = {"query"} | {"jql" for cost in planned.costs if cost.endpoint == "/jql"}
    lines += [budget_line(one) for one in planned.allowances if one.limit in limits]
    if not planned.allowances:
        lines.append("this address is not Mixpanel's, and has no known limit")
    return "\n".join(lines) + "\n"


def buckets_in_words(buckets: Buckets) -> str:
    """Say which days are asked for, and in which parts."""
    days = window_in_words(Window(buckets.from_date, buckets.to_date))
    count = len(buckets.starts)
    if buckets.interval is not None:
        return f"{days}, {count} x {buckets.interval} days"
    return f"{days}, {count} {buckets.unit}{'s' if count > 1 else ''}"


def budget_line(one: Allowance) -> str:
    """Say what is left of a limit of the hour."""
    noun = "JQL queries" if one.limit == "jql" else "queries"
    return (
        f"{one.left} of {one.allowed} {noun} are left this hour, as far as this "
        "machine knows"
    )


def render_plan_json(planned: PlannedReport) -> str:
    """Write the plan as a JSON document.

    Args:
        planned: What would be asked.
    """
    windows = planned.windows
    document = {
        "period": windows.period,
        "from_date": windows.current.from_date.isoformat(),
        "to_date": windows.current.to_date.isoformat(),
        "calls": [call_document(cost) for cost in planned.costs],
        "total_calls": planned.calls,
        "max_calls": planned.max_calls,
        "asks_timezone": planned.asks_timezone,
        "budget": [
            {"limit": one.limit, "allowed": one.allowed, "left": one.left}
            for one in planned.allowances
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def call_document(cost: CallCost) -> dict[str, object]:
    """Return a line of the plan under the names of its fields."""
    buckets = cost.buckets
    return {
        "purpose": cost.purpose,
        "endpoint": cost.endpoint,
        "calls": cost.calls,
        "from_date": buckets.from_date.isoformat() if buckets else None,
        "to_date": buckets.to_date.isoformat() if buckets else None,
        "buckets": len(buckets.starts) if buckets else None,
        "unit": (buckets.unit if buckets.interval is None else "day")
        if buckets
        else None,
        "units_a_bucket": (buckets.interval or 1) if buckets else None,
    }
