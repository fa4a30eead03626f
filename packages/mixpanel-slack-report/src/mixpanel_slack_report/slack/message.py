"""What is posted to Slack: text, blocks, and how much of Slack they need."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BEST", "PLAIN", "TEXT", "SlackMessage"]

# The rungs of one report, from which a delivery steps down.
BEST, PLAIN, TEXT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What is posted to Slack; any thread may share it.

    Attributes:
        text: The whole report in words, for notifications and screen readers; what
            Slack would take for markup is escaped.
        blocks: The report as Block Kit blocks; empty if the text is all there is.
        rung: 0 with charts and tables, 1 with rich text, 2 with text alone.
    """

    text: str
    blocks: tuple[dict[str, object], ...]
    rung: int = BEST

    def payload(self) -> dict[str, object]:
        """Return the JSON to post, to which a channel or a thread may be added.

        Links are not unfolded, and the text is taken as it is: without ``mrkdwn``
        stars, underscores, tildes and backticks are no markup.
        https://docs.slack.dev/messaging/formatting-message-text

        >>> SlackMessage("3 * 4", ()).payload()["mrkdwn"]
        False
        """
        content: dict[str, object] = {"text": self.text, "mrkdwn": False}
        if self.blocks:
            content["blocks"] = list(self.blocks)
        return {**content, "unfurl_links": False, "unfurl_media": False}
