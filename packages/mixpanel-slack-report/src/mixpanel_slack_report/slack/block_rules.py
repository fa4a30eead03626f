"""What Slack refuses in a message, as far as Slack documents it.

The stand-in for Slack asks these rules. What builds the blocks does not: it keeps
Slack's limits by itself, and a mistake in it shows here.
The rules of tables and charts are in ``data_block_rules``.
Sources: https://docs.slack.dev/reference/block-kit/blocks and
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from mixpanel_slack_report.slack.data_block_rules import (
    MOST_CELL_TEXT,
    cell_characters,
    chart_problem,
    data_table_problem,
    table_problem,
)

__all__ = ["block_problem", "message_error"]

# https://docs.slack.dev/reference/block-kit/blocks
MOST_BLOCKS = 50
# Not documented, but seen: https://github.com/vercel/chat/pull/696
MOST_CHARTS = 2
# Not documented, but seen: https://github.com/slackapi/bolt-js/issues/2509
LARGEST_BLOCKS = 13_200
# https://docs.slack.dev/reference/methods/chat.postMessage#truncating
LONGEST_TEXT = 40_000
TEXT_KINDS = ("plain_text", "mrkdwn")
# https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
LEAVES = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "broadcast": "range",
}
BROADCASTS = ("here", "channel", "everyone")


def message_error(message: dict[str, Any]) -> str:
    """Return the error code that Slack would answer; "" if the message is good.

    >>> message_error({"text": "hello"}), message_error({"blocks": []})
    ('', 'no_text')
    """
    blocks = message.get("blocks", [])
    if not message.get("text") and not blocks:
        return "no_text"
    if not isinstance(blocks, list) or any(not isinstance(b, dict) for b in blocks):
        return "invalid_blocks_format"
    return size_error(message.get("text", ""), blocks)


def size_error(text: str, blocks: list[dict[str, Any]]) -> str:
    """Return the error for a message that is too large, or has a block that is bad."""
    if len(json.dumps(blocks)) > LARGEST_BLOCKS:
        return "msg_blocks_too_long"
    if len(text) > LONGEST_TEXT:
        return "msg_too_long"
    kinds = [block.get("type") for block in blocks]
    if kinds.count("table") > 1:
        # https://docs.slack.dev/reference/block-kit/blocks/table-block
        return "invalid_attachments"
    if (
        len(blocks) > MOST_BLOCKS
        or kinds.count("data_visualization") > MOST_CHARTS
        or any(block_problem(block) for block in blocks)
        or sum(map(cell_characters, blocks)) > MOST_CELL_TEXT
    ):
        return "invalid_blocks"
    return ""


def block_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with a block; "" if it is good.

    >>> block_problem({"type": "header", "text": {"type": "mrkdwn", "text": "Hi"}})
    "a text is 'mrkdwn', not plain_text"
    """
    kind = block.get("type")
    rules: dict[object, Callable[[dict[str, Any]], str]] = {
        "context": context_problem,
        "data_table": lambda block: data_table_problem(block, rich=block_problem),
        "data_visualization": chart_problem,
        "divider": lambda block: "",
        "header": header_problem,
        "rich_text": rich_text_problem,
        "section": section_problem,
        "table": lambda block: table_problem(block, rich=block_problem),
    }
    if kind not in rules:
        return f"unknown block {kind!r}"
    return rules[kind](block)


def header_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with a header."""
    return text_problem(block.get("text"), longest=150, kinds=TEXT_KINDS[:1])


def context_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with a context."""
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        return "a context has 1 to 10 elements"
    return first(text_problem(element, longest=3000) for element in elements)


def section_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with a section."""
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        return "a section has a text or fields"
    if not isinstance(fields, list) or len(fields) > 10:
        return "a section has at most 10 fields"
    problems = [text_problem(field, longest=2000) for field in fields]
    if "text" in block:
        problems.append(text_problem(block["text"], longest=3000))
    return first(problems)


def text_problem(
    text: object, *, longest: int, kinds: tuple[str, ...] = TEXT_KINDS
) -> str:
    """Say what is wrong with a text object."""
    if not isinstance(text, dict) or text.get("type") not in kinds:
        given = text.get("type") if isinstance(text, dict) else text
        return f"a text is {given!r}, not {' or '.join(kinds)}"
    if "emoji" in text and text["type"] == "mrkdwn":
        return "emoji is no key of mrkdwn"
    words = text.get("text")
    if not isinstance(words, str) or not 1 <= len(words) <= longest:
        return f"a text has 1 to {longest} characters"
    return ""


def rich_text_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with rich text."""
    return rich_problem(block.get("elements"), inner=paragraph_problem)


def rich_problem(elements: object, *, inner: Callable[[dict[str, Any]], str]) -> str:
    """Say what is wrong with the elements of rich text."""
    if not isinstance(elements, list) or not elements:
        return "rich text without elements"
    return first(inner(element) for element in elements)


def paragraph_problem(element: dict[str, Any]) -> str:
    """Say what is wrong with a paragraph or a list."""
    kind, elements = element.get("type"), element.get("elements")
    if kind == "rich_text_section":
        return rich_problem(elements, inner=leaf_problem)
    if kind == "rich_text_list" and element.get("style") in {"bullet", "ordered"}:
        return rich_problem(elements, inner=paragraph_problem)
    return f"unknown rich text {kind!r}"


def leaf_problem(element: dict[str, Any]) -> str:
    """Say what is wrong with a piece of text, a link or a mention."""
    kind = element.get("type")
    if kind not in LEAVES:
        return f"unknown piece of rich text {kind!r}"
    words = element.get(LEAVES[kind])
    if not isinstance(words, str) or not words:
        return f"a {kind} of rich text needs its {LEAVES[kind]}"
    if kind == "broadcast" and words not in BROADCASTS:
        return f"a broadcast is {words!r}, not {' or '.join(BROADCASTS)}"
    return ""


def first(problems: Iterable[str]) -> str:
    """Return the first problem; "" if there is none."""
    return next(filter(None, problems), "")
