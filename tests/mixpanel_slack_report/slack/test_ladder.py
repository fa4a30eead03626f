"""A report goes down a step where a channel does not take its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import DeliveryError, LedgerError
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.slack.bot import BotChannel
from mixpanel_slack_report.slack.destinations import Destination
from mixpanel_slack_report.slack.ladder import Posted, post_details, post_report
from mixpanel_slack_report.slack.message import PLAIN, TEXT, SlackMessage
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn
from mixpanel_slack_report.slack.webhook import Webhook

NOW = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "Report"}}
MESSAGES = (
    SlackMessage("report", (HEADER, {"type": "divider"})),
    SlackMessage("report", (HEADER,), PLAIN),
    SlackMessage("report", (), TEXT),
)


class NoMemory:
    """A ledger that can be neither read nor written."""

    def accepted_rung(self, channel: str, *, now: datetime) -> int | None:
        """Fail to read."""
        raise LedgerError("the ledger cannot be read")

    def remember_rung(self, channel: str, rung: int, *, now: datetime) -> None:
        """Fail to write."""
        raise LedgerError("the ledger cannot be written")


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A stand-in that takes everything."""
    with SlackStandIn() as slack:
        yield slack


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    """A ledger that remembers nothing yet."""
    return SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: NOW)


@pytest.fixture(params=["webhook", "bot"])
def channel(request: pytest.FixtureRequest, slack: SlackStandIn) -> Destination:
    """A channel of the stand-in."""
    if request.param == "bot":
        return BotChannel(slack.bot_token, "#a", slack.api_url)
    return Webhook(slack.webhook_url)


def blocks_posted(slack: SlackStandIn) -> list[list[str]]:
    """List the types of the blocks of each message that was taken."""
    return [
        [block["type"] for block in message.get("blocks", ())]
        for message in slack.messages
    ]


def test_the_best_form_is_posted_where_it_is_taken(
    slack: SlackStandIn, channel: Destination, ledger: SqliteLedger
) -> None:
    """One request, one post."""
    posted = post_report(MESSAGES, channel, ledger, now=NOW)

    assert (posted.rung, len(slack.requests)) == (0, 1)
    assert blocks_posted(slack) == [["header", "divider"]]


@pytest.mark.parametrize(
    ("refused", "blocks"),
    [(["divider"], ["header"]), (["divider", "header"], [])],
)
def test_a_form_that_is_refused_is_followed_by_a_plainer_one(
    slack: SlackStandIn,
    channel: Destination,
    ledger: SqliteLedger,
    refused: list[str],
    blocks: list[str],
) -> None:
    """The refused ones were not posted, so one message is there."""
    slack.refused_blocks = frozenset(refused)

    posted = post_report(MESSAGES, channel, ledger, now=NOW)

    assert posted.rung == len(refused)
    assert len(slack.requests) == 1 + len(refused)
    assert blocks_posted(slack) == [blocks]


@pytest.mark.parametrize(
    "code",
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "msg_blocks_too_long",
    ],
)
def test_four_codes_are_about_the_form(
    slack: SlackStandIn, ledger: SqliteLedger, code: str
) -> None:
    """After each of them the next form is tried."""
    slack.answers.append(ScriptedAnswer(400, code))

    posted = post_report(MESSAGES, Webhook(slack.webhook_url), ledger, now=NOW)

    assert (posted.rung, len(slack.posts)) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        ScriptedAnswer(404, "no_service"),
        ScriptedAnswer(400, "invalid_payload"),
        ScriptedAnswer(403, "invalid_blocks"),
        ScriptedAnswer(500, "invalid_blocks"),
        ScriptedAnswer(200, "invalid_blocks"),
        ScriptedAnswer(reset="after"),
    ],
)
def test_nothing_else_goes_down_a_step(
    slack: SlackStandIn, ledger: SqliteLedger, answer: ScriptedAnswer
) -> None:
    """Another form would not help, or the first may have been posted."""
    slack.answers.append(answer)

    with pytest.raises(DeliveryError):
        post_report(MESSAGES, Webhook(slack.webhook_url), ledger, now=NOW)

    assert (len(slack.requests), slack.posts) == (1, [])


