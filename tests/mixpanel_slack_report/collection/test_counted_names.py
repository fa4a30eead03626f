"""What is said of events that were not counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from mixpanel_slack_report.collection.collecting import Collected, collect
from mixpanel_slack_report.collection.counted_names import names_remark
from mixpanel_slack_report.collection.readings import Failure
from mixpanel_slack_report.collection.statuses import Knowledge
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject

TODAY = date(2026, 11, 18)
WEEKLY = windows_due("weekly", TODAY)
SIGNUPS = Metric("Signups", ("Sign Up",), "total")
SALES = Metric("Sales", ("Purchase",), "total")


def collected(project: FakeProject, *metrics: Metric, today: date = TODAY) -> Collected:
    """Collect the week's report."""
    return collect(project, ReportFile(metrics=metrics), WEEKLY, today=today)


def test_a_ranking_of_all_events_has_no_remark(project: FakeProject) -> None:
    """The project lists what it has, and all of that was counted."""
    assert collected(project, SIGNUPS).names_remark == ""


def test_a_ranking_of_what_fits_into_an_address_has_a_remark(
    project: FakeProject,
) -> None:
    """One of the others may be the commonest of the reported days."""
    project.names = ["Sign Up", *(f"{number:02} {'é' * 100}" for number in range(20))]

    # Each of the long names takes 617 signs of the 5,000: quotes, comma and blank are
    # 12 of them, "é" six, which are written as eight.
    assert collected(project, SIGNUPS).names_remark == (
        "Top events are ranked among the 7 commonest events of the last 31 days: the "
        "others of the project were not counted."
    )


def test_a_list_as_long_as_lists_get_has_a_remark(project: FakeProject) -> None:
    """Mixpanel lists 255 names, however many there are."""
    project.names = ["Sign Up", *map(str, range(254))]
    remark = collected(project, SIGNUPS).names_remark
    project.names.pop()

    assert remark.startswith("Top events are ranked among the 255 commonest events")
    assert collected(project, SIGNUPS).names_remark == ""


def test_a_list_that_lacks_what_was_counted_has_a_remark(project: FakeProject) -> None:
    """It may lack other events, too."""
    project.names = ["Page View"]

    assert collected(project, SIGNUPS).names_remark == (
        "Top events may lack some: Mixpanel counted Sign Up, and does not list it."
    )


def test_a_list_need_not_have_what_happened_before_its_days(
    project: FakeProject,
) -> None:
    """It is about the last 31 days; the week begins one day before them."""
    project.names = ["Page View"]
    late = WEEKLY.current.from_date + timedelta(days=31)

    assert collected(project, SIGNUPS, today=late).names_remark == ""


def test_an_empty_list_of_a_project_with_events_is_none(project: FakeProject) -> None:
    """A 0 cannot be told from an unknown name, nor can anything be ranked."""
    project.names = []

    found = collected(project, SIGNUPS, SALES)

    signups, sales = found.metrics
    assert (signups.value, signups.status) == (3, "ok")
    assert (sales.value, sales.status) == (None, "no_data")
    assert sales.reason == (
        "Mixpanel lists no event names, but counted events, so 0 cannot be told from "
        "an unknown name"
    )
    assert found.ranking_problem == (
        "Top events are missing: Mixpanel lists no event names, but counted events."
    )


def test_an_empty_list_is_true_where_nothing_happened_in_its_days(
    project: FakeProject,
) -> None:
    """The project fell silent more than 31 days ago."""
    project.names = []
    late = date(2027, 1, 4)

    sales = collected(project, SIGNUPS, SALES, today=late).metrics[1]

    assert sales.status == "no_such_event"


def test_a_ranking_without_a_list_has_no_remark_of_its_names() -> None:
    """It is missing, which is said in its place."""
    knowledge = Knowledge(Failure("names failed"), {}, frozenset())

    assert names_remark(knowledge, WEEKLY, today=TODAY) == ""
