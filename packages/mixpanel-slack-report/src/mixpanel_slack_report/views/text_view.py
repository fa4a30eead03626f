"""A report in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.text import Text

from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.report_lines import coverage, note_in_words, title
from mixpanel_slack_report.views.text_tables import (
    GLUE,
    event_table,
    metric_table,
    sentence_table,
)

__all__ = ["print_report", "render_text"]

MOST_CHANGES = 10


def render_text(report: Report, *, width: int = 80) -> str:
    """Write a report as plain text of ``width`` columns, without colours.

    Lines keep to the width from 40 columns on; long names are folded, and numbers
    never are.
    """
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
    view = report_view(report, width=console.width)
    for line in console.render_lines(view, pad=False):
        segments += without_end(line)
        segments.append(Segment.line())
    shown = [writable(segment, console.encoding) for segment in segments]
    console.print(Segments(shown), end="")


def without_end(line: Sequence[Segment]) -> list[Segment]:
    """Return a line without the spaces at its end, coloured or not."""
    kept = list(line)
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    if kept:
        text, style, control = kept.pop()
        kept.append(Segment(text.rstrip(), style, control))
    return kept


def writable(segment: Segment, encoding: str) -> Segment:
    """Return a segment with a question mark for what the output cannot encode."""
    text, style, control = segment
    encoded = text.replace(GLUE, " ").encode(encoding, "replace")
    return Segment(encoded.decode(encoding), style, control)


def report_view(report: Report, *, width: int) -> RenderableType:
    """Lay a report out for a terminal; names are data, never markup."""
    calls = "1 call" if report.api_calls == 1 else f"{report.api_calls} calls"
    stamp = f"data as of {report.generated_at:%Y-%m-%d %H:%M} {report.timezone}"
    reported, compared = coverage(report)
    return Group(
        Text(title(report), style="bold"),
        Text(reported),
        Text(compared, style="dim"),
        *sections(report, width=width),
        Text(f"\n{stamp}, {calls} to Mixpanel", style="dim"),
    )


def sections(report: Report, *, width: int) -> Iterator[RenderableType]:
    """Give the parts that a report has, alerts first."""
    if report.alerts:
        alerts = [alert.sentence for alert in report.alerts]
        yield section("Alerts", sentence_table(alerts, mark="!", style="red"))
    yield section("Key Metrics", metric_table(report.metrics, width=width))
    for heading, events, most, after in (
        ("Top Events", report.top_events, len(report.top_events), ""),
        ("New Events", report.new_events, MOST_CHANGES, ""),
        ("Stopped Events", report.stopped_events, MOST_CHANGES, " before"),
    ):
        if events:
            table = event_table(events, width=width, most=most, after=after)
            yield section(heading, table)
    if report.annotations:
        notes = list(map(note_in_words, report.annotations))
        yield section("Notes in Mixpanel", sentence_table(notes))
    if report.summary:
        yield section("Summary", sentence_table(report.summary))


def section(heading: str, body: RenderableType) -> RenderableType:
    """Put a heading over a part of the report."""
    return Group(Text(f"\n{heading}", style="bold"), Padding(body, (0, 0, 0, 2)))
