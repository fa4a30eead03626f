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

__all__ = ["GLUE", "event_table", "metric_table", "sentence_table"]

# Stands for a space at which no line is folded; rich folds at every sign for a space.
GLUE = "\ue000"

# Narrower terminals have the change under the number, wider ones the trend in words.
NARROW, WIDE = 70, 120
SHORTEST_NAMES = 20
INDENT = GAP = 2
STYLES = {"up": "green", "down": "red"}


def metric_table(values: Sequence[MetricValue], *, width: int) -> RenderableType:
    """Make the table of the key metrics for a terminal of ``width`` columns."""
    if width < NARROW:
        return Group(*stacked(values))
    has_trend = any(sparkline(value.trend) for value in values)
    rows = [cells(v, has_trend=has_trend, is_wide=width >= WIDE) for v in values]
    widths = [max(map(widest_line, column)) for column in zip(*rows, strict=True)]
    room = width - INDENT - sum(widths) - GAP * len(widths)
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(overflow="fold", max_width=max(room, SHORTEST_NAMES))
    for place, least in enumerate(widths):
        if place <= has_trend:
            table.add_column(justify="right", no_wrap=True, min_width=least)
        else:
            table.add_column(overflow="fold")
    for value, row in zip(values, rows, strict=True):
        table.add_row(Text(readable(value.metric.name)), *row)
    return table


def cells(value: MetricValue, *, has_trend: bool, is_wide: bool) -> list[Text]:
    """Give what stands behind a metric's name: its number, trend, change, verdict."""
    trend = [Text(sparkline(value.trend), style="cyan")] if has_trend else []
    if not is_wide:
        return [number_of(value), *trend, change_and_trend(value)]
    return [number_of(value), *trend, change_of(value), glued(trend_in_words(value))]


def stacked(values: Sequence[MetricValue]) -> Iterator[RenderableType]:
    """Give each metric as a line with its number, and its change under that."""
    for value in values:
        number = number_of(value)
        table = Table.grid(padding=(0, GAP, 0, 0), expand=True)
        table.add_column(overflow="fold", ratio=1)
        table.add_column(justify="right", no_wrap=True, min_width=number.cell_len)
        table.add_row(Text(readable(value.metric.name)), number)
        yield table
        yield Padding(change_and_trend(value), (0, 0, 0, 2))


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
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    longest = max(map(len, counts), default=0)
    table.add_column(justify="right", no_wrap=True, min_width=longest)
    table.add_column(overflow="fold")
    for place, (top, count) in enumerate(zip(shown, counts, strict=True), start=1):
        name, change = Text(readable(top.event)), Text()
        if top.previous and not after:
            change = coloured(change_in_words(None, top.count, top.previous))
        if change and width < NARROW:
            name, change = name.append("\n").append_text(change), Text()
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
        table.add_row(Text(mark, style=style), glued(sentence, style=style))
    return table


def widest_line(text: Text) -> int:
    """Return how many columns the longest line of a text takes."""
    return max(line.cell_len for line in text.split(allow_blank=True))


def number_of(value: MetricValue) -> Text:
    """Write the number of a metric, or a dash where there is none."""
    if value.value is None:
        return Text("-")
    return Text(figure_in_words(value.metric, value.value))


def change_of(value: MetricValue) -> Text:
    """Say how a metric changed, or why that is not known."""
    if value.value is None:
        word = "no such event" if value.status == "no_such_event" else "no data"
        return Text(word, style="yellow")
    if value.previous is None:
        return Text("change not known", style="yellow")
    words = change_in_words(value.metric, value.value, value.previous)
    if value.status == "partial":
        return glued(f"{words}, incomplete", style="yellow")
    return coloured(words)


def change_and_trend(value: MetricValue) -> Text:
    """Say how a metric changed and, on a second line, whether it is outside a trend."""
    words = change_of(value)
    if is_outside(value):
        words.append("\n").append_text(glued(trend_in_words(value)))
    return words


def coloured(words: str) -> Text:
    """Colour a change by its first word, which says what the colour says."""
    return glued(words, style=STYLES.get(words.split(" ", 1)[0], ""))


def glued(words: str, style: str = "") -> Text:
    """Make a text in which no number is parted from the sign for percent behind it."""
    return Text(words.replace(" %", f"{GLUE}%"), style=style)
