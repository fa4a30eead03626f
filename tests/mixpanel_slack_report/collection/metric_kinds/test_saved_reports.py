"""The number of a saved report, and notes of Mixpanel."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

import pytest

from mixpanel_query import Annotation, Insight
from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.report_file import ReportFile

from .fake_numbers import FORTNIGHT, SAVED_SIGNUPS, TODAY, WEEKLY, measured, shown

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject


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


def test_a_ratio_of_a_saved_report_has_none_to_compare_with(
    project: FakeProject,
) -> None:
    """The report shows its own days alone; the ratio says that it is one number."""
    project.saved = {7: insight({("Revenue",): {None: 12}})}
    signups = Metric("Signups", ("Sign Up",), "total")
    ratio = Metric("Worth", (), "ratio", of="Revenue", over="Signups")

    value = measured(project, SAVED, signups, ratio)

    assert shown(value) == (4.0, None, "partial")
    assert value.reason == "one of its numbers has none to compare with"
