"""What is posted."""

from __future__ import annotations

from mixpanel_slack_report.slack.message import SlackMessage


def test_text_and_blocks_are_posted_without_markup_and_previews() -> None:
    """Neither are links unfolded."""
    message = SlackMessage("*hello*", ({"type": "divider"},))

    assert message.payload() == {
        "text": "*hello*",
        "blocks": [{"type": "divider"}],
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_message_of_text_has_no_blocks() -> None:
    """An empty list is nothing that Slack documents."""
    assert "blocks" not in SlackMessage("hello", (), 2).payload()
