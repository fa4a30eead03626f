"""No false number of any kind, for any project and whatever fails."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mixpanel_slack_report.fake_project import FakeProject

from mixpanel_slack_report.collection.collecting import Collected, collect
from mixpanel_slack_report.collection.trend_windows import trend_windows
from mixpanel_slack_report.exceptions import CollectionError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import Window, windows_due
from mixpanel_slack_report.report_file import ReportFile

TODAY = date(2026, 11, 18)
WHERE = "only ann and bob"
SOME = {"ann", "bob"}
METRICS = (
    Metric("active", (), "active"),
    Metric("either", ("A", "B"), "active"),
    Metric("total", ("A",), "total"),
    Metric("second", ("None", "B"), "total"),
    Metric("users", ("A",), "unique"),
    Metric("filtered", ("A",), "total", where=WHERE),
    Metric("filtered users", ("B",), "unique", where=WHERE),
    Metric("sum", ("A",), "sum", property="Price"),
    Metric("average", ("A",), "per_event", property="Price"),
    Metric("ratio", ("B",), "ratio", over="active"),
)
KINDS = (
    "names",
    "totals",
    "users",
    "where",
    "frequency",
    "jql",
    "segmentation_sum",
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]),
        st.integers(0, 75),
        st.sampled_from(["ann", "bob", "cid", "dan"]),
    ),
    max_size=40,
)


def truth(project: FakeProject, name: str, window: Window) -> float | None:
    """Count a metric in a window by itself."""
    first, last = str(window.from_date), str(window.to_date)
    found = [row for row in project.happened if first <= row[1] <= last]
    a = [row for row in found if row[0] == "A"]
    b = [row for row in found if row[0] == "B"]
    active = len({row[2] for row in found})
    counts: dict[str, float | None] = {
        "active": active,
        "either": len({row[2] for row in a + b}),
        "total": len(a),
        "second": len(b),
        "users": len({row[2] for row in a}),
        "filtered": len([row for row in a if row[2] in SOME]),
        "filtered users": len({row[2] for row in b} & SOME),
        "sum": 2.5 * len(a),
        "average": 2.5 if a else None,
        "ratio": len(b) / active if active else None,
    }
    return counts[name]


@settings(max_examples=300, deadline=None)
@given(
    rows=rows,
    failing=st.sets(st.sampled_from(KINDS), max_size=3),
    names=st.sets(st.sampled_from(["A", "B", "C"])),
    shift=st.sampled_from([0, -1]),
    keeps_from=st.sampled_from(["", "2026-10-15", "2026-11-01", "2026-11-10"]),
    max_calls=st.integers(10, 20),
    period=st.sampled_from(["daily", "weekly", "biweekly", "monthly"]),
)
def test_every_number_that_is_shown_is_true(  # noqa: PLR0917
    rows: list[tuple[str, int, str]],
    failing: set[str],
    names: set[str],
    shift: int,
    keeps_from: str,
    max_calls: int,
    period: str,
) -> None:
    """In both windows and in every trend; what is missing has a reason."""
    windows = windows_due(period, TODAY)
    first = date(2026, 9, 4)
    project = FakeProject(
        happened=[(e, str(first + timedelta(days=d)), user) for e, d, user in rows],
        names=sorted(names),
        failing=tuple(failing),
        shift=shift,
        keeps_from=keeps_from,
        worth={"A": 2.5, "B": 1},
        filters={WHERE: SOME},
    )
    report_file = ReportFile(metrics=METRICS, max_calls=max_calls)

    try:
        collected = collect(project, report_file, windows, today=TODAY)
    except CollectionError:
        return

    assert collected.api_calls == len(project.made) <= max_calls
    for value in collected.metrics:
        name = value.metric.name
        shown = [(windows.current, value.value), (windows.compared, value.previous)]
        shown += zip(trend_windows(windows), value.trend, strict=False)
        for window, number in shown:
            assert number is None or number == truth(project, name, window)
        assert (value.value is None) == (value.status in ("no_data", "no_such_event"))
        assert bool(value.reason) == (value.status != "ok")
        assert not value.trend or value.trend[-1] == value.value
    if not failing and not keeps_from and not shift and {"A", "B", "C"} <= names:
        assert_nothing_is_missing(project, collected, windows.current)


def assert_nothing_is_missing(
    project: FakeProject, collected: Collected, window: Window
) -> None:
    """Where nothing fails, every number is there, if there is any data by then."""
    before = str(window.from_date - timedelta(days=window.days))
    if any(before <= day <= str(window.to_date) for _, day, _ in project.happened):
        for value in collected.metrics:
            assert value.value == truth(project, value.metric.name, window)
