"""Every number of every sentence is one of the document, or reckoned from two."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixpanel_slack_report.alerts import raise_alerts
from mixpanel_slack_report.metrics import Metric, MetricValue, Threshold, TopEvent
from mixpanel_slack_report.summary import missing_parts, summary_sentences
from mixpanel_slack_report.views.json_view import report_document

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

    from mixpanel_slack_report.report import Report

# Names without digits and none inside another, so that a number belongs to one.
NAMES = ("Alder", "Birch", "Cedar", "Elm")
EVENTS = ("Maple", "Oak", "Pine", "Willow")
NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
TOO_SMALL = re.compile(r"less than 0\.0?1|just below 0")
BOUND = Decimal(50)
THRESHOLD = Threshold(below=50, above=50, drop_percent=50, rise_percent=50)

COUNTS = st.integers(0, 60) | st.integers(0, 10**15)
AMOUNTS = st.floats(0, 1e9).map(lambda amount: round(amount, 2)) | COUNTS
SHARES = st.floats(0, 2).map(lambda share: round(share, 4))


@st.composite
def metric_values(draw: st.DrawFn, name: str) -> MetricValue:
    """Draw a value of a metric of any kind, with a trend or without."""
    kind, numbers = draw(
        st.sampled_from(
            [("total", COUNTS), ("active", COUNTS), ("sum", AMOUNTS), ("ratio", SHARES)]
        )
    )
    earlier = draw(st.lists(st.none() | numbers, min_size=7, max_size=7))
    now, before = draw(numbers), draw(st.none() | numbers)
    trend = draw(st.sampled_from([(), (*earlier, now)]))
    status = "ok" if before is not None else "partial"
    metric = Metric(name, (name,), kind, threshold=draw(st.none() | st.just(THRESHOLD)))
    return MetricValue(metric, name, now, before, status, "cut", trend)


def any_events(names: tuple[str, ...]) -> st.SearchStrategy[tuple[TopEvent, ...]]:
    """Draw some events with their counts."""
    counts = st.lists(st.integers(1, 10**15), max_size=len(names))
    return counts.map(lambda drawn: tuple(map(TopEvent, names, drawn)))


def figures(number: float | int | None) -> set[Decimal]:
    """Give a number as it may be written: whole, in hundredths, or in percent."""
    if number is None:
        return set()
    exact = Decimal(repr(number))
    return {exact, rounded(exact, "0.01"), rounded(exact * 100, "0.1")}


def rounded(number: Decimal, step: str) -> Decimal:
    """Round half away from zero."""
    return number.quantize(Decimal(step), ROUND_HALF_UP)


def metric_figures(metric: dict[str, Any]) -> set[Decimal]:
    """Give every number that a sentence about a metric may have."""
    trend = [number for number in metric["trend"][:-1] if number is not None]
    found = figures(metric["value"]) | figures(metric["previous"])
    found |= {BOUND, BOUND * 100, Decimal(len(trend))}
    if trend:
        found |= figures(min(trend)) | figures(max(trend))
    if metric["previous"] is not None:
        now, before = Decimal(repr(metric["value"])), Decimal(repr(metric["previous"]))
        change = abs(now - before)
        found |= {change, rounded(change, "0.01"), rounded(change * 100, "0.1")}
        if before:
            found.add(rounded((now - before) / before * 100, "0.1"))
    return found


def event_figures(events: list[dict[str, Any]]) -> dict[str, set[Decimal]]:
    """Give the counts that a sentence about an event may have."""
    return {
        event["event"]: {Decimal(event["count"]), Decimal(event["previous"] or 0)}
        for event in events
    }


def untraced(sentence: str, document: dict[str, Any]) -> list[str]:
    """Return the numbers of a sentence that are not those of what it names."""
    lists = ("top_events", "new_events", "stopped_events")
    known = {m["name"]: metric_figures(m) for m in document["metrics"]}
    for key in lists:
        for name, counts in event_figures(document[key]).items():
            known[name] = known.get(name, set()) | counts
    lengths = [len(document[key]) for key in (*lists, "alerts")]
    lengths.append(sum(metric["status"] == "partial" for metric in document["metrics"]))
    allowed = {Decimal(n) for length in lengths for n in (length, length - 1)}
    allowed = allowed if " more" in sentence or "alert" in sentence else set()
    for name, numbers in known.items():
        if name in sentence:
            allowed |= numbers
    found = NUMBER.findall(TOO_SMALL.sub("", sentence))
    return [n for n in found if Decimal(n.replace(",", "")) not in allowed]


def finished(make_report: MakeReport, draw: st.DrawFn) -> Report:
    """Make a report of drawn numbers, with its own sentences."""
    metrics = tuple(draw(metric_values(name)) for name in NAMES)
    top, new, stopped = (
        draw(any_events(EVENTS)),
        draw(any_events(("Rowan",))),
        draw(any_events(("Spruce", "Yew", "Ash"))),
    )
    alerts = raise_alerts(metrics)
    summary = summary_sentences(
        metrics,
        top,
        alerts=[alert.metric for alert in alerts],
        new_events=new,
        stopped_events=stopped,
    )
    report = make_report(metrics, top, summary=summary, missing=missing_parts(metrics))
    return replace(report, alerts=alerts, new_events=new, stopped_events=stopped)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(data=st.data())
def test_every_number_of_every_sentence_is_in_the_document(
    make_report: MakeReport, data: st.DataObject
) -> None:
    """Values, changes, ranges and counts are those of what the sentence names."""
    document: dict[str, Any] = report_document(finished(make_report, data.draw))

    sentences = [*document["summary"], *(a["sentence"] for a in document["alerts"])]
    assert [(s, wrong) for s in sentences if (wrong := untraced(s, document))] == []


def test_a_number_that_is_not_in_the_document_is_found(make_report: MakeReport) -> None:
    """The check above can fail."""
    sentence = "Top action: Page View (12,501 occurrences)."

    document: dict[str, Any] = report_document(make_report(summary=(sentence,)))

    assert untraced(sentence, document) == ["12,501"]
