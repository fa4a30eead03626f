"""``mixpanel-query export``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mixpanel_query.command.options import connected, window_options

__all__ = ["export"]


@click.command()
@window_options("UTC, or in the project's timezone if it was made before 2023")
@click.option(
    "--event",
    "events",
    multiple=True,
    help="Export this event only; may be given several times.",
)
@click.option("--where", help="Expression that an event must meet.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE|-",
    help="File to write, which appears when it is whole; - prints, as without it.",
)
@click.pass_context
def export(
    context: click.Context,
    /,
    *,
    from_date: date,
    to_date: date,
    events: tuple[str, ...],
    where: str | None,
    output: Path,
) -> None:
    """Export raw events as JSON Lines.

    An export that Mixpanel cuts short fails: FILE is left as it was.

    \b
    Examples:
      mixpanel-query export --from 7d --to yesterday -o week.jsonl
      mixpanel-query export --from yesterday --to yesterday --event Purchase
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.json_lines import write_events
    from mixpanel_query.command.unknown_events import warn_of_unknown

    with connected(context) as client:
        rows = client.export(from_date, to_date, events=events or None, where=where)
        count = write_events(rows, output)
    click.echo(f"{count:,} events exported", err=True)
    if count == 0:
        warn_of_unknown(context, events)
