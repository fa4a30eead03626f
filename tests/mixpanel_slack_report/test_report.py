"""A finished report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from mixpanel_query import Annotation
from mixpanel_slack_report.alerts import Alert
from mixpanel_slack_report.metrics import Metric, Threshold, TopEvent
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import DatedNote, collect_report
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import Clock, FakeProject

WEEKLY = windows_due("weekly", date(2026, 11, 16))
FILE = ReportFile(metrics=(Metric("Signups", ("Sign Up",), "total"),))


def test_a_whole_report(project: FakeProject, clock: Clock) -> None:
    """Everything that was asked for is in it."""
    report = collect_report(
        project, WEEKLY, clock=clock, report_file=FILE, company="Acme"
    )

    assert (report.company, report.timezone, report.api_calls) == ("Acme", "UTC", 2)
    assert (report.metrics[0].value, report.metrics[0].previous) == (3, 1)
    assert report.summary == (
        "Top action: Page View (4 occurrences).",
        "Signups: 3, up 2 from 1 (+200.0 %).",
    )
    assert report.is_whole
    assert report.has_numbers


def test_the_time_is_that_of_the_project(project: FakeProject, clock: Clock) -> None:
    """09:30 UTC is 01:30 in Los Angeles."""
    report = collect_report(
        project, WEEKLY, clock=clock, timezone="America/Los_Angeles"
    )

    local = timezone(timedelta(hours=-8))
    assert report.generated_at == datetime(2026, 11, 18, 1, 30, tzinfo=local)
    assert report.generated_at.utcoffset() == timedelta(hours=-8)


def test_without_a_file_the_default_metrics_are_measured(
    project: FakeProject, clock: Clock
) -> None:
    """Six metrics, of which the project lacks two."""
    report = collect_report(project, WEEKLY, clock=clock)

    assert [value.status for value in report.metrics] == [
        "ok",
        "ok",
        "no_such_event",
        "no_such_event",
        "ok",
        "ok",
    ]
    assert not report.is_whole


def test_what_is_missing_closes_the_summary(project: FakeProject, clock: Clock) -> None:
    """A failed call is told in words, also in the summary."""
    project.failing = (2,)
    users = Metric("New users", ("Sign Up",), "unique")
    report_file = ReportFile(metrics=(*FILE.metrics, users))

    report = collect_report(project, WEEKLY, clock=clock, report_file=report_file)

    reason = "totals could not be read: 127.0.0.1 answered 503; try again later"
    assert report.missing == (
        f"Signups is missing: {reason}.",
        f"Top events are missing: {reason}.",
    )
    assert report.summary[-2:] == report.missing
    assert not report.is_whole


def test_a_doubtful_comparison_has_a_remark_but_is_whole(
    project: FakeProject, clock: Clock
) -> None:
    """Readers of the message are told, and the numbers stand."""
    project.happened = [row for row in project.happened if row[1] >= "2026-11-09"]

    report = collect_report(project, WEEKLY, clock=clock, report_file=FILE)

    assert report.summary[-1].startswith("The changes may mean nothing: ")
    assert report.is_whole


def test_a_true_silence_opens_the_summary(project: FakeProject, clock: Clock) -> None:
    """Zeros that are true are no fault of the report."""
    project.happened = [row for row in project.happened if row[1] < "2026-11-09"]

    report = collect_report(project, WEEKLY, clock=clock, report_file=FILE)

    assert report.summary[0].startswith("Nothing at all was counted in these days")
    assert report.is_whole


def test_an_old_ranking_has_a_remark_but_is_whole(project: FakeProject) -> None:
    """The remark is no fault of the report."""
    later = datetime(2027, 5, 1, tzinfo=timezone.utc)

    report = collect_report(project, WEEKLY, clock=lambda: later, report_file=FILE)

    assert report.summary[-1].startswith("Top events are ranked among the names")
    assert report.is_whole


def test_an_alert_is_on_top_and_opens_the_summary(
    project: FakeProject, clock: Clock
) -> None:
    """Only whom the file names is mentioned."""
    threshold = Threshold(below=5, mention=("U0123ABCD",))
    watched = replace(FILE.metrics[0], threshold=threshold)

    report = collect_report(
        project, WEEKLY, clock=clock, report_file=ReportFile(metrics=(watched,))
    )

    sentence = "Signups: 3, up 2 from 1 (+200.0 %), which is below 5."
    assert report.alerts == (Alert("Signups", sentence, ("U0123ABCD",)),)
    assert report.summary[0] == "1 alert: Signups."
    assert report.is_whole


def test_an_alert_that_could_not_be_checked_is_missing(
    project: FakeProject, clock: Clock
) -> None:
    """Its number is, too."""
    project.failing = (2,)
    watched = replace(FILE.metrics[0], threshold=Threshold(below=5))
    users = Metric("New users", ("Sign Up",), "unique")

    report = collect_report(
        project, WEEKLY, clock=clock, report_file=ReportFile(metrics=(watched, users))
    )

    assert report.alerts == ()
    assert report.missing[1] == (
        "The alert on Signups could not be checked: its number is missing."
    )


def test_new_and_stopped_events_are_named(project: FakeProject, clock: Clock) -> None:
    """Page views and sign-ups went on; purchases began, and orders ended."""
    project.happened += [("Purchase", "2026-11-10", "ann")]
    project.happened += [("Order", f"2026-{day}", "ann") for day in ("10-27", "11-03")]
    project.names.append("Order")

    report = collect_report(project, WEEKLY, clock=clock, report_file=FILE)

    assert report.new_events == (TopEvent("Purchase", 1, 0),)
    assert report.stopped_events == (TopEvent("Order", 1, 1),)
    assert report.summary[-2:] == (
        "New event: Purchase (1 occurrence).",
        "Stopped event: Order (1 occurrence before).",
    )


def test_nothing_is_new_in_an_old_window(project: FakeProject) -> None:
    """What is among the names of the last 31 days says nothing of those days."""
    project.happened += [("Purchase", "2026-11-10", "ann")]
    later = datetime(2027, 5, 1, tzinfo=timezone.utc)

    report = collect_report(project, WEEKLY, clock=lambda: later, report_file=FILE)

    assert report.top_events
    assert report.new_events == ()


def test_without_top_events_none_is_new(project: FakeProject, clock: Clock) -> None:
    """Who wants no list of events gets none."""
    project.happened += [("Purchase", "2026-11-10", "ann")]
    report_file = replace(FILE, top_events=0)

    report = collect_report(project, WEEKLY, clock=clock, report_file=report_file)

    assert report.new_events == ()


def test_doubtful_changes_are_no_headline(project: FakeProject, clock: Clock) -> None:
    """Days before the first event are nothing to compare with."""
    project.happened = [("Sign Up", "2026-11-08", "ann")] * 10
    project.happened += [("Sign Up", "2026-11-12", "ann")] * 100

    report = collect_report(project, WEEKLY, clock=clock, report_file=FILE)

    assert report.summary[-1].startswith("The changes may mean little: ")
    assert not any("Strongest" in sentence for sentence in report.summary)


def test_a_report_of_nothing_has_no_numbers(project: FakeProject, clock: Clock) -> None:
    """Zeros of a project without any event are not trusted."""
    project.happened = []

    report = collect_report(project, WEEKLY, clock=clock, report_file=FILE)

    assert not report.has_numbers
    assert not report.is_whole


def test_what_people_noted_is_in_the_report(project: FakeProject, clock: Clock) -> None:
    """Each note has its day."""
    noon = datetime(2026, 11, 10, 12)
    project.notes = [Annotation(5, noon, "New prices", None, ())]
    report_file = replace(FILE, annotations=True)

    report = collect_report(project, WEEKLY, clock=clock, report_file=report_file)

    assert report.annotations == (DatedNote(date(2026, 11, 10), "New prices"),)
    assert report.is_whole


def test_notes_that_could_not_be_read_are_missing(
    project: FakeProject, clock: Clock
) -> None:
    """The numbers stand."""
    project.failing = ("annotations",)
    report_file = replace(FILE, annotations=True)

    report = collect_report(project, WEEKLY, clock=clock, report_file=report_file)

    assert report.metrics[0].status == "ok"
    assert report.missing == (
        "Annotations are missing: annotations could not be read: "
        "127.0.0.1 answered 503; try again later.",
    )
