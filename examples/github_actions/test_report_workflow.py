"""The workflow that sends reports: from a local project to a stand-in for Slack."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mixpanel_query.local import LocalProject
from mixpanel_slack_report.deploy.ready_folders import folder_files
from mixpanel_slack_report.slack.stand_in import SlackStandIn

NAME = ".github/workflows/mixpanel-report.yml"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that keeps what is posted."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """A project with a sign-up and an order on each of 41 days; today's is the last."""
    noon = datetime.now(timezone.utc).replace(hour=12, minute=0, second=0)
    rows = [
        {
            "event": event,
            "properties": {
                "time": int((noon - timedelta(days=day)).timestamp()),
                "distinct_id": f"user-{day % 5}",
                "$insert_id": f"{event} {day}",
            },
        }
        for day in range(41)
        for event in ("User Signed Up", "Order Completed")
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    with LocalProject(
        credentials=("reports", "s3cret"), timezone="Europe/London"
    ) as running:
        running.load(path)
        yield running


@pytest.fixture
def send(run_steps: Run, project: LocalProject, slack: SlackStandIn) -> Run:
    """Runs the workflow on a weekday, with the report that was asked for by hand."""
    secrets = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "SLACK_WEBHOOK_URL": slack.webhook_url,
    }
    variables = {
        "MIXPANEL_PROJECT_ID": "1",
        "TIMEZONE": "Europe/London",
        "COMPANY_NAME": "Example Shop",
        "REPORT_FILE": "report.toml",
    }

    def run(
        *, weekday: int, period: str = "", **changed: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it; ``changed`` are other secrets."""
        contexts = {
            "secrets": {**secrets, **changed},
            "vars": variables,
            "inputs": {"period": period},
        }
        environ = {
            "WEEKDAY": str(weekday),
            "MIXPANEL_BASE_URL": project.base_url,
            "MIXPANEL_ATTEMPTS": "1",
        }
        return run_steps("mixpanel-report.yml", contexts, **environ)

    return run


def test_only_the_hour_differs_from_init_github(repository: Path) -> None:
    """The workflow is what ``init github`` writes, half past seven."""
    written = folder_files("github")[NAME]

    assert 'cron: "0 9 * * *"' in written
    assert (repository / NAME).read_text("utf-8") == written.replace(
        'cron: "0 9 * * *"', 'cron: "30 7 * * *"'
    )


def test_a_schedule_sends_the_daily_report_once(send: Run, slack: SlackStandIn) -> None:
    """On a Tuesday there is no other; a run that is repeated posts nothing."""
    codes = [send(weekday=2).returncode for _ in range(2)]

    assert codes == [0, 0]
    (message,) = slack.messages
    assert "Daily Report" in message["text"]
    assert "Orders: 1" in message["text"]


def test_a_monday_has_the_weekly_report_too(send: Run, slack: SlackStandIn) -> None:
    """The bi-weekly one depends on the real day, and may be a third."""
    done = send(weekday=1)

    assert done.returncode == 0, done.stderr
    assert "Daily Report" in slack.messages[0]["text"]
    assert "Weekly Report" in slack.messages[1]["text"]
    assert "Orders: 7" in slack.messages[1]["text"]


def test_a_report_can_be_sent_by_hand(send: Run, slack: SlackStandIn) -> None:
    """It is the one that was chosen, on any day."""
    done = send(weekday=2, period="weekly")

    assert done.returncode == 0, done.stderr
    (message,) = slack.messages
    assert "Weekly Report" in message["text"]


def test_a_report_that_cannot_be_made_fails_the_run(
    send: Run, slack: SlackStandIn
) -> None:
    """So that GitHub shows it in red; the channel has a notice."""
    done = send(weekday=2, MIXPANEL_SECRET="wr0ng")  # noqa: S106 - made up

    assert done.returncode == 1
    (notice,) = slack.messages
    assert "What failed" in notice["text"]
    assert "wr0ng" not in done.stdout + done.stderr