@pytest.mark.parametrize("code", ["channel_not_found", "internal_error", "no_text"])
def test_a_bots_other_refusals_go_down_no_step(
    slack: SlackStandIn, ledger: SqliteLedger, code: str
) -> None:
    """The channel is not there in a plainer form either."""
    slack.answers.append(ScriptedAnswer(200, f'{{"ok": false, "error": "{code}"}}'))
    bot = BotChannel(slack.bot_token, "#a", slack.api_url)

    with pytest.raises(DeliveryError):
        post_report(MESSAGES, bot, ledger, now=NOW)

    assert (len(slack.requests), slack.posts) == (1, [])


def test_text_that_is_refused_is_the_end(
    slack: SlackStandIn, channel: Destination, ledger: SqliteLedger
) -> None:
    """There is no plainer form than text."""
    messages = [*MESSAGES[:2], SlackMessage("report", ({"type": "nonsense"},), TEXT)]
    slack.refused_blocks = frozenset({"header"})

    with pytest.raises(DeliveryError, match="invalid_blocks"):
        post_report(messages, channel, ledger, now=NOW)

    assert (len(slack.requests), slack.posts) == (3, [])


def test_the_next_report_begins_at_the_form_that_was_taken(
    slack: SlackStandIn, channel: Destination, ledger: SqliteLedger
) -> None:
    """A channel is not asked every day for what it refuses."""
    slack.refused_blocks = frozenset({"divider"})
    post_report(MESSAGES, channel, ledger, now=NOW)

    post_report(MESSAGES, channel, ledger, now=NOW + timedelta(days=29))

    assert (len(slack.requests), len(slack.posts)) == (3, 2)


def test_the_best_form_is_tried_again_after_30_days(
    slack: SlackStandIn, channel: Destination, ledger: SqliteLedger
) -> None:
    """Also where a report was posted every day in between."""
    slack.refused_blocks = frozenset({"divider"})
    post_report(MESSAGES, channel, ledger, now=NOW)
    slack.refused_blocks = frozenset()

    rungs = [
        post_report(MESSAGES, channel, ledger, now=NOW + timedelta(days=day)).rung
        for day in range(1, 32)
    ]

    assert rungs == [1] * 29 + [0, 0]


def test_each_channel_has_its_own_memory(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """What one workspace lacks, another may have."""
    slack.refused_blocks = frozenset({"divider"})
    post_report(MESSAGES, Webhook(slack.webhook_url), ledger, now=NOW)
    slack.refused_blocks = frozenset()
    bot = BotChannel(slack.bot_token, "#a", slack.api_url)

    assert post_report(MESSAGES, bot, ledger, now=NOW).rung == 0


def test_a_memory_that_fails_keeps_no_report_back(
    slack: SlackStandIn, channel: Destination
) -> None:
    """It begins at the best form, and what was posted counts as posted."""
    slack.refused_blocks = frozenset({"divider"})

    assert post_report(MESSAGES, channel, NoMemory(), now=NOW).rung == 1


def test_details_are_a_reply_to_the_report(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """They stand in its thread."""
    bot = BotChannel(slack.bot_token, "#a", slack.api_url)
    posted = post_report(MESSAGES, bot, ledger, now=NOW)

    remark = post_details(SlackMessage("details", ()), bot, posted)

    assert (remark, [post.thread for post in slack.posts]) == (
        "",
        ["", "1700000000.000001"],
    )


@pytest.mark.parametrize("details", [None, SlackMessage("details", ())])
def test_a_webhook_posts_no_details(
    slack: SlackStandIn, ledger: SqliteLedger, details: SlackMessage | None
) -> None:
    """It has no threads, and a second message would be one too many."""
    webhook = Webhook(slack.webhook_url)
    posted = post_report(MESSAGES, webhook, ledger, now=NOW)

    assert post_details(details, webhook, posted) == ""
    assert len(slack.posts) == 1


def test_details_that_fail_do_not_undo_the_report(slack: SlackStandIn) -> None:
    """The report is there; a sentence says what is not."""
    slack.answers.append(ScriptedAnswer(503))
    bot = BotChannel(slack.bot_token, "#a", slack.api_url)

    remark = post_details(SlackMessage("details", ()), bot, Posted(0, "1.2"))

    assert remark == (
        "the report is there, and its details may not be: Slack answered 503 (0 "
        "characters) for #a: whether it was posted is not known: look at the channel "
        "before sending again"
    )
