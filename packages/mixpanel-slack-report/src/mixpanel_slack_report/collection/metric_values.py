"""Makes the values of metrics of what was read for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mixpanel_slack_report.collection import active_script, saved_report
from mixpanel_slack_report.collection.contradictions import without_contradictions
from mixpanel_slack_report.collection.division import average_reading, ratio_value
from mixpanel_slack_report.collection.gathering import Gathering
from mixpanel_slack_report.collection.readings import Reading, Side
from mixpanel_slack_report.collection.statuses import (
    Knowledge,
    judge,
    mark_silent,
    not_listed,
)
from mixpanel_slack_report.collection.wanted import USERS, Wanted, wanted_numbers
from mixpanel_slack_report.metrics import Metric, MetricValue
from mixpanel_slack_report.periods import ReportWindows
from mixpanel_slack_report.ratios import divided_metrics

__all__ = ["MetricValues"]


class MetricValues:
    """The values of a report's metrics; used by one thread.

    Args:
        gathering: What was asked and answered.
        metrics: What is measured.
        windows: The days to report and to compare with.

    Attributes:
        knowledge: What is known of the events, without what contradicts itself.
    """

    def __init__(
        self, gathering: Gathering, metrics: Sequence[Metric], windows: ReportWindows
    ) -> None:
        self.gathering = gathering
        self.metrics = metrics
        self.windows = windows
        known = gathering.knowledge()
        wanted = dict.fromkeys(one for m in metrics for one in wanted_numbers(m))
        self.events = {one: known.first_known(one.events) for one in wanted}
        totals, self.users = without_contradictions(known.totals, self.all_users())
        asked = gathering.readings(USERS, ())
        quiet = [e for e, r in asked.items() if (r.value, r.previous) == (0, 0)]
        self.knowledge: Knowledge = replace(
            known, totals=totals, quiet=frozenset(quiet)
        )

    def all_users(self) -> dict[str, Reading]:
        """Return how many users did each event that is counted without a filter."""
        found = self.gathering.readings(USERS, ())
        for wanted, event in self.events.items():
            if event and wanted.kind == "unique" and not wanted.where:
                reading = self.gathering.reading_of(wanted, event)
                if reading is not None:
                    found[event] = reading
        counted = {event for event in self.events.values() if event}
        return {event: found[event] for event in found if event in counted}

    def all(self) -> tuple[MetricValue, ...]:
        """Value each metric, in order."""
        values: dict[Metric, MetricValue] = {}
        return tuple(self.value(metric, values) for metric in self.metrics)

    def value(self, metric: Metric, values: dict[Metric, MetricValue]) -> MetricValue:
        """Value a metric; a ratio takes those it is made of from ``values``."""
        if metric.kind != "ratio":
            value = self.measured(metric)
        else:
            by_name = {other.name: other for other in self.metrics}
            parts = {
                key: values.get(by_name[name]) or self.value(by_name[name], values)
                for key, name in divided_metrics(metric)
            }
            top = parts.get("of") or self.measured(replace(metric, kind="total"))
            value = ratio_value(metric, top, parts["over"])
        return values.setdefault(metric, value)

    def measured(self, metric: Metric) -> MetricValue:
        """Value a metric that is counted itself."""
        if metric.kind == "active" and len(metric.events) != 1:
            value = self.active(metric)
        elif metric.kind == "saved":
            value = self.saved(metric)
        elif metric.kind == "per_event":
            value = self.average(metric)
        else:
            (wanted,) = wanted_numbers(metric)
            reading = self.reading(wanted)
            value = judge(metric, self.events[wanted], reading, self.knowledge)
        return mark_silent(value, self.knowledge, self.windows)

    def reading(self, wanted: Wanted) -> Reading | None:
        """Return what was read for a number of one event; None if it is unknown."""
        event = self.events[wanted]
        if event is None:
            return None
        if not wanted.where and wanted.kind in ("total", "unique"):
            together: Mapping[str, Reading] = (
                self.knowledge.totals if wanted.kind == "total" else self.users
            )
            return together.get(event)
        return self.gathering.reading_of(wanted, event)

    def average(self, metric: Metric) -> MetricValue:
        """Divide a sum by the number of the same events."""
        added, counted = map(self.reading, wanted_numbers(metric))
        event = self.events[wanted_numbers(metric)[0]]
        if event is None or added is None or counted is None:
            return judge(metric, event, None, self.knowledge)
        reading = average_reading(event, added, counted)
        return judge(metric, event, reading, self.knowledge)

    def saved(self, metric: Metric) -> MetricValue:
        """Take the number of a saved report, which has none to compare with."""
        (wanted,) = wanted_numbers(metric)
        reading = self.gathering.reading_of(wanted, "")
        if reading is None or reading.value is None:
            reason = reading.reason if reading else "the report was not asked for"
            return MetricValue(metric, "", None, None, "no_data", reason)
        remark = saved_report.REMARK
        return MetricValue(metric, "", reading.value, None, "ok", remark=remark)

    def active(self, metric: Metric) -> MetricValue:
        """Count who did any of several events, or anything at all."""
        (wanted,) = wanted_numbers(metric)
        event = self.events[wanted] if metric.events else ""
        reading = self.gathering.reading_of(wanted, "")
        if event is not None and reading is not None:
            reading = self.without_false_zeros(metric, reading)
        value = judge(metric, event, reading, self.knowledge)
        unknown = [e for e in metric.events if not self.knowledge.knows(e)]
        if value.value is not None and unknown:
            reason = not_listed(tuple(unknown), self.knowledge)
            reasons = "; ".join(filter(None, (reason, value.reason)))
            value = replace(value, status="partial", reason=reasons)
        if value.value is not None and self.gathering.has_script(wanted):
            value = replace(value, remark=active_script.REMARK)
        return value

    def without_false_zeros(self, metric: Metric, reading: Reading) -> Reading:
        """Take away that nobody did anything, where events were counted."""
        if metric.where:
            return reading
        totals = self.knowledge.totals
        counted = [totals[event] for event in metric.events or totals]
        sides: tuple[Side, Side] = ("value", "previous")
        for side in sides:
            happened = any(total.number(side) for total in counted)
            if reading.number(side) == 0 and happened:
                reason = "Mixpanel counted events, but 0 users of any"
                reading = reading.without(side, reason)
        trend = tuple(
            None
            if users == 0
            and any(map(any, (total.trend[place : place + 1] for total in counted)))
            else users
            for place, users in enumerate(reading.trend)
        )
        return replace(reading, trend=trend)
