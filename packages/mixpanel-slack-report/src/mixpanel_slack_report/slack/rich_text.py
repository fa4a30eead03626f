"""Rich text and plain text, in which Slack looks for no markup.

Names of events and metrics are data: they stand in ``text`` elements of rich text, in
``plain_text`` without emoji, and in cells of tables, where ``<!channel>``, ``*x*``,
links and ``:tada:`` are nothing but their characters.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    ContextBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)

from mixpanel_slack_report.slack.fitting import JsonBlock, fit, more, size
from mixpanel_slack_report.wording import readable

__all__ = ["context", "header", "linked", "listing", "mentions", "paragraph"]

LONGEST_HEADER = 150
LONGEST_LINE = 500
BROADCASTS = ("here", "channel", "everyone")
USER = re.compile(r"[UW][A-Z0-9]{2,30}")
USERGROUP = re.compile(r"S[A-Z0-9]{2,30}")


def header(line: str) -> JsonBlock:
    """Make the title of a message."""
    return HeaderBlock(text=plain(line, longest=LONGEST_HEADER)).to_dict()


def context(*lines: str) -> JsonBlock:
    """Make a line of small text; each of at most 10 lines is an element of its own."""
    return ContextBlock(elements=[plain(line) for line in lines]).to_dict()


def plain(line: str, *, longest: int = 300) -> PlainTextObject:
    """Make text in which Slack reads neither markup nor emoji."""
    return PlainTextObject(text=readable(line, longest=longest), emoji=False)


def listing(
    heading: str,
    lines: Iterable[RichTextSectionElement],
    *,
    total: int,
    room: int,
    style: str = "bullet",
) -> list[JsonBlock]:
    """Make a heading with a list under it, within ``room`` characters of JSON.

    Args:
        heading: What stands above the list, in bold.
        lines: The lines of the list.
        total: How many lines there are; what does not fit is counted below.
        room: The most characters.
        style: ``"bullet"`` or ``"ordered"``.

    Returns:
        One block; none if there are no lines.
    """
    if not total:
        return []
    elements: list[RichTextElement] = [bold(heading)]
    frame = size(RichTextBlock(elements=elements).to_dict())
    frame += size(RichTextListElement(style=style, elements=[]).to_dict())
    rest = size(paragraph(more(total)).to_dict())
    kept = fit((line.to_dict() for line in lines), room=room - frame - rest)
    if kept:
        elements.append(RichTextListElement(style=style, elements=kept))
    if len(kept) < total:
        elements.append(paragraph(more(total - len(kept))))
    return [RichTextBlock(elements=elements).to_dict()]


def paragraph(line: str, whom: Sequence[str] = ()) -> RichTextSectionElement:
    """Make a line of rich text without any formatting.

    Args:
        line: Any text.
        whom: Whom to mention behind it, as in ``Threshold``.
    """
    text = RichTextElementParts.Text(text=readable(line, longest=LONGEST_LINE))
    elements: list[RichTextElement] = [text]
    for mention in mentions(whom):
        elements += [RichTextElementParts.Text(text=" "), mention]
    return RichTextSectionElement(elements=elements)


def mentions(whom: Sequence[str]) -> list[RichTextElement]:
    """Make the elements that mention users, user groups or everybody.

    What is no id of Slack's mentions nobody.

    >>> [mention.type for mention in mentions(["U024BE7LH", "S0614TZR7", "here", "x"])]
    ['user', 'usergroup', 'broadcast']
    """
    elements: list[RichTextElement] = []
    for name in whom:
        if USER.fullmatch(name):
            elements.append(RichTextElementParts.User(user_id=name))
        elif USERGROUP.fullmatch(name):
            elements.append(RichTextElementParts.UserGroup(usergroup_id=name))
        elif name in BROADCASTS:
            elements.append(RichTextElementParts.Broadcast(range=name))
    return elements


def linked(line: str, url: str) -> JsonBlock:
    """Make a line that is a link."""
    link = RichTextElementParts.Link(url=url, text=line)
    return RichTextBlock(elements=[RichTextSectionElement(elements=[link])]).to_dict()


def bold(line: str) -> RichTextSectionElement:
    """Make a heading."""
    style = RichTextElementParts.TextStyle(bold=True)
    return RichTextSectionElement(
        elements=[RichTextElementParts.Text(text=line, style=style)]
    )
