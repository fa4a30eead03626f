"""What only the person sees who typed a slash command."""

from __future__ import annotations

from html import escape

__all__ = ["ephemeral_message"]

# https://docs.slack.dev/reference/block-kit/blocks/section-block
LONGEST = 2900


def ephemeral_message(text: str) -> dict[str, object]:
    """Make a message of plain text, in which nothing is markup, mention or emoji.

    >>> ephemeral_message("<!channel>")["text"]
    '&lt;!channel&gt;'
    """
    kept = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    plain = {"type": "plain_text", "text": kept, "emoji": False}
    return {
        "response_type": "ephemeral",
        # https://docs.slack.dev/messaging/formatting-message-text#escaping
        "text": escape(kept, quote=False),
        "blocks": [{"type": "section", "text": plain}],
    }
