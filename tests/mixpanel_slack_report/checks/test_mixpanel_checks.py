"""Checks of Mixpanel, against a local project and against servers that say no."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_query.local import LocalProject
from mixpanel_slack_report.checks.findings import Finding
from mixpanel_slack_report.checks.mixpanel_checks import MixpanelCheck, check_mixpanel
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.report_file import ReportFile
from mixpanel_slack_report.settings import Settings, read_settings

NOW = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
SIGN_UPS = ReportFile(metrics=(Metric("Signups", ("Sign Up",), "total"),))
JSON = {"Content-Type": "application/json"}
ROW = {
    "event": "Sign Up",
    "properties": {"time": 1795600000, "distinct_id": "ann", "$insert_id": "1"},
}
Check = Callable[..., list[Finding]]


def settings(base_url: str | None, **more: str) -> Settings:
    """Make the settings of the account."""
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret-s3cret",
        "MIXPANEL_PROJECT_ID": "7",
        "MIXPANEL_BASE_URL": base_url or "",
        **more,
    }
    return read_settings(given, to_send=False)


@pytest.fixture
def check() -> Iterator[Check]:
    """Checks what answers at an address, or at one for each region."""
    clients = []

    def run(
        address: str | dict[str, str],
        *,
        report_file: ReportFile | None = SIGN_UPS,
        account: ServiceAccount = ACCOUNT,
        **more: str,
    ) -> list[Finding]:
        one = address if isinstance(address, str) else None

        def connect(region: str) -> Client:
            url = one or dict(address)[region]
            once = RetryPolicy(attempts=1)
            client = Client(account, base_url=url, timeout=0.5, retry=once)
            clients.append(client)
            return client

        return check_mixpanel(
            MixpanelCheck(settings(one, **more), report_file, connect, NOW)
        )

    yield run
    for client in clients:
        client.close()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """A project in Los Angeles with one sign-up."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(ROW))
    with LocalProject(
        credentials=ACCOUNT, timezone="America/Los_Angeles", clock=lambda: NOW
    ) as serving:
        serving.load(rows)
        yield serving


def test_a_set_up_that_works(check: Check, project: LocalProject) -> None:
    """Credentials, timezone and data are well."""
    assert check(project.base_url) == [
        Finding("credentials", "ok", "Mixpanel lets us project 7 in"),
        Finding(
            "timezone",
            "ok",
            "days are those of America/Los_Angeles, as the project says",
        ),
        Finding("data", "ok", "the project has 1 event names in the last 31 days"),
    ]


def test_another_name_of_the_timezone_is_well(
    check: Check, project: LocalProject
) -> None:
    """US/Pacific is where Los Angeles is."""
    found = check(project.base_url, TIMEZONE="US/Pacific")[1]

    assert found == Finding(
        "timezone", "ok", "TIMEZONE US/Pacific is that of the project"
    )


def test_a_wrong_timezone_is_contradicted(check: Check, project: LocalProject) -> None:
    """The line names both, and what to set."""
    found = check(project.base_url, TIMEZONE="Europe/London")[1]

    assert found == Finding(
        "timezone",
        "mend",
        "TIMEZONE is Europe/London, but the project's days are those of "
        "America/Los_Angeles; set America/Los_Angeles, or leave it out",
    )


def test_a_wrong_timezone_of_the_report_file_is_contradicted(
    check: Check, project: LocalProject
) -> None:
    """The line says that the file has it."""
    report_file = ReportFile(timezone="Asia/Tokyo", metrics=SIGN_UPS.metrics)

    found = check(project.base_url, report_file=report_file)[1]

    assert found.line.startswith("timezone of the report file is Asia/Tokyo, but")


def test_a_name_that_the_project_does_not_know(
    check: Check, project: LocalProject
) -> None:
    """The nearest one is named."""
    report_file = ReportFile(metrics=(Metric("Signups", ("Sign-Up",), "total"),))

    assert check(project.base_url, report_file=report_file)[-1] == Finding(
        "metric",
        "mend",
        "Signups: the project has no 'Sign-Up'; the nearest name is 'Sign Up'; name "
        "another in the report file (init report writes one)",
    )


