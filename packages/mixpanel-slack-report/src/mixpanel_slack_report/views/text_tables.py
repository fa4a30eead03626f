"""The tables of a report in the terminal: metrics and events.

Columns of numbers are never narrower than their numbers; names and words are folded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mixpanel_slack_report.changes import (
    change_in_words,
    figure_in_words,
    number_in_words,
)
from mixpanel_slack_report.metrics import MetricValue, TopEvent
from mixpanel_slack_report.trends import is_outside, sparkline, trend_in_words
from mixpanel_slack_report.wording import readable

__all__ = ["event_table", "metric_table", "sentence_table"]

# Narrower terminals have the change under the number, wider ones the trend in words.
NARROW, WIDE = 60, 120
STYLES = {"up": "green", "down": "red"}


def metric_table(values: Sequence[MetricValue], *, width: int) -> RenderableType:
    """Make the table of the key metrics for a terminal of ``width`` columns."""
    if width < NARROW:
        return Group(*stacked(values))
    is_wide, has_trend = width >= WIDE, any(value.trend for value in values)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    add_numbers(table, [number_of(value) for value in values])
    if has_trend:
        add_numbers(table, [sparkline(value.trend) for value in values])
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for value in values:
        cells = [Text(readable(value.metric.name)), Text(number_of(value))]
        if has_trend:
            cells.append(Text(sparkline(value.trend), style="cyan"))
        change = change_of(value)
        if not is_wide and is_outside(value):
            change.append(f", {trend_in_words(value)}")
        table.add_row(*cells, change, Text(trend_in_words(value) if is_wide else ""))
    return table


def stacked(values: Sequence[MetricValue]) -> Iterator[RenderableType]:
    """Give each metric as a line with its number, and its change under that."""
    for value in values:
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(overflow="fold", ratio=1)
        add_numbers(table, [number_of(value)])
        table.add_row(Text(readable(value.metric.name)), Text(number_of(value)))
        yield table
        words = change_of(value)
        if is_outside(value):
            words.append(f", {trend_in_words(value)}")
        yield Padding(words, (0, 0, 0, 2))


def event_table(
    events: Sequence[TopEvent], *, width: int, most: int, after: str = ""
) -> RenderableType:
    """Make a table of events and their counts.

    Args:
        events: What to list, in its order.
        width: How many columns the terminal has.
        most: How many to list; the rest is counted in a last line.
        after: What follows each count.
    """
    shown = events[:most]
    counts = [f"{number_in_words(top.count)}{after}" for top in shown]
    table = Table.grid(padding=(0, 2, 0, 0))
    add_numbers(table, [f"{place}." for place in range(1, len(shown) + 1)])
    table.add_column(overflow="fold")
    add_numbers(table, counts)
    table.add_column(overflow="fold")
    for place, (top, count) in enumerate(zip(shown, counts, strict=True), start=1):
        change = Text()
        if top.previous and width >= NARROW and not after:
            change = coloured(change_in_words(None, top.count, top.previous))
        name = Text(readable(top.event))
        table.add_row(Text(f"{place}."), name, Text(count), change)
    if len(events) == len(shown):
        return table
    return Group(table, Text(f"and {len(events) - len(shown)} more"))


def sentence_table(
    sentences: Sequence[str], *, mark: str = "•", style: str = ""
) -> RenderableType:
    """Make a list of sentences whose lines are indented behind their mark."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for sentence in sentences:
        table.add_row(Text(mark, style=style), Text(sentence, style=style))
    return table


def add_numbers(table: Table, numbers: Sequence[str]) -> None:
    """Add a column that is as wide as the widest of the numbers."""
    longest = max(map(len, numbers), default=0)
    table.add_column(justify="right", no_wrap=True, min_width=longest)


def number_of(value: MetricValue) -> str:
    """Write the number of a metric, or a dash where there is none."""
    if value.value is None:
        return "-"
    return figure_in_words(value.metric, value.value)


def change_of(value: MetricValue) -> Text:
    """Say how a metric changed, or why that is not known."""
    if value.value is None:
        word = "no such event" if value.status == "no_such_event" else "no data"
        return Text(word, style="yellow")
    if value.previous is None:
        return Text("change not known", style="yellow")
    words = change_in_words(value.metric, value.value, value.previous)
    if value.status == "partial":
        return Text(f"{words}, incomplete", style="yellow")
    return coloured(words)


def coloured(words: str) -> Text:
    """Colour a change by its first word, which says what the colour says."""
    return Text(words, style=STYLES.get(words.split(" ", 1)[0], ""))
