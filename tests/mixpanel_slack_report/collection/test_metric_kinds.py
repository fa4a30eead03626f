"""The numbers of each kind of metric, counted by a fake project."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

import pytest

from mixpanel_query import Annotation, Insight
from mixpanel_slack_report.collection.collecting import Collected, collect
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric, MetricValue
from mixpanel_slack_report.periods import ReportWindows, custom_windows, windows_due
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject

TODAY = date(2026, 11, 18)
WEEKLY = windows_due("weekly", TODAY)
THREE_DAYS = custom_windows(date(2026, 11, 9), date(2026, 11, 11))
FORTNIGHT = windows_due("biweekly", date(2026, 11, 16))


def collected(
    project: FakeProject,
    *metrics: Metric,
    windows: ReportWindows = WEEKLY,
    max_calls: int = 9,
) -> Collected:
    """Collect metrics."""
    report_file = ReportFile(metrics=metrics, max_calls=max_calls)
    return collect(project, report_file, windows, today=TODAY)


def measured(
    project: FakeProject, *metrics: Metric, windows: ReportWindows = WEEKLY
) -> MetricValue:
    """Return the value of the last metric."""
    return collected(project, *metrics, windows=windows).metrics[-1]


def shown(value: MetricValue) -> tuple[object, ...]:
    """Write a value as its two numbers and its status."""
    return value.value, value.previous, value.status


def test_active_users_did_anything(project: FakeProject) -> None:
    """Ann and Bob in the week, Ann, Bob and Cid in the week before."""
    value = measured(project, Metric("{period} Active Users", (), "active"))

    assert shown(value) == (2, 3, "ok")
    assert value.metric.name == "Weekly Active Users"
    assert value.trend == (*[None] * 6, 3, 2)
    assert ("frequency", "2026-09-21", "2026-11-15", "week", "day") in project.calls


@pytest.mark.parametrize(
    ("windows", "first", "last"),
    [
        (FORTNIGHT, "2026-07-20", "2026-11-08"),
        (
            custom_windows(date(2026, 11, 9), date(2026, 11, 11)),
            "2026-11-06",
            "2026-11-11",
        ),
    ],
)
def test_active_users_of_other_windows_need_a_script(
    project: FakeProject, windows: ReportWindows, first: str, last: str
) -> None:
    """No endpoint counts them, and the script counts identities that were merged."""
    value = measured(project, Metric("Active", (), "active"), windows=windows)

    assert ("jql", first, last) in project.calls
    assert value.remark.startswith("users whose identities were merged later")
    assert value.value == {"2026-11-08": 3, "2026-11-11": 1}[last]


def test_active_users_of_several_events_count_once(project: FakeProject) -> None:
    """Ann did both."""
    value = measured(project, Metric("Active", ("Sign Up", "Page View"), "active"))

    assert shown(value) == (2, 3, "ok")
    assert project.calls[-1] == (
        "jql",
        "2026-09-21",
        "2026-11-15",
        "Page View",
        "Sign Up",
    )


def test_active_users_of_one_event_are_its_users(project: FakeProject) -> None:
    """They need no script."""
    value = measured(project, Metric("Active", ("Sign Up",), "active"))

    assert (shown(value), value.remark) == ((2, 1, "ok"), "")


def test_an_unknown_one_of_several_events_makes_the_users_partial(
    project: FakeProject,
) -> None:
    """The number may lack people, and the nearest name is told."""
    value = measured(project, Metric("Active", ("Sign Up", "Page Views"), "active"))

    assert shown(value)[2] == "partial"
    assert value.reason.startswith("'Page Views' is not among the 3 commonest names")
    assert value.reason.endswith("the nearest name is 'Page View'")


def test_active_users_of_unknown_events_are_no_zero(project: FakeProject) -> None:
    """Nothing is asked about them."""
    value = measured(project, Metric("Active", ("x", "y"), "active"))

    assert shown(value) == (None, None, "no_such_event")
    assert not [call for call in project.calls if call[0] == "jql"]


def test_nobody_where_events_were_counted_is_no_zero(project: FakeProject) -> None:
    """The two answers contradict each other."""
    project.filters = {}
    project.users = lambda *_, **__: set()

    value = measured(project, Metric("Active", (), "active"))

    assert shown(value) == (None, None, "no_data")
    assert value.reason == "Mixpanel counted events, but 0 users of any"


def test_nobody_who_did_events_that_were_counted_is_no_zero(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script's answer may lack a window: neither its number nor its trend is 0."""
    both = Metric("Doers", ("Sign Up", "Page View"), "active")
    monkeypatch.setattr(project, "jql", lambda *_: [{"key": [6], "value": 3}])
    project.happened.append(("Sign Up", "2026-10-26", "ann"))

    value = measured(project, both)

    assert shown(value) == (None, 3, "no_data")
    assert value.reason == "Mixpanel counted events, but 0 users of any"


