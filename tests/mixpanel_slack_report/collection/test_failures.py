"""No false number, whichever call to Mixpanel fails: real client, real sockets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_slack_report.exceptions import CollectionError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import Report, collect_report
from mixpanel_slack_report.report_file import ReportFile
from mixpanel_slack_report.runs.connection import connect
from mixpanel_slack_report.settings import read_settings

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


def report_by(
    url: str, report_file: ReportFile, clock: Callable[[], datetime]
) -> Report:
    """Build a weekly report from the server at an address, which is asked once."""
    account = ServiceAccount("reports", "s3cret-of-the-account", 1)
    with Client(account, base_url=url, timeout=0.4, retry=ONCE) as client:
        return collect_report(client, WEEKLY, clock=clock, report_file=report_file)


@pytest.fixture
def report_from(clock: Callable[[], datetime]) -> Callable[[str], Report]:
    """Builds the weekly report from the server at an address."""
    return lambda url: report_by(url, FILE, clock)


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


KINDS = ReportFile(
    metrics=(
        Metric("Active", (), "active"),
        Metric("Either", ("Sign Up", "Page View"), "active"),
        Metric("Filtered", ("Sign Up",), "total", where="1 == 1"),
        Metric("Filtered users", ("Sign Up",), "unique", where="1 == 1"),
        Metric("Sum", ("Sign Up",), "sum", property="Price"),
        Metric("Mean", ("Sign Up",), "per_event", property="Price"),
        Metric("Rate", ("Sign Up",), "ratio", over="Active"),
        Metric("Saved", (), "saved", report_id=7),
    ),
    max_calls=9,
    annotations=True,
)
# Seven days of 7 events, that add up to 10.5 a day; 6 users did anything.
TRUE_KINDS = {
    ("Active", 6),
    ("Either", 6),
    ("Filtered", 49),
    ("Filtered users", 5),
    ("Sum", 73.5),
    ("Mean", 1.5),
    ("Rate", 49 / 6),
    ("Saved", 1234.5),
}
FAULTS_OF_KINDS = {
    **FAULTS,
    "other sums": (200, JSON, '{"status": "ok", "results": {"2026-11-09": 9}}'),
    "no sums": (200, JSON, '{"status": "ok", "results": {}}'),
    "failed sums": (200, JSON, '{"status": "error", "results": {"2026-11-09": 9}}'),
    "other weeks": (200, JSON, '{"data": {"2026-11-08": [9], "2026-11-15": [9]}}'),
    "no weeks": (200, JSON, '{"data": {}}'),
    "text for users": (200, JSON, '{"data": {"2026-11-09": ["9"]}}'),
    "rows of others": (200, JSON, '[{"key": [99], "value": 3}]'),
    "rows twice": (
        200,
        JSON,
        '[{"key": [7], "value": 3}, {"key": [7], "value": 4}]',
    ),
    "rows of text": (200, JSON, '[{"key": [7], "value": "3"}]'),
    "rows without a key": (200, JSON, '[{"value": 3}]'),
    "no list of rows": (200, JSON, '{"error": "script failed"}'),
}
KIND_OF = {
    "addiction": {"Active", "Rate"},
    "jql": {"Either"},
    "where": {"Filtered"},
    "users": {"Filtered users"},
    "sum": {"Sum", "Mean"},
    "insights": {"Saved"},
    "annotations": set(),
}


@pytest.fixture
def kinds_from(clock: Callable[[], datetime]) -> Callable[[str], Report]:
    """Builds a weekly report of every kind of metric from the server at an address."""
    return lambda url: report_by(url, KINDS, clock)


def numbers(report: Report) -> set[tuple[str, object]]:
    """Return the numbers that a report shows."""
    return {(v.metric.name, v.value) for v in report.metrics if v.value is not None}


def test_every_kind_is_counted(
    serve_mixpanel: Callable[..., Any], kinds_from: Callable[[str], Report]
) -> None:
    """The real client and the server of these tests understand each other."""
    server = serve_mixpanel()

    report = kinds_from(server.url)

    assert numbers(report) == TRUE_KINDS
    assert {v.status for v in report.metrics} == {"ok"}
    assert len(server.requests) == 9


@pytest.mark.parametrize("fault", FAULTS_OF_KINDS.values(), ids=FAULTS_OF_KINDS)
@pytest.mark.parametrize("kind", KIND_OF)
def test_a_fault_of_one_kind_leaves_no_false_number(
    serve_mixpanel: Callable[..., Any],
    kinds_from: Callable[[str], Report],
    kind: str,
    fault: object,
) -> None:
    """What failed has no number and a reason; all others stay."""
    report = kinds_from(serve_mixpanel(kind, fault).url)

    lost = {name for name, _ in TRUE_KINDS - numbers(report)}
    assert numbers(report) <= TRUE_KINDS
    assert lost <= KIND_OF[kind]
    missing = [v for v in report.metrics if v.value is None]
    assert all(v.reason and v.status == "no_data" for v in missing)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        *[(kind, FAULTS["503"]) for kind in KIND_OF if kind != "annotations"],
        ("sum", FAULTS_OF_KINDS["other sums"]),
        ("addiction", FAULTS_OF_KINDS["no weeks"]),
        ("jql", FAULTS_OF_KINDS["rows twice"]),
    ],
)
def test_a_fault_takes_its_own_kind_away(
    serve_mixpanel: Callable[..., Any],
    kinds_from: Callable[[str], Report],
    kind: str,
    fault: object,
) -> None:
    """The numbers that came from that call are not there."""
    report = kinds_from(serve_mixpanel(kind, fault).url)

    missing = {v.metric.name for v in report.metrics if v.value is None}
    assert missing == KIND_OF[kind]


def test_a_filter_that_is_no_expression_is_asked_for_once(
    serve_mixpanel: Callable[..., Any], clock: Callable[[], datetime]
) -> None:
    """Other days would not mend it."""
    server = serve_mixpanel("where", (400, JSON, '{"error": "bad expression"}'))
    metric = Metric("Filtered", ("Sign Up",), "total", where="(")
    with Client(ServiceAccount("a", "b", 1), base_url=server.url, retry=ONCE) as client:
        report = collect_report(
            client, WEEKLY, clock=clock, report_file=ReportFile(metrics=(metric,))
        )

    assert "bad expression" in report.metrics[0].reason
    assert len(server.requests) == report.api_calls == 3


def test_a_script_that_has_too_much_to_read_is_run_over_less(
    serve_mixpanel: Callable[..., Any], clock: Callable[[], datetime]
) -> None:
    """The two windows that are compared, without those before."""
    server = serve_mixpanel("jql", (412, JSON, '{"error": "too much data"}'))
    file = ReportFile(metrics=(Metric("Active", (), "active"),))
    with Client(ServiceAccount("a", "b", 1), base_url=server.url, retry=ONCE) as client:
        report = collect_report(client, FORTNIGHT, clock=clock, report_file=file)

    bodies = [parse_qs(body) for path, body in server.requests if "/jql" in path]
    windows = [len(json.loads(body["params"][0])["windows"]) for body in bodies]
    assert windows == [8, 2]
    assert report.metrics[0].status == "no_data"


def test_one_busy_moment_does_not_spoil_a_report(
    serve_answers: Callable[..., Any], clock: Callable[[], datetime]
) -> None:
    """The client of a run asks up to three times, as the settings say."""
    names = (200, JSON, '["Sign Up"]')
    server = serve_answers((503, {}, ""), names, (503, {"Retry-After": "0"}, ""))
    settings = read_settings(
        {
            "MIXPANEL_USERNAME": "a",
            "MIXPANEL_SECRET": "b",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": server.url,
        },
        to_send=False,
    )
    file = ReportFile(metrics=FILE.metrics[:1])
    with connect(settings) as client:
        report = collect_report(client, WEEKLY, clock=clock, report_file=file)

    # Once and again for the names, three times for totals that never come.
    assert [("/names" in path) for path, _ in server.requests] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert report.api_calls == 2
    assert report.metrics[0].reason.startswith("totals could not be read")


@pytest.mark.parametrize("fault", FAULTS_OF_KINDS.values(), ids=FAULTS_OF_KINDS)
@pytest.mark.parametrize("kind", ["names", "totals"])
def test_a_fault_of_names_or_totals_leaves_no_false_number_of_any_kind(
    serve_mixpanel: Callable[..., Any],
    kinds_from: Callable[[str], Report],
    kind: str,
    fault: object,
) -> None:
    """What stands on them has no number, or the true one."""
    report = kinds_from(serve_mixpanel(kind, fault).url)

    assert numbers(report) <= TRUE_KINDS
    assert ("Saved", 1234.5) in numbers(report)
    assert all(v.reason for v in report.metrics if v.value is None)


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
