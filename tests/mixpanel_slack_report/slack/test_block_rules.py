"""What Slack refuses."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.slack.block_rules import block_problem, message_error


def plain(text: str, **more: object) -> dict[str, object]:
    """Make a plain text object."""
    return {"type": "plain_text", "text": text, **more}


def rich(*elements: object) -> dict[str, object]:
    """Make a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def paragraph(*elements: object) -> dict[str, object]:
    """Make a paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


LEAF = {"type": "text", "text": "a"}
MARKED = {"type": "mrkdwn", "text": "*a*"}


@pytest.mark.parametrize(
    "block",
    [
        {"type": "divider"},
        {"type": "header", "text": plain("a" * 150, emoji=False)},
        {"type": "section", "text": MARKED},
        {"type": "section", "fields": [MARKED] * 10},
        {"type": "context", "elements": [plain("a")] * 10},
        rich(paragraph(LEAF)),
        rich(
            {"type": "rich_text_list", "style": "bullet", "elements": [paragraph(LEAF)]}
        ),
        rich(paragraph({"type": "user", "user_id": "U1"})),
        rich(paragraph({"type": "usergroup", "usergroup_id": "S1"})),
        rich(paragraph({"type": "broadcast", "range": "here"})),
        rich(paragraph({"type": "link", "url": "https://x.y", "text": "x"})),
    ],
)
def test_documented_blocks_are_good(block: dict[str, object]) -> None:
    """Blocks at their limits are taken."""
    assert block_problem(block) == ""


@pytest.mark.parametrize(
    "block",
    [
        {"type": "carousel-of-nothing"},
        {"type": "header", "text": plain("a" * 151)},
        {"type": "header", "text": plain("")},
        {"type": "header", "text": MARKED},
        {"type": "header"},
        {"type": "section"},
        {"type": "section", "text": plain("a" * 3001)},
        {"type": "section", "fields": [MARKED] * 11},
        {"type": "section", "fields": [plain("a" * 2001)]},
        {"type": "section", "text": {"type": "mrkdwn", "text": "a", "emoji": False}},
        {"type": "context", "elements": [plain("a")] * 11},
        {"type": "context", "elements": []},
        rich(),
        rich(paragraph()),
        rich(paragraph({"type": "text", "text": ""})),
        rich(paragraph({"type": "mention", "text": "a"})),
        rich(paragraph({"type": "user"})),
        rich(paragraph({"type": "link", "text": "x"})),
        rich(paragraph({"type": "broadcast", "range": "all"})),
        rich({"type": "rich_text_list", "style": "bullet", "elements": []}),
        rich(
            {"type": "rich_text_list", "style": "stars", "elements": [paragraph(LEAF)]}
        ),
    ],
)
def test_blocks_beyond_the_documents_are_refused(block: dict[str, object]) -> None:
    """Each breaks one documented rule."""
    assert block_problem(block) != ""


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": "hello"}, ""),
        ({"blocks": [{"type": "divider"}]}, ""),
        ({}, "no_text"),
        ({"text": "a", "blocks": "b"}, "invalid_blocks_format"),
        ({"text": "a", "blocks": [1]}, "invalid_blocks_format"),
        ({"text": "a", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        (
            {
                "text": "a",
                "blocks": [{"type": "section", "text": plain("a" * 2900)}] * 5,
            },
            "msg_blocks_too_long",
        ),
    ],
)
def test_a_message_gets_the_code_that_slack_answers(
    message: dict[str, object], error: str
) -> None:
    """The codes are those of Slack's documents."""
    assert message_error(message) == error
