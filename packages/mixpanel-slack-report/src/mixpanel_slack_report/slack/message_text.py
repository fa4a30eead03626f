"""A report as the text of a message: for notifications, and where no block is taken.

The text is posted without ``mrkdwn``, so that stars, underscores and backticks stay
what they are. Emoji and links are found by Slack all the same; an invisible sign
between their characters keeps them text.
https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.fitting import more
from mixpanel_slack_report.slack.report_lines import (
    LINK,
    coverage,
    event_in_words,
    footer,
    new_in_words,
    note_in_words,
    stopped_in_words,
    title,
)
from mixpanel_slack_report.slack.rich_text import mentions
from mixpanel_slack_report.summary import value_in_words
from mixpanel_slack_report.wording import readable

__all__ = ["as_text", "report_text"]

# Slack cuts a text that is longer than 40,000 characters:
# https://docs.slack.dev/reference/methods/chat.postMessage#truncating
LONGEST_TEXT = 39_000
LONGEST_LINE = 500
MOST_EVENTS = 50
# https://www.unicode.org/versions/latest/core-spec/chapter-23/#G23126
WORD_JOINER = "\u2060"
EMOJI = re.compile(r":(?=[\w'+-]+:)|:(?=//)")
Item = TypeVar("Item")


def report_text(report: Report, *, mentioning: bool = False) -> str:
    """Write the whole report as text, escaped as Slack asks for.

    Args:
        report: The report.
        mentioning: Whether the text mentions whom the alerts name. Blocks beside it
            do so themselves, and nobody is told twice.
    """
    kept: list[str] = []
    room = LONGEST_TEXT
    lines = list(report_lines(report, mentioning=mentioning))
    for line in lines:
        room -= len(line) + len("\n")
        if room < 0:
            break
        kept.append(line)
    left_out = len(lines) - len(kept)
    return "\n".join([*kept, more(left_out, "lines")] if left_out else kept)


def report_lines(report: Report, *, mentioning: bool) -> Iterator[str]:
    """Yield the lines of the text, the most important first."""
    yield as_text(f"{title(report)}, {', '.join(coverage(report))}")
    for alert in report.alerts:
        whom = mention_codes(alert.mention) if mentioning else []
        yield " ".join([f"Alert: {as_text(alert.sentence)}", *whom])
    yield from map(as_text, map(value_in_words, report.metrics))
    yield from map(as_text, report.missing)
    yield from chain(
        listed("Top event", event_in_words, report.top_events),
        listed("New event", new_in_words, report.new_events),
        listed("Stopped event", stopped_in_words, report.stopped_events),
        listed("Noted", note_in_words, report.annotations),
    )
    said = set(report.missing)
    yield from (as_text(line) for line in report.summary if line not in said)
    if report.link:
        yield f"{LINK}: {report.link}"
    yield as_text(footer(report))


def listed(
    what: str, write: Callable[[Item], str], items: Sequence[Item]
) -> Iterator[str]:
    """Yield a line for each item that says what it is, and one for those left out."""
    for item in items[:MOST_EVENTS]:
        yield as_text(f"{what}: {write(item)}")
    if len(items) > MOST_EVENTS:
        yield f"{what}: {more(len(items) - MOST_EVENTS)}"


def as_text(line: str) -> str:
    r"""Write a line of any text so that Slack shows its characters and no more.

    >>> as_text("<!channel> & co"), as_text(":tada:")
    ('&lt;!channel&gt; &amp; co', ':\u2060tada:')
    """
    escaped = (
        readable(line, longest=LONGEST_LINE)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )
    return EMOJI.sub(f":{WORD_JOINER}", escaped)


def mention_codes(whom: Iterable[str]) -> list[str]:
    """Write who is mentioned as Slack reads it in a text.

    https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
    """
    codes = []
    for element in mentions(tuple(whom)):
        given = element.to_dict()
        ways = {"user": "@{user_id}", "usergroup": "!subteam^{usergroup_id}"}
        codes.append(f"<{ways.get(given['type'], '!{range}').format(**given)}>")
    return codes
