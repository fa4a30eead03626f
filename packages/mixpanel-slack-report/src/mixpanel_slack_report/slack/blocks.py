"""A report as a Slack message: Block Kit blocks, and the text for screen readers.

Names of events and metrics are data. They stand in ``plain_text`` and in ``text``
elements of rich text only, where Slack does not look for mentions, links or emoji.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)

from mixpanel_slack_report.changes import number_in_words
from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.message import PLAIN, TEXT, SlackMessage
from mixpanel_slack_report.summary import value_in_words
from mixpanel_slack_report.wording import PERIOD_TITLES, readable, window_in_words

__all__ = ["SlackMessage", "build_details", "build_message", "build_messages"]

LONGEST_HEADER = 150
LONGEST_LINE = 500
# Slack refuses a message of about 13,200 characters: these add up to less, together
# with the blocks' own names. https://github.com/slackapi/bolt-js/issues/2509
ROOM_FOR_METRICS = 3400
ROOM_FOR_TOP_EVENTS = 2300
ROOM_FOR_SUMMARY = 2000
ROOM_FOR_TEXT = 2300


def build_messages(report: Report) -> tuple[SlackMessage, SlackMessage, SlackMessage]:
    """Lay a report out three times: what Slack shows best first, text alone last.

    A delivery that is refused for its blocks steps down to the next one.
    """
    best = build_message(report)
    return best, replace(best, rung=PLAIN), SlackMessage(best.text, (), TEXT)


def build_details(report: Report) -> SlackMessage | None:
    """Lay out what does not fit into the report, for its thread; None if all does."""
    return None


def build_message(report: Report) -> SlackMessage:
    """Lay a report out for Slack, within the limits of Slack, whatever its names are.

    What does not fit is counted in a last line ("and 12 more").
    """
    blocks: list[Block] = [
        HeaderBlock(text=plain(title(report), longest=LONGEST_HEADER)),
        ContextBlock(elements=[plain(line) for line in coverage(report)]),
        DividerBlock(),
        listing(
            "Key Metrics",
            map(value_in_words, report.metrics),
            total=len(report.metrics),
            room=ROOM_FOR_METRICS,
        ),
    ]
    if report.top_events:
        blocks.append(
            listing(
                "Top Events",
                map(top_event_in_words, report.top_events),
                total=len(report.top_events),
                room=ROOM_FOR_TOP_EVENTS,
                style="ordered",
            )
        )
    if report.summary:
        total = len(report.summary)
        blocks.append(
            listing("Summary", report.summary, total=total, room=ROOM_FOR_SUMMARY)
        )
    blocks += [DividerBlock(), ContextBlock(elements=[plain(footer(report))])]
    return SlackMessage(
        text=fallback_text(report), blocks=tuple(block.to_dict() for block in blocks)
    )


def title(report: Report) -> str:
    """Name the report and whose it is."""
    name = PERIOD_TITLES[report.windows.period]
    return f"{readable(report.company)}: {name}" if report.company else name


def coverage(report: Report) -> tuple[str, str]:
    """Say which days are reported and which they are compared with."""
    return (
        f"{window_in_words(report.windows.current)} ({report.timezone})",
        f"compared with {window_in_words(report.windows.compared)}",
    )


def top_event_in_words(top: TopEvent) -> str:
    """Write an event with its count."""
    return f"{readable(top.event)} — {number_in_words(top.count)}"


def footer(report: Report) -> str:
    """Say where the numbers come from and when they were asked for."""
    calls = "1 call" if report.api_calls == 1 else f"{report.api_calls} calls"
    return (
        f"Analytics • Auto-generated report • data as of "
        f"{report.generated_at:%Y-%m-%d %H:%M} {report.timezone} • {calls} to Mixpanel"
    )


def fallback_text(report: Report) -> str:
    """Write the whole report as text, escaped as Slack asks for.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    lines = chain(
        [f"{title(report)}, {', '.join(coverage(report))}"],
        map(value_in_words, report.metrics),
        report.missing,
    )
    escaped = (
        readable(line, longest=LONGEST_LINE)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        for line in lines
    )
    kept = fit(escaped, room=ROOM_FOR_TEXT, frame=len("\\n"))
    return "\n".join(
        [*kept, *more(1 + len(report.metrics) + len(report.missing) - len(kept))]
    )


def listing(
    heading: str,
    lines: Iterable[str],
    *,
    total: int,
    room: int,
    style: str = "bullet",
) -> RichTextBlock:
    """Make a heading with a list of ``total`` lines under it, as rich text."""
    bold = RichTextElementParts.TextStyle(bold=True)
    head = RichTextElementParts.Text(text=heading, style=bold)
    shown = (readable(line, longest=LONGEST_LINE) for line in lines)
    kept = fit(shown, room=room, frame=len(json.dumps(paragraph("").to_dict())) + 2)
    elements: list[RichTextElement] = [RichTextSectionElement(elements=[head])]
    if kept:
        items = [paragraph(line) for line in kept]
        elements.append(RichTextListElement(style=style, elements=items))
    elements += [paragraph(line) for line in more(total - len(kept))]
    return RichTextBlock(elements=elements)


def paragraph(line: str) -> RichTextSectionElement:
    """Make a line of rich text without any formatting."""
    return RichTextSectionElement(elements=[RichTextElementParts.Text(text=line)])


def plain(text: str, *, longest: int = 300) -> PlainTextObject:
    """Make text in which Slack reads neither markup nor emoji."""
    return PlainTextObject(text=readable(text, longest=longest), emoji=False)


def fit(lines: Iterable[str], *, room: int, frame: int) -> list[str]:
    """Keep the first lines whose JSON, each with its frame, fits into ``room``."""
    kept = []
    for line in lines:
        room -= len(json.dumps(line)) + frame
        if room < 0:
            break
        kept.append(line)
    return kept


def more(left_out: int) -> list[str]:
    """Say how many lines did not fit; nothing if all did."""
    return [f"and {left_out} more"] if left_out else []
