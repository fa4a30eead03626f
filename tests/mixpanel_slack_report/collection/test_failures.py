"""No false number, whichever call to Mixpanel fails: real client, real sockets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_slack_report.exceptions import CollectionError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import Report, collect_report
from mixpanel_slack_report.report_file import ReportFile

ONCE = RetryPolicy(attempts=1)
WEEKLY = windows_due("weekly", date(2026, 11, 16))
FORTNIGHT = windows_due("biweekly", date(2026, 11, 9))
FILE = ReportFile(
    metrics=(
        Metric("Signups", ("Sign Up",), "total"),
        Metric("New users", ("Sign Up",), "unique"),
    )
)
# Seven a day for seven days, by five users a bucket: what the server counts.
TRUE_NUMBERS = {("Signups", 49), ("New users", 5)}
JSON = {"Content-Type": "application/json"}
FORTNIGHT_OF_DAYS = [f"2026-11-{day:02}" for day in range(2, 16)]
FAULTS = {
    "429": (429, {"Retry-After": "1"}, '{"error": "Query rate limit exceeded"}'),
    "503": (503, {}, "<html>busy</html>"),
    "400": (400, JSON, '{"error": "bad event"}'),
    "timeout": "hang",
    "cut": None,
    "not JSON": (200, JSON, "<html>"),
    "other shape": (200, JSON, '{"data": {"series": 1, "values": []}}'),
    "empty": (200, JSON, '{"data": {"series": [], "values": {}}}'),
    "counts as text": (
        200,
        JSON,
        '{"data": {"series": ["2026-11-09"], "values": {"Sign Up": '
        '{"2026-11-09": "7"}}}}',
    ),
    "other events": (
        200,
        JSON,
        json.dumps({"data": {"series": FORTNIGHT_OF_DAYS, "values": {"SIGN UP": {}}}}),
    ),
    "no events": (
        200,
        JSON,
        json.dumps({"data": {"series": FORTNIGHT_OF_DAYS, "values": {}}}),
    ),
    "huge counts": (
        200,
        JSON,
        json.dumps(
            {
                "data": {
                    "series": FORTNIGHT_OF_DAYS,
                    "values": {
                        name: dict.fromkeys(FORTNIGHT_OF_DAYS, 10**400)
                        for name in ("Sign Up", "Page View")
                    },
                }
            }
        ),
    ),
    "other buckets": (
        200,
        JSON,
        '{"data": {"series": ["2026-11-01"], "values": {"Sign Up": '
        '{"2026-11-01": 9}}}}',
    ),
}


@pytest.fixture
def report_from(clock: Callable[[], datetime]) -> Callable[[str], Report]:
    """Builds the weekly report from the server at an address."""

    def build(url: str) -> Report:
        account = ServiceAccount("reports", "s3cret-of-the-account", 1)
        with Client(account, base_url=url, timeout=0.4, retry=ONCE) as client:
            return collect_report(client, WEEKLY, clock=clock, report_file=FILE)

    return build


def test_without_faults_the_numbers_are_those_of_the_server(
    serve_mixpanel: Callable[..., Any], report_from: Callable[[str], Report]
) -> None:
    """The server of these tests is understood."""
    report = report_from(serve_mixpanel().url)

    assert {(v.metric.name, v.value) for v in report.metrics} == TRUE_NUMBERS
    assert [(top.event, top.count) for top in report.top_events] == [
        ("Page View", 49),
        ("Sign Up", 49),
    ]
    assert report.is_whole


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("at", [1, 2, 3], ids=["names", "totals", "users"])
def test_a_fault_leaves_no_false_number(
    serve_mixpanel: Callable[..., Any],
    report_from: Callable[[str], Report],
    at: int,
    fault: object,
) -> None:
    """Every number that is shown is true, and what is missing is told."""
    report = report_from(serve_mixpanel(at, fault).url)

    shown = {(v.metric.name, v.value) for v in report.metrics if v.value is not None}
    assert shown <= TRUE_NUMBERS
    assert {top.count for top in report.top_events} <= {49}
    assert not report.is_whole
    assert all(v.reason for v in report.metrics if v.status != "ok")


@pytest.mark.parametrize("at", [2, 3], ids=["totals", "users"])
def test_the_other_numbers_stay(
    serve_mixpanel: Callable[..., Any], report_from: Callable[[str], Report], at: int
) -> None:
    """One failed call takes one kind of number."""
    report = report_from(serve_mixpanel(at, FAULTS["503"]).url)

    assert [v.status for v in report.metrics].count("ok") == 1


def test_refused_credentials_are_one_clear_error(
    serve_answers: Callable[..., Any], report_from: Callable[[str], Report]
) -> None:
    """The secret is in no part of it, and nothing more is asked."""
    server = serve_answers((401, JSON, '{"error": "s3cret-of-the-account is wrong"}'))

    with pytest.raises(CollectionError) as refusal:
        report_from(server.url)

    assert len(server.requests) == 1
    assert "s3cret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_fortnight_asks_by_interval(
    serve_mixpanel: Callable[..., Any], clock: Callable[[], datetime]
) -> None:
    """Windows that fit no unit travel as an interval of days, without a unit."""
    server = serve_mixpanel(3, (503, {}, ""))
    with Client(ServiceAccount("a", "b", 1), base_url=server.url, retry=ONCE) as client:
        report = collect_report(client, FORTNIGHT, clock=clock, report_file=FILE)

    (path,) = [path for path, _ in server.requests if "/segmentation?" in path]
    assert "interval=14" in path
    assert "unit=" not in path
    assert report.metrics[1].status == "no_data"