def test_a_trend_has_no_zero_where_events_were_counted(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the weeks from 2026-10-26 on, the script's answer lacks the first."""
    rows = [{"key": [6], "value": 3}, {"key": [7], "value": 2}]
    monkeypatch.setattr(project, "jql", lambda *_: rows)
    project.happened.append(("Sign Up", "2026-10-26", "ann"))

    value = measured(project, Metric("Doers", ("Sign Up", "Page View"), "active"))

    # No event was counted before 2026-10-26, and none in the week after.
    assert value.trend == (*[None] * 6, 3, 2)


def test_metrics_of_one_name_have_a_number_each(project: FakeProject) -> None:
    """Nothing forbids to call two metrics the same."""
    found = collected(
        project,
        Metric("Count", ("Sign Up",), "total"),
        Metric("Count", ("Page View",), "total"),
    )

    assert [value.value for value in found.metrics] == [3, 4]


def test_a_ratio_of_names_that_become_one_is_refused(project: FakeProject) -> None:
    """In a weekly report both are called "Weekly Users"."""
    metrics = (
        Metric("{period} Users", ("Sign Up",), "unique"),
        Metric("Weekly Users", ("Page View",), "unique"),
        Metric("Share", (), "ratio", of="{period} Users", over="Weekly Users"),
    )

    with pytest.raises(SettingsError, match="the name of 2 metrics"):
        measured(project, *metrics)


@pytest.mark.parametrize("worth", [10**400, 1e308, float("inf"), float("nan")])
def test_a_sum_that_cannot_be_is_no_number(project: FakeProject, worth: float) -> None:
    """No view could write it, and nothing can be divided by it."""
    project.worth = {"Sign Up": worth}

    value = measured(project, Metric("Value", ("Sign Up",), "sum", property="price"))

    assert shown(value) == (None, None, "no_data")
    assert value.reason == "Mixpanel's count of 'Sign Up' is no possible number"


def test_a_filter_counts_what_it_lets_pass(project: FakeProject) -> None:
    """Ann signed up twice in the week; a call of its own asks for it."""
    project.filters = {"only ann": {"ann"}}
    metric = Metric("Signups", ("Sign Up",), "total", where="only ann")

    value = measured(project, metric)

    assert shown(value) == (2, 0, "ok")
    assert project.calls[-1] == (
        "segmentation",
        "Sign Up",
        "2026-09-21",
        "2026-11-15",
        "day",
        "general",
        "only ann",
    )


def test_users_that_a_filter_lets_pass_are_counted_by_week(
    project: FakeProject,
) -> None:
    """Segmentation knows no weeks, but buckets of seven days."""
    project.filters = {"not ann": {"bob", "cid"}}
    metric = Metric("Users", ("Sign Up",), "unique", where="not ann")

    value = measured(project, metric)

    assert shown(value) == (1, 1, "ok")
    assert project.calls[-1][4:] == (7, "unique", "not ann")


def test_a_filtered_rare_event_is_asked_for_once_it_is_known(
    project: FakeProject,
) -> None:
    """It is not listed, but it was counted."""
    project.names = ["Page View"]
    project.filters = {"only ann": {"ann"}}

    value = measured(project, Metric("S", ("Sign Up",), "total", where="only ann"))

    assert shown(value) == (2, 0, "ok")


def test_a_filtered_unknown_event_is_not_asked_for(project: FakeProject) -> None:
    """Its number would be a 0 that is none."""
    project.filters = {"only ann": {"ann"}}

    value = measured(project, Metric("S", ("sign_up",), "total", where="only ann"))

    assert shown(value) == (None, None, "no_such_event")
    assert len(project.calls) == 2


def test_a_sum_adds_up_a_property(project: FakeProject) -> None:
    """Three sign-ups of 2.5 each, one before; days without any count as 0."""
    project.worth = {"Sign Up": 2.5}

    value = measured(project, Metric("Sum", ("Sign Up",), "sum", property="Price"))

    assert shown(value) == (7.5, 2.5, "ok")
    assert project.calls[-1] == (
        "segmentation_sum",
        "Sign Up",
        "2026-09-21",
        "2026-11-15",
        'properties["Price"]',
    )


def test_a_day_with_events_that_a_sum_leaves_out_is_no_zero(
    project: FakeProject,
) -> None:
    """The filter may let nothing pass, or the answer be cut; nobody knows."""
    project.worth, project.filters = {"Sign Up": 2.5}, {"only ann": {"ann"}}
    metric = Metric("Sum", ("Sign Up",), "sum", where="only ann", property="Price")

    value = measured(project, metric)

    assert shown(value) == (None, None, "no_data")
    assert "Mixpanel's answer leaves out 2026-11-15" in value.reason


def test_an_average_is_a_sum_divided_by_a_count(project: FakeProject) -> None:
    """Never an average of the averages of days."""
    project.worth = {"Sign Up": 2.5}
    metric = Metric("Price", ("Sign Up",), "per_event", property="Price")

    value = measured(project, metric)

    assert shown(value) == (2.5, 2.5, "ok")
    assert value.trend == (*[None] * 6, 2.5, 2.5)
    assert len(project.calls) == 3


def test_an_average_of_nothing_is_no_number(project: FakeProject) -> None:
    """Nobody bought, so there is no price."""
    project.worth = {"Purchase": 9}
    project.happened.append(("Purchase", "2026-11-03", "eve"))
    metric = Metric("Price", ("Purchase",), "per_event", property="Price")

    value = measured(project, metric)

    assert shown(value) == (None, 9, "no_data")
    assert value.reason == "'Purchase' did not happen, so there is no average of it"


def test_a_ratio_divides_an_event_by_a_metric(project: FakeProject) -> None:
    """Three sign-ups by two visitors; one by two in the week before."""
    visitors = Metric("Visitors", ("Page View",), "unique")
    ratio = Metric("Rate", ("Sign Up",), "ratio", over="Visitors")

    value = measured(project, visitors, ratio)

    assert shown(value) == (1.5, 0.5, "ok")
    assert value.trend == (*[None] * 6, 0.5, 1.5)
    assert len(project.calls) == 3


def test_a_ratio_divides_two_metrics_wherever_they_stand(project: FakeProject) -> None:
    """The order of the report is the reader's."""
    ratio = Metric("Rate", (), "ratio", of="Signups", over="{period} Users")
    users = Metric("{period} Users", (), "active")
    signups = Metric("Signups", ("Sign Up",), "total")

    value = collected(project, ratio, users, signups).metrics[0]

    assert shown(value) == (1.5, pytest.approx(1 / 3), "ok")
    assert value.metric.over == "Weekly Users"


def test_a_ratio_by_zero_is_no_number(project: FakeProject) -> None:
    """Nobody bought in either week."""
    buyers = Metric("Buyers", ("Purchase",), "unique")
    ratio = Metric("Rate", ("Sign Up",), "ratio", over="Buyers")

    value = measured(project, buyers, ratio)

    assert shown(value) == (None, None, "no_data")
    assert value.reason == "'Buyers' is 0, by which nothing is divided"


def test_a_ratio_has_the_reason_of_its_parts(project: FakeProject) -> None:
    """An unknown event is unknown in a ratio, too."""
    buyers = Metric("Buyers", ("purchase",), "unique")
    ratio = Metric("Rate", ("Sign Up",), "ratio", over="Buyers")

    value = measured(project, buyers, ratio)

    assert shown(value) == (None, None, "no_such_event")
    assert value.reason.endswith("the nearest name is 'Purchase'")


def test_a_ratio_made_in_python_is_checked_too(project: FakeProject) -> None:
    """Nothing is asked."""
    with pytest.raises(SettingsError, match="which is the name of no metric"):
        collected(project, Metric("Rate", ("Sign Up",), "ratio", over="Buyers"))

    assert project.calls == []


def insight(
    series: dict[tuple[str, ...], dict[date | None, float]],
    first: str = "2026-11-09",
    last: str = "2026-11-15",
) -> Insight:
    """Make what a saved report shows."""
    buckets = [when for values in series.values() for when in values if when]
    return Insight(
        7,
        datetime(2026, 11, 18, tzinfo=timezone.utc),
        date.fromisoformat(first),
        date.fromisoformat(last),
        ("$metric",),
        None,
        tuple(sorted(set(buckets))),
        series,
    )


SAVED = Metric("Revenue", (), "saved", report_id=7)
MONDAY = date(2026, 11, 9)
DAYS = [date(2026, 11, day) for day in range(9, 16)]


@pytest.mark.parametrize(
    ("series", "number"),
    [
        ({("Revenue",): {None: 99.5}}, 99.5),
        ({("Users",): {MONDAY: 12}}, 12),
        (
            {
                ("Purchase - Total",): dict(
                    zip(DAYS, (3, 4, 0, 0, 0, 5, 1), strict=True)
                )
            },
            13,
        ),
    ],
)
def test_a_saved_report_about_the_window_counts(
    project: FakeProject,
    series: dict[tuple[str, ...], dict[date | None, float]],
    number: float,
) -> None:
    """It has nothing to compare with, which is no fault."""
    project.saved = {7: insight(series)}

    value = measured(project, SAVED)

    assert shown(value) == (number, None, "ok")
    assert value.remark == "a saved report has no days to compare with"


@pytest.mark.parametrize(
    ("saved", "reason"),
    [
        (
            insight({("Revenue",): {None: 99.5}}, "2026-11-08"),
            "the saved report 7 is about 2026-11-08 to 2026-11-15; set its dates to "
            "2026-11-09 to 2026-11-15",
        ),
        (
            insight({("A",): {None: 1}, ("B",): {None: 2}}),
            "the saved report 7 has 2 series; save one with a single number",
        ),
        (
            insight({("Purchase - Unique",): dict.fromkeys(DAYS, 3)}),
            "the numbers of the saved report 7 may not be added up; save it as a "
            "single number",
        ),
        (
            insight({("Purchase - Total",): dict.fromkeys(DAYS[:-1], 3)}),
            "the numbers of the saved report 7 may not be added up; save it as a "
            "single number",
        ),
        (
            insight({("Total users",): dict.fromkeys(DAYS, 3)}),
            "the numbers of the saved report 7 may not be added up; save it as a "
            "single number",
        ),
        (
            insight({("Revenue",): {None: 1e300}}),
            "the number of the saved report 7 is too large",
        ),
        (
            insight({("Total",): {MONDAY: 3, date(2026, 11, 16): 4}}),
            "the numbers of the saved report 7 may not be added up; save it as a "
            "single number",
        ),
    ],
)
def test_a_saved_report_in_doubt_is_no_number(
    project: FakeProject, saved: Insight, reason: str
) -> None:
    """The reason says what to change in Mixpanel."""
    project.saved = {7: saved}

    value = measured(project, SAVED)

    assert (shown(value), value.reason) == ((None, None, "no_data"), reason)


def test_a_saved_report_by_week_is_added_up(project: FakeProject) -> None:
    """A fortnight has two weeks; one alone may be a day, or a week."""
    first, second = date(2026, 10, 26), date(2026, 11, 2)
    weeks: dict[date | None, float] = {first: 40, second: 20}
    series = {("Purchase - Total",): weeks}
    project.saved = {7: insight(series, "2026-10-26", "2026-11-08")}

    assert measured(project, SAVED, windows=FORTNIGHT).value == 60

    del weeks[second]
    assert measured(project, SAVED, windows=FORTNIGHT).value is None


def test_annotations_of_the_reported_days_are_asked_for(project: FakeProject) -> None:
    """In one call, if the file wants them."""
    noon, later = datetime(2026, 11, 10, 12), datetime(2026, 11, 16)
    project.notes = [
        Annotation(1, noon, "Release 2.0", None, ()),
        Annotation(2, later, "Of another day", None, ()),
    ]
    report_file = ReportFile(metrics=(SAVED_SIGNUPS,), annotations=True)

    found = collect(project, report_file, WEEKLY, today=TODAY)

    assert found.annotations == ((date(2026, 11, 10), "Release 2.0"),)
    assert ("annotations", "2026-11-09", "2026-11-15") in project.calls


SAVED_SIGNUPS = Metric("Signups", ("Sign Up",), "total")


def test_annotations_that_fail_are_missing_and_nothing_else(
    project: FakeProject,
) -> None:
    """A sentence says so."""
    project.failing = ("annotations",)
    report_file = ReportFile(metrics=(SAVED_SIGNUPS,), annotations=True)

    found = collect(project, report_file, WEEKLY, today=TODAY)

    assert found.annotations == ()
    assert found.annotation_problem == (
        "Annotations are missing: annotations could not be read: 127.0.0.1 answered "
        "503; try again later."
    )
    assert found.metrics[0].status == "ok"


def test_named_events_are_ranked_among_themselves(project: FakeProject) -> None:
    """In two calls; the commonest names only tell quiet days from no data."""
    report_file = ReportFile().of_events(["Sign Up", "Purchase"])

    found = collect(project, report_file, WEEKLY, today=TODAY)

    assert [(v.metric.name, v.value) for v in found.metrics] == [
        ("Sign Up", 3),
        ("Purchase", 0),
    ]
    assert [top.event for top in found.top_events] == ["Sign Up"]
    assert set(found.event_trends) == {"Sign Up", "Purchase"}
    assert found.api_calls == 2


def test_a_ranking_of_named_events_lacks_none(project: FakeProject) -> None:
    """However old the days are: no other event is ranked."""
    report_file = ReportFile().of_events(["Sign Up"])

    found = collect(project, report_file, WEEKLY, today=date(2027, 5, 1))

    assert [top.event for top in found.top_events] == ["Sign Up"]
    assert found.ranking_remark == ""


def test_two_metrics_of_one_number_cost_one_call(project: FakeProject) -> None:
    """A number is asked for once."""
    project.worth = {"Sign Up": 2.5}
    total = Metric("Sum", ("Sign Up",), "sum", property="Price")
    average = Metric("Mean", ("Sign Up",), "per_event", property="Price")

    assert collected(project, total, average).api_calls == 3


@pytest.mark.parametrize(
    ("period", "keeps_from"),
    [("weekly", "2026-09-22"), ("biweekly", "2026-10-01"), ("monthly", "2026-10-01")],
)
def test_days_that_a_plan_keeps_no_more_cost_no_number(
    project: FakeProject, period: str, keeps_from: str
) -> None:
    """The two windows are asked for without those before."""
    today = date(2026, 12, 7)
    windows = windows_due(period, today if period != "weekly" else TODAY)
    report_file = ReportFile(metrics=(ACTIVE, SAVED_SIGNUPS, VISITORS))
    expected = collect(project, report_file, windows, today=today).metrics
    project.keeps_from = keeps_from
    project.made.clear()

    found = collect(project, report_file, windows, today=today)

    assert list(map(shown, found.metrics)) == list(map(shown, expected))
    assert {value.status for value in found.metrics} == {"ok"}
    assert found.api_calls == 5


ACTIVE = Metric("Active", (), "active")
VISITORS = Metric("Visitors", ("Page View",), "unique")


def test_days_that_are_refused_later_are_asked_again(project: FakeProject) -> None:
    """Totals and users, as far as calls are left."""
    project.keeps_from = "2026-09-22"
    report_file = ReportFile(metrics=(SAVED_SIGNUPS, VISITORS))

    found = collect(project, report_file, WEEKLY, today=TODAY)

    assert list(map(shown, found.metrics)) == [(3, 1, "ok"), (2, 2, "ok")]
    assert found.api_calls == 5


def test_weeks_that_start_elsewhere_are_asked_one_by_one(project: FakeProject) -> None:
    """Each window has a question of its own, whose bucket it is."""
    project.shift = -1

    found = collected(project, VISITORS, max_calls=5)

    assert list(map(shown, found.metrics)) == [(2, 2, "ok")]
    assert project.calls[-2:] == [
        ("segmentation", "Page View", "2026-11-02", "2026-11-08", 7, "unique"),
        ("segmentation", "Page View", "2026-11-09", "2026-11-15", 7, "unique"),
    ]


def test_the_reported_window_comes_first_if_calls_are_few(project: FakeProject) -> None:
    """The change is then not known, and the reason is told."""
    project.shift = -1

    found = collected(project, VISITORS, max_calls=4)

    assert list(map(shown, found.metrics)) == [(2, None, "partial")]
    assert "set week_start" in found.metrics[0].reason
    assert found.api_calls == 4


def test_active_users_in_other_weeks_are_counted_by_a_script(
    project: FakeProject,
) -> None:
    """One call gives both windows."""
    project.shift = -1

    found = collected(project, ACTIVE, max_calls=4)

    assert list(map(shown, found.metrics)) == [(2, 3, "ok")]
    assert ("jql", "2026-11-02", "2026-11-15") in project.calls


def test_a_mornings_reports_fit_into_the_hour(project: FakeProject) -> None:
    """Daily, weekly and bi-weekly together make 9 of 60 calls."""
    for period in ("daily", "weekly", "biweekly"):
        collect(project, ReportFile(), windows_due(period, TODAY), today=TODAY)

    assert len(project.calls) == 9


def test_every_call_is_told_of(project: FakeProject) -> None:
    """By its purpose, with how many are answered and planned."""
    told: list[tuple[str, int, int]] = []

    collect(
        project,
        ReportFile(metrics=(ACTIVE, SAVED_SIGNUPS)),
        WEEKLY,
        today=TODAY,
        tell=lambda *said: told.append(said),
    )

    assert told[0] == ("event names", 0, 3)
    assert told[-1] == ("totals", 2, 3)
