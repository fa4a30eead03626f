"""Reports of every kind, for tests of what holds for all of them."""

from __future__ import annotations

from datetime import date, datetime, timezone

from hypothesis import strategies as st

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.periods import ReportWindows, Window, windows_due
from mixpanel_slack_report.report import Alert, Report

__all__ = ["TEXTS", "reports"]

NASTY = "<!channel> <@U1> *b* `c` <http://x|y> :tada: & @here"
TEXTS = st.one_of(
    st.text(max_size=400),
    st.sampled_from([NASTY, "", " ", "\x00", "😀" * 300, "\ud800", "é" * 300]),
)
COUNTS = st.integers(0, 10**15)
NUMBERS = st.one_of(
    COUNTS, st.floats(-(10**15), 10**15), st.sampled_from([0.1525, -0.0])
)
VALUES = st.builds(
    MetricValue,
    st.builds(
        Metric,
        TEXTS,
        st.tuples(TEXTS),
        st.sampled_from(["total", "unique", "active", "ratio", "sum", "per_event"]),
    ),
    TEXTS,
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.sampled_from(["ok", "no_data", "no_such_event", "partial"]),
    TEXTS,
    st.just(()) | st.tuples(*[st.none() | NUMBERS] * 8) | st.tuples(*[COUNTS] * 8),
)
WINDOWS = st.sampled_from(
    [
        windows_due("daily", date(2026, 11, 16)),
        windows_due("weekly", date(2026, 1, 5)),
        windows_due("biweekly", date(2026, 1, 5)),
        windows_due("monthly", date(2026, 3, 1)),
        ReportWindows(
            "custom",
            Window(date(2026, 2, 1), date(2026, 2, 10)),
            Window(date(2026, 1, 22), date(2026, 1, 31)),
        ),
    ]
)
EVENTS = st.builds(TopEvent, TEXTS, COUNTS, st.none() | COUNTS)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report with up to 200 metrics and up to 10,000 events."""
    values = draw(st.lists(VALUES, max_size=20))
    events = draw(st.lists(EVENTS, max_size=25))
    sentences = tuple(draw(st.lists(TEXTS, max_size=20)))
    times = draw(st.sampled_from([1, 1, 10]))
    return Report(
        windows=draw(WINDOWS),
        timezone="America/Argentina/ComodRivadavia",
        generated_at=datetime(2026, 11, 16, 9, tzinfo=timezone.utc),
        company=draw(TEXTS),
        metrics=tuple(values * times),
        top_events=tuple(events * draw(st.sampled_from([1, 1, 400]))),
        summary=sentences,
        missing=sentences,
        api_calls=3,
        alerts=tuple(Alert("x", each, ("U024BE7LH",)) for each in sentences[:9]),
        new_events=tuple(events),
        stopped_events=tuple(events * times),
        link="https://mixpanel.com/project/12345",
    )
