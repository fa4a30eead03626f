"""``mixpanel-query activity``."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_query.command.options import connected, format_option, window_options

__all__ = ["activity"]

COLUMNS = ["time", "distinct_id", "event", "properties"]
# They have columns of their own in a table.
SHOWN = {"time", "distinct_id", "$distinct_id"}


@click.command()
@click.argument("distinct_ids", nargs=-1, required=True, metavar="DISTINCT_ID...")
@window_options("the project's timezone")
@format_option
@click.pass_context
def activity(
    context: click.Context,
    /,
    *,
    distinct_ids: tuple[str, ...],
    from_date: date,
    to_date: date,
    shape: str,
) -> None:
    """List what some users did.

    Events come in order of time, in UTC. Mixpanel keeps this question in maintenance
    mode; the command export has the events of everybody.

    \b
    Examples:
      mixpanel-query activity user-1 --from 7d --to today
      mixpanel-query activity user-1 user-2 --from 7d --to today --format jsonl
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        found = client.activity(distinct_ids, from_date, to_date)
    rows = found.to_dicts()
    if shape == "table":
        for row, event in zip(rows, found, strict=True):
            row["properties"] = {
                name: value
                for name, value in event.properties.items()
                if name not in SHOWN
            }
    print_records(rows, COLUMNS, shape=shape)