def test_an_empty_project(check: Check) -> None:
    """No data at all is a finding of its own."""
    with LocalProject(credentials=ACCOUNT, clock=lambda: NOW) as empty:
        found = check(empty.base_url)

    assert found[-1] == Finding(
        "data",
        "mend",
        "the project has no event of the last 31 days; is it the right "
        "MIXPANEL_PROJECT_ID, and does anything track into it?",
    )


def test_a_wrong_secret(check: Check, project: LocalProject) -> None:
    """A 401 says where the right one is, and shows none."""
    wrong = ServiceAccount("reports", "wr0ng-wr0ng", 7)

    (found,) = check(project.base_url, account=wrong)

    assert found.line == (
        "Mixpanel refuses the service account for project 7 (401); check "
        "MIXPANEL_USERNAME and MIXPANEL_SECRET, that the account has not expired, and "
        "that it belongs to that project (Organization Settings > Service Accounts)"
    )


def test_a_wrong_region(
    check: Check, project: LocalProject, serve_answers: Callable[..., Any]
) -> None:
    """Where another region lets the account in, it is named."""
    refusing = serve_answers((401, JSON, '{"error": "no"}')).url

    (found,) = check({"us": refusing, "eu": refusing, "in": project.base_url})

    assert found == Finding(
        "credentials",
        "mend",
        "the us servers refuse them, the in servers do not: set MIXPANEL_REGION=in",
    )


def test_an_account_that_no_region_lets_in(
    check: Check, serve_answers: Callable[..., Any]
) -> None:
    """All were asked, so it is the account, and none of them is advised."""
    refusing = serve_answers((403, JSON, '{"error": "no"}')).url

    (found,) = check({"us": refusing, "eu": refusing, "in": refusing})

    assert found == Finding(
        "credentials",
        "mend",
        "the service account may not read project 7; give it a role there (Project "
        "Settings > Service Accounts)",
    )


@pytest.mark.parametrize(
    ("answer", "subject", "line"),
    [
        (
            (403, JSON, '{"error": "no"}'),
            "credentials",
            "the service account may not read project 7; give it a role there (Project "
            "Settings > Service Accounts)",
        ),
        (
            (400, JSON, '{"error": "bad"}'),
            "project",
            "Mixpanel refuses the question (400); MIXPANEL_PROJECT_ID has to be the "
            "numeric Project ID, not the token (Project Settings > Overview)",
        ),
        (
            (404, {}, "<html>"),
            "address",
            "Mixpanel refuses the question (404); what answers may not be Mixpanel: "
            "check MIXPANEL_BASE_URL if it is set, and the proxy",
        ),
        (
            (429, JSON, '{"error": "slow"}'),
            "rate limit",
            "Mixpanel has answered its 60 questions of this hour (429); wait, and see "
            "what else asks it: mixpanel-query budget",
        ),
        (
            (503, {}, "<html>"),
            "Mixpanel",
            "Mixpanel answered 503; try again later, see status.mixpanel.com",
        ),
    ],
)
def test_what_mixpanel_refuses(
    check: Check,
    serve_answers: Callable[..., Any],
    answer: object,
    subject: str,
    line: str,
) -> None:
    """Every status has a line and a remedy of its own."""
    assert check(serve_answers(answer).url) == [Finding(subject, "mend", line)]


def test_no_answer_at_all(check: Check, serve_answers: Callable[..., Any]) -> None:
    """A server that is silent is a matter of the network."""
    (found,) = check(serve_answers("hang").url)

    assert found.subject == "network"
    assert found.line.endswith(
        "; check the network, the proxy, and MIXPANEL_BASE_URL if it is set"
    )
    assert found.line.count("; check ") == 1


def test_a_mixpanel_that_does_not_tell_its_timezone(
    check: Check, serve_answers: Callable[..., Any]
) -> None:
    """What is not known is neither well nor wrong."""
    names = (200, JSON, '["Sign Up"]')
    server = serve_answers(names, (404, JSON, '{"error": "no such thing"}'))

    found = check(server.url)[1]

    assert found == Finding(
        "timezone",
        "skipped",
        "Mixpanel does not say the project's timezone; days are those of UTC: compare "
        "with Project Settings > Overview",
    )
