"""The message that says that a report failed."""

from __future__ import annotations

import json
import shlex
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.exceptions import CollectionError, SettingsError
from mixpanel_slack_report.failure_notice.notice import failure_notice
from mixpanel_slack_report.periods import Window, windows_due
from mixpanel_slack_report.slack.block_rules import message_error

WEEK = Window(date(2026, 11, 9), date(2026, 11, 15))


def test_a_notice_says_what_failed_and_how_to_mend_it() -> None:
    """The whole of it, as screen readers read it."""
    error = CollectionError("Mixpanel answered 503 to /events")

    message = failure_notice(
        "weekly", WEEK, error, timezone="Europe/London", company="Acme"
    )

    assert message.text == (
        "Acme: Weekly Report was not sent, November 9 to November 15, 2026 "
        "(Europe/London)\n"
        "What failed: Mixpanel answered 503 to /events\n"
        "How to mend it: Check that the project has data for these days, and that "
        "report.toml has names that the project knows: mixpanel-slack-report check.\n"
        "Where to look: In the log of the run; mixpanel-slack-report check looks at "
        "the settings.\n"
        "To send it: mixpanel-slack-report send weekly --date 2026-11-16\n"
        "This is said once for each cause and report."
    )


def test_the_blocks_say_the_same() -> None:
    """Head, days, what failed, and each line of the text."""
    message = failure_notice("weekly", WEEK, SettingsError("A is not set", "B is 1"))

    head, days, body, _ = message.blocks
    assert head["text"] == {
        "type": "plain_text",
        "text": "Weekly Report was not sent",
        "emoji": False,
    }
    assert "November 9 to November 15, 2026" in json.dumps(days)
    elements: Any = body["elements"]
    assert [
        line["elements"][0]["text"]
        for element in elements
        for line in (
            element["elements"] if element["type"] == "rich_text_list" else [element]
        )
    ] == [
        "What failed",
        "A is not set",
        "B is 1",
        "How to mend it",
        "Correct what is named here, and send it.",
        "Where to look",
        "In the log of the run; mixpanel-slack-report check looks at the settings.",
        "To send it",
        "mixpanel-slack-report send weekly --date 2026-11-16",
    ]


@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
@pytest.mark.parametrize("due", [date(2026, 11, 16), date(2027, 1, 4)])
def test_the_command_sends_the_same_days(period: str, due: date) -> None:
    """Its date is one on which the report has these days."""
    window = windows_due(period, due).current

    message = failure_notice(period, window, CollectionError("no number"))

    line = next(line for line in message.text.splitlines() if "--date" in line)
    day = date.fromisoformat(line.rpartition(" ")[2])
    assert windows_due(period, day).current == window


def test_the_command_names_the_events_that_were_asked_for() -> None:
    """Without them it would send another report; a shell takes the line as it is."""
    message = failure_notice(
        "weekly", WEEK, CollectionError("no number"), events=("Sign Up", "Bob's")
    )

    line = next(line for line in message.text.splitlines() if "--events" in line)
    assert shlex.split(line)[-2:] == ["--events", "Sign Up,Bob's"]


def test_the_command_for_other_days_names_both() -> None:
    """A custom report is due on no day."""
    message = failure_notice("custom", WEEK, CollectionError("no number"))

    assert "send custom --from 2026-11-09 --to 2026-11-15" in message.text


def test_days_that_are_not_known_are_not_made_up() -> None:
    """Settings may be wrong before there are any days."""
    message = failure_notice("daily", None, SettingsError("TIMEZONE is 'x'"))

    assert "its days are not known" in message.text
    assert "send daily\n" in message.text


def test_what_an_error_quotes_is_no_markup() -> None:
    """Nobody is called by the name of an event."""
    error = CollectionError("<!channel> *x* & <https://example.com|y> :tada:")

    message = failure_notice("weekly", WEEK, error)

    assert "&lt;!channel&gt; *x* &amp; &lt;https://example.com|y&gt;" in message.text
    assert "mrkdwn" not in json.dumps(message.blocks)
    assert message.payload()["mrkdwn"] is False


def test_secrets_are_taken_out() -> None:
    """Of what failed and of whose report it is."""
    error = CollectionError("the proxy said: ann:s3cretword is wrong")

    message = failure_notice(
        "weekly", WEEK, error, company="s3cretword Ltd", secrets=["s3cretword"]
    )

    assert "s3cretword" not in message.text + json.dumps(message.blocks)
    assert "the proxy said: ann:*** is wrong" in message.text


def test_a_long_list_is_cut_and_counted() -> None:
    """Twenty problems are no message."""
    error = SettingsError(*(f"problem {letter}" for letter in "abcdefgh"))

    message = failure_notice("weekly", WEEK, error)

    assert "problem e" in message.text
    assert "problem f" not in message.text
    assert "and 3 more" in message.text


@given(
    problems=st.lists(st.text(max_size=2000), max_size=20),
    company=st.text(max_size=300),
    timezone=st.sampled_from(["", "UTC", "America/Argentina/ComodRivadavia"]),
)
def test_slack_takes_every_notice(
    problems: list[str], company: str, timezone: str
) -> None:
    """Whatever an error says, however long."""
    message = failure_notice(
        "biweekly", WEEK, SettingsError(*problems), timezone=timezone, company=company
    )

    assert message_error(message.payload()) == ""
    # https://docs.slack.dev/changelog/2018-truncating-really-long-messages
    assert len(message.text) <= 40_000


def test_the_longest_notice_has_room() -> None:
    """Five lines of signs that take twelve characters each."""
    problems = ["\N{PARTY POPPER}" * 2000] * 20

    message = failure_notice(
        "biweekly", WEEK, SettingsError(*problems), company="\N{PARTY POPPER}" * 300
    )

    assert message_error(message.payload()) == ""
