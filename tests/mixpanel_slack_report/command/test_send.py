"""``mixpanel-slack-report send``: what is posted, what is not, and how often."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mixpanel_slack_report.slack.stand_in import SlackStandIn

from .outcomes import REPORT, Run


def test_send_posts_to_slack(run: Run) -> None:
    """The numbers in Slack are those of the loaded events."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Sent the weekly report 2026-11-09 to 2026-11-15.\n"
    (message,) = slack.messages
    assert "Signups: 3, up 2 from 1 (+200.0 %)" in message["text"]
    metrics, _ = [block for block in message["blocks"] if "caption" in block]
    new_users = [cell["text"] for cell in metrics["rows"][2]]
    assert new_users == ["New users", "2", "up 1 from 1 (+100.0 %)"]


def test_a_late_run_sends_the_same_days(run: Run) -> None:
    """On Thursday the week is still the one that was due on Monday."""
    with SlackStandIn() as slack:
        run(
            "send",
            "weekly",
            "--date",
            "2026-11-19",
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert "November 9 to November 15, 2026" in slack.messages[0]["text"]


def test_a_dry_run_prints_the_message(run: Run) -> None:
    """Nothing is posted."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16", "--dry-run"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert slack.messages == []
    assert outcome.code == 0
    assert json.loads(outcome.out)["blocks"][0]["type"] == "header"


@pytest.mark.parametrize("period", ["weekly", "biweekly"])
def test_a_dry_run_needs_no_webhook(run: Run, period: str) -> None:
    """Nothing is posted, so nobody has to say where."""
    outcome = run("send", period, "--date", "2026-11-09", "--dry-run")

    assert outcome.code == 0
    assert json.loads(outcome.out)["blocks"][0]["type"] == "header"


def test_a_dry_run_of_a_fortnight_that_is_not_due_prints_no_message(run: Run) -> None:
    """It says what sending would say."""
    outcome = run("send", "biweekly", "--date", "2026-11-16", "--dry-run")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "Nothing sent: the biweekly report is due on 2026-11-23.\n"


def test_a_dry_run_names_what_is_missing_beside_the_message(run: Run) -> None:
    """Stdout stays a document that can be pasted."""
    Path("report.toml").write_text(
        REPORT + '[[metric]]\nname = "Sales"\nevent = "Sale"\nkind = "total"'
    )

    outcome = run("send", "weekly", "--date", "2026-11-16", "--dry-run")

    assert json.loads(outcome.out)["blocks"][0]["type"] == "header"
    assert outcome.err.startswith("Sales is missing: 'Sale' is not among the 1 ")


def test_a_fortnight_that_is_not_due_needs_no_webhook(run: Run) -> None:
    """The line is the same with and without one."""
    outcome = run("send", "biweekly", "--date", "2026-11-16")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "Nothing sent: the biweekly report is due on 2026-11-23.\n"


@pytest.mark.parametrize("period", ["weekly", "biweekly"])
def test_a_report_that_is_due_needs_a_webhook_before_any_call(
    run: Run, period: str
) -> None:
    """Mixpanel, which is not there, is not asked."""
    outcome = run(
        *("send", period, "--date", "2026-11-09"),
        MIXPANEL_BASE_URL="http://127.0.0.1:9",
    )

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "Error: SLACK_WEBHOOK_URL is not set; give the address of a Slack incoming "
        "webhook (api.slack.com/apps); settings come from the environment and from "
        ".env in this folder\n"
    )


def test_days_before_the_project_had_data_are_not_sent(run: Run) -> None:
    """A row of zeros that nobody measured is no report; Slack has a notice of it."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2020-01-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, len(slack.messages)) == (1, 1)
    assert slack.messages[0]["text"].startswith("Weekly Report was not sent, January 6")
    assert outcome.err == (
        "Error: nothing was sent, as no number could be had. Signups and New users are "
        "missing: no event at all was counted from 2020-01-06 to 2020-01-12 (names "
        "asked for: 1); the project may have no data from then.\n"
        "A notice of the failure was posted to the webhook's channel.\n"
    )


def test_a_report_with_something_missing_is_sent_with_code_3(run: Run) -> None:
    """The rest arrives, and both Slack and stderr name what is missing."""
    Path("report.toml").write_text(
        REPORT + '[[metric]]\nname = "Sales"\nevent = "Sale"\nkind = "total"'
    )
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert outcome.code == 3
    assert outcome.err.startswith("Sales is missing: 'Sale' is not among the 1 ")
    assert "Sales is missing" in slack.messages[0]["text"]


def test_a_report_without_any_number_is_not_sent(run: Run) -> None:
    """The run fails, as often as it is run; Slack gets one notice of the failure."""
    Path("report.toml").write_text(
        '[[metric]]\nname = "S"\nevent = "Sale"\nkind = "total"'
    )
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        outcome = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        again = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)

    assert (outcome.code, again.code, len(slack.messages)) == (1, 1, 1)
    assert slack.messages[0]["text"].startswith("Weekly Report was not sent, November")
    assert "nothing was sent" in again.err


