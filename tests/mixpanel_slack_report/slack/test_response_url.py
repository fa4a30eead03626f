"""Replies to whoever typed a slash command."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.http.ephemeral import ephemeral_message
from mixpanel_slack_report.slack.response_url import reply_to
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn


def test_a_reply_is_seen_by_who_asked() -> None:
    """The message arrives as it was made."""
    message = ephemeral_message("Sent <it>.")

    with SlackStandIn() as slack:
        reply_to(slack.response_url, message)

    (post,) = slack.posts
    assert (post.channel, post.message) == (
        "response",
        {
            "response_type": "ephemeral",
            "text": "Sent &lt;it&gt;.",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "plain_text",
                        "text": "Sent <it>.",
                        "emoji": False,
                    },
                }
            ],
        },
    )


def test_a_long_reply_is_cut() -> None:
    """Slack takes 3000 characters in a section."""
    with SlackStandIn() as slack:
        reply_to(slack.response_url, ephemeral_message("x" * 10_000))

    (post,) = slack.posts
    assert len(post.message["blocks"][0]["text"]["text"]) == 2900


@pytest.mark.parametrize(
    ("scripted", "outcome"),
    [
        (ScriptedAnswer(404, "used_url"), "refused"),
        (ScriptedAnswer(500, "oops", posted=True), "unknown"),
        (ScriptedAnswer(reset="after"), "unknown"),
    ],
    ids=["used", "5xx", "reset"],
)
def test_a_reply_that_was_not_taken_is_told_once(
    scripted: ScriptedAnswer, outcome: str
) -> None:
    """It is not repeated, and the address is not in the error."""
    with SlackStandIn() as slack:
        slack.answers.append(scripted)
        with pytest.raises(DeliveryError) as refusal:
            reply_to(slack.response_url, ephemeral_message("Sent."))

    assert (refusal.value.outcome, len(slack.requests)) == (outcome, 1)
    assert "commands" not in str(refusal.value)
