"""A report in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from mixpanel_slack_report.changes import (
    change_in_words,
    figure_in_words,
    number_in_words,
)
from mixpanel_slack_report.metrics import MetricValue
from mixpanel_slack_report.report import Report
from mixpanel_slack_report.wording import PERIOD_TITLES, readable, window_in_words

__all__ = ["print_report", "render_text"]


def render_text(report: Report, *, width: int = 80) -> str:
    """Write a report as plain text of ``width`` columns, without colours."""
    page = StringIO()
    console = Console(file=page, width=width, color_system=None, force_terminal=False)
    write_report(report, console)
    return page.getvalue()


def print_report(report: Report) -> None:
    """Print a report as wide as the terminal, with colours if it is one."""
    write_report(report, Console())


def write_report(report: Report, console: Console) -> None:
    """Write a report without the spaces that rich fills lines up with."""
    segments: list[Segment] = []
    for line in console.render_lines(report_view(report), pad=False):
        segments += without_end(line)
        segments.append(Segment.line())
    console.print(Segments(segments), end="")


def without_end(line: Sequence[Segment]) -> list[Segment]:
    """Return a line without the spaces at its end, coloured or not."""
    kept = list(line)
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    if kept:
        text, style, control = kept.pop()
        kept.append(Segment(text.rstrip(), style, control))
    return kept


def report_view(report: Report) -> RenderableType:
    """Lay a report out for a terminal; names are data, never markup."""
    windows = report.windows
    name = PERIOD_TITLES[windows.period]
    company = f"{readable(report.company)}: " if report.company else ""
    parts: list[RenderableType] = [
        Text(f"{company}{name}", style="bold"),
        Text(f"{window_in_words(windows.current)} ({report.timezone})"),
        Text(f"compared with {window_in_words(windows.compared)}", style="dim"),
        section("Key Metrics", metric_table(report)),
    ]
    if report.top_events:
        parts.append(section("Top Events", top_table(report)))
    if report.summary:
        sentences = [Text(f"• {sentence}") for sentence in report.summary]
        parts.append(section("Summary", Group(*sentences)))
    calls = f"{report.api_calls} calls to Mixpanel"
    stamp = f"data as of {report.generated_at:%Y-%m-%d %H:%M} {report.timezone}"
    parts.append(Text(f"\n{stamp}, {calls}", style="dim"))
    return Group(*parts)


def section(heading: str, body: RenderableType) -> RenderableType:
    """Put a heading over a part of the report."""
    return Group(Text(f"\n{heading}", style="bold"), Padding(body, (0, 0, 0, 2)))


def metric_table(report: Report) -> Table:
    """Make the table of the key metrics."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for value in report.metrics:
        name, number = readable(value.metric.name), number_text(value)
        table.add_row(Text(name), number, change_text(value))
    return table


def number_text(value: MetricValue) -> Text:
    """Write the number of a metric, or that there is none."""
    if value.value is None:
        return Text("-")
    return Text(figure_in_words(value.metric, value.value))


def change_text(value: MetricValue) -> Text:
    """Say how a metric changed, or why that is not known."""
    if value.value is None:
        word = "no such event" if value.status == "no_such_event" else "no data"
        return Text(word, style="yellow")
    if value.previous is None:
        return Text("change not known", style="yellow")
    words = change_in_words(value.metric, value.value, value.previous)
    if value.status == "partial":
        return Text(f"{words}, incomplete", style="yellow")
    if value.value == value.previous:
        return Text(words)
    return Text(words, style="green" if value.value > value.previous else "red")


def top_table(report: Report) -> Table:
    """Make the table of the most frequent events."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for place, top in enumerate(report.top_events, start=1):
        name, count = Text(readable(top.event)), Text(number_in_words(top.count))
        table.add_row(Text(f"{place}."), name, count)
    return table
