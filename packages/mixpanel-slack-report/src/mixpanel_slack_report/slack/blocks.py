"""A report as Slack messages: with charts and tables, with rich text, as text alone.

Names of events and metrics are data; they stand only where Slack does not look for
mentions, links or emoji. Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from mixpanel_slack_report.changes import figure_in_words, number_in_words
from mixpanel_slack_report.collection.trend_windows import trend_windows
from mixpanel_slack_report.metrics import MetricValue, TopEvent
from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.charts import trend_charts
from mixpanel_slack_report.slack.fitting import (
    ROOM_FOR_BLOCKS,
    JsonBlock,
    Part,
    allot,
    size,
)
from mixpanel_slack_report.slack.message import BEST, PLAIN, TEXT, SlackMessage
from mixpanel_slack_report.slack.message_text import report_text
from mixpanel_slack_report.slack.report_lines import (
    LINK,
    coverage,
    event_change,
    event_in_words,
    footer,
    new_in_words,
    note_in_words,
    stopped_in_words,
    title,
)
from mixpanel_slack_report.slack.rich_text import (
    context,
    header,
    linked,
    listing,
    paragraph,
)
from mixpanel_slack_report.slack.tables import Cell, data_table, figure, words
from mixpanel_slack_report.summary import value_in_words, verdict_in_words

__all__ = ["SlackMessage", "build_details", "build_message", "build_messages"]

DIVIDER: JsonBlock = {"type": "divider"}
Item = TypeVar("Item")
# More than any report has.
UNBOUNDED = 10**7


def build_message(report: Report) -> SlackMessage:
    """Lay a report out for Slack as well as Slack can show it.

    The limits of Slack are kept whatever the names are, and however many; what does
    not fit is counted ("and 12 more").
    """
    return SlackMessage(report_text(report), layout(report, rich_parts(report)), BEST)


def build_messages(report: Report) -> tuple[SlackMessage, SlackMessage, SlackMessage]:
    """Lay a report out three times: what Slack shows best first, text alone last.

    A delivery that is refused for its blocks steps down to the next one.
    """
    best = build_message(report)
    return (
        best,
        SlackMessage(best.text, layout(report, plain_parts(report)), PLAIN),
        SlackMessage(report_text(report, mentioning=True), (), TEXT),
    )


def build_details(report: Report) -> SlackMessage | None:
    """Write the whole report for the thread below it, where a part was left out.

    Returns:
        A message of text, which may be three times as long as blocks may be; None if
        the report itself has everything.
    """
    parts = body_parts(report, rich_parts(report))
    whole = [block for part in parts for block in part.make(UNBOUNDED)]
    shown = build_message(report).blocks
    if all(block in shown for block in whole):
        return None
    return SlackMessage(report_text(report), (), TEXT)


def layout(report: Report, numbers: Sequence[Part]) -> tuple[JsonBlock, ...]:
    """Put the parts of a report under its title and above its footer."""
    head = [header(title(report)), context(*coverage(report)), DIVIDER]
    foot = [DIVIDER, context(footer(report))]
    if report.link.startswith("https://"):
        foot.insert(1, linked(LINK, report.link))
    room = ROOM_FOR_BLOCKS - sum(map(size, (*head, *foot)))
    return (*head, *allot(body_parts(report, numbers), room=room), *foot)


def body_parts(report: Report, numbers: Sequence[Part]) -> list[Part]:
    """Put what crossed a threshold above the numbers, and the summary below."""
    new, stopped = report.new_events, report.stopped_events
    notes, summary = report.annotations, report.summary
    return [
        Part(lambda room: alert_list(report, room), most=2000, rank=0),
        *numbers,
        list_part("New Events", new_in_words, new, most=1000, rank=5),
        list_part("Stopped Events", stopped_in_words, stopped, most=1000, rank=6),
        list_part("Noted in Mixpanel", note_in_words, notes, most=1200, rank=7),
        list_part("Summary", str, summary, most=2500, rank=1),
    ]


def rich_parts(report: Report) -> list[Part]:
    """Show the numbers in tables and charts."""
    windows = trend_windows(report.windows)
    return [
        Part(lambda room: metric_table(report.metrics, room), most=5000, rank=2),
        Part(
            lambda room: trend_charts(report.metrics, windows, room=room),
            most=4000,
            rank=4,
        ),
        Part(lambda room: event_table(report.top_events, room), most=2500, rank=3),
    ]


def plain_parts(report: Report) -> list[Part]:
    """Show the numbers in lists."""
    metrics, events = report.metrics, report.top_events
    return [
        list_part("Key Metrics", value_in_words, metrics, most=6000, rank=2),
        list_part(
            "Top Events", event_in_words, events, most=3000, rank=3, style="ordered"
        ),
    ]


def list_part(
    heading: str,
    write: Callable[[Item], str],
    items: Sequence[Item],
    *,
    most: int,
    rank: int,
    style: str = "bullet",
) -> Part:
    """Make a part that is a list of items, each in words."""
    return Part(
        lambda room: listing(
            heading,
            (paragraph(write(item)) for item in items),
            total=len(items),
            room=room,
            style=style,
        ),
        most=most,
        rank=rank,
    )


def alert_list(report: Report, room: int) -> list[JsonBlock]:
    """List the alerts, each with whom the report file mentions for it."""
    lines = (paragraph(alert.sentence, alert.mention) for alert in report.alerts)
    return listing("Alerts", lines, total=len(report.alerts), room=room)


def metric_table(metrics: Sequence[MetricValue], room: int) -> list[JsonBlock]:
    """Make the table of the key metrics."""
    rows = (
        (words(value.metric.name), number_cell(value), words(verdict_in_words(value)))
        for value in metrics
    )
    heads = ("Key Metric", "Number", "Change")
    return data_table("Key Metrics", heads, rows, total=len(metrics), room=room)


def number_cell(value: MetricValue) -> Cell:
    """Show the number of a metric; a dash if there is none."""
    if value.value is None:
        return words("-")
    return figure(value.value, figure_in_words(value.metric, value.value))


def event_table(events: Sequence[TopEvent], room: int) -> list[JsonBlock]:
    """Make the table of the most frequent events, the commonest first."""
    heads = ["Top Event", "Count"]
    if any(top.previous is not None for top in events):
        heads.append("Change")
    rows = (event_row(top)[: len(heads)] for top in events)
    return data_table("Top Events", heads, rows, total=len(events), room=room)


def event_row(top: TopEvent) -> list[Cell]:
    """Show an event, its count and how that changed."""
    count = figure(top.count, number_in_words(top.count))
    return [words(top.event), count, words(event_change(top) or "not known")]
