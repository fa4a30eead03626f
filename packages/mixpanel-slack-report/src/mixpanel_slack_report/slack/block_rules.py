"""What Slack refuses in a message, as far as Slack documents it.

The stand-in for Slack asks these rules. What builds the blocks does not: it keeps
Slack's limits by itself, and a mistake in it shows here.
Sources: https://docs.slack.dev/reference/block-kit/blocks and
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["block_problem", "message_error"]

MOST_BLOCKS = 50
# Not documented, but seen: https://github.com/slackapi/bolt-js/issues/2509
LARGEST_BLOCKS = 13_200
TEXT_KINDS = ("plain_text", "mrkdwn")


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
    if len(json.dumps(blocks)) > LARGEST_BLOCKS:
        return "msg_blocks_too_long"
    if len(blocks) > MOST_BLOCKS or any(block_problem(block) for block in blocks):
        return "invalid_blocks"
    return ""


def block_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with a block; "" if it is good.

    >>> block_problem({"type": "header", "text": {"type": "mrkdwn", "text": "Hi"}})
    "a text is 'mrkdwn', not plain_text"
    """
    kind, elements = block.get("type"), block.get("elements")
    if kind == "divider":
        return ""
    if kind == "header":
        return text_problem(block.get("text"), longest=150, kinds=TEXT_KINDS[:1])
    if kind == "section":
        return section_problem(block)
    if kind == "context":
        return context_problem(elements)
    if kind == "rich_text":
        return rich_problem(elements, inner=paragraph_problem)
    return f"unknown block {kind!r}"


def context_problem(elements: object) -> str:
    """Say what is wrong with the elements of a context."""
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
    """Say what is wrong with a piece of text."""
    words = element.get("text")
    if element.get("type") != "text" or not isinstance(words, str) or not words:
        return "rich text has text elements that are not empty"
    return ""


def first(problems: Iterable[str]) -> str:
    """Return the first problem; "" if there is none."""
    return next(filter(None, problems), "")