def test_settings_that_are_wrong_are_told_to_the_channel(run: Run) -> None:
    """Nobody may be watching; where to post is known."""
    with SlackStandIn() as slack:
        outcome = run(
            "send",
            "weekly",
            TIMEZONE="Mars",
            MIXPANEL_SECRET="",
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, len(slack.messages)) == (1, 1)
    assert "MIXPANEL_SECRET is not set" in slack.messages[0]["text"]


def test_a_fortnight_that_is_not_due_is_not_sent(run: Run) -> None:
    """The line says when it is due, and the run is no failure."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "biweekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, slack.messages) == (0, [])
    assert outcome.err == ("Nothing sent: the biweekly report is due on 2026-11-23.\n")


def test_a_fortnight_that_is_due_is_sent(run: Run) -> None:
    """2026-11-09 is 22 fortnights after the anchor."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "biweekly", "--date", "2026-11-09"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert outcome.code == 0
    assert "October 26 to November 8, 2026" in slack.messages[0]["text"]


def test_a_message_that_slack_refuses_fails(
    run: Run, serve_answers: Callable[..., Any]
) -> None:
    """The line has Slack's word and the remedy, but not the address."""
    server = serve_answers((404, {}, "no_service"))

    outcome = run(
        *("send", "weekly", "--date", "2026-11-16"),
        SLACK_WEBHOOK_URL=f"{server.url}/services/T1/B2/s3cret",
    )

    assert outcome.code == 1
    assert "no_service" in outcome.err
    assert "s3cret" not in outcome.err + outcome.out


def test_debug_shows_where_an_error_came_from_without_secrets(
    run: Run, serve_answers: Callable[..., Any]
) -> None:
    """The traceback stands before the line that is there without it."""
    server = serve_answers((404, {}, "no_service"))
    secret = f"{server.url}/services/T1/B2/s3cretpath"

    outcome = run(
        *("--debug", "send", "weekly", "--date", "2026-11-16"),
        SLACK_WEBHOOK_URL=secret,
    )

    assert outcome.code == 1
    assert outcome.err.startswith("Traceback (most recent call last):\n")
    assert outcome.err.splitlines()[-1].startswith("Error: Slack answered 404")
    assert "s3cretpath" not in outcome.err
    assert "right-s3cret" not in outcome.err


def test_a_report_is_sent_once(run: Run) -> None:
    """The second run says when it was sent, and is no failure."""
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        first = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        second = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)

    assert (first.code, second.code, len(slack.messages)) == (0, 0, 1)
    assert second.out == ""
    assert second.err.startswith(
        "Nothing sent: the weekly report 2026-11-09 to 2026-11-15 was sent at "
    )
    assert second.err.endswith(" UTC; --force sends it again.\n")


def test_force_sends_it_again(run: Run) -> None:
    """Whatever is on record."""
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        forced = run(*command, "--force", SLACK_WEBHOOK_URL=slack.webhook_url)

    assert (forced.code, len(slack.messages)) == (0, 2)
    assert forced.out == "Sent the weekly report 2026-11-09 to 2026-11-15.\n"


def test_named_events_are_a_report_of_their_own(run: Run) -> None:
    """It is sent beside the report of the file, and the period may be left out."""
    days = ("--from", "2026-11-09", "--to", "2026-11-15")
    with SlackStandIn() as slack:
        run("send", *days, SLACK_WEBHOOK_URL=slack.webhook_url)
        named = run(
            "send", *days, "--events", "Sign Up", SLACK_WEBHOOK_URL=slack.webhook_url
        )

    assert named.out == "Sent the custom report 2026-11-09 to 2026-11-15.\n"
    assert "Sign Up: 3, " in slack.messages[1]["text"]
    assert "New users" not in slack.messages[1]["text"]


def test_two_projects_share_a_channel_and_a_ledger(run: Run) -> None:
    """What one sent keeps nothing of the other back."""
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        run(*command, SLACK_WEBHOOK_URL=slack.webhook_url, MIXPANEL_PROJECT_ID="2")

    assert len(slack.messages) == 2
