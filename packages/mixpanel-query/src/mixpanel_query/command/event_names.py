"""``mixpanel-query event-names``."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_query.command.options import (
    check_days,
    connected,
    format_option,
    type_option,
    window_options,
)
from mixpanel_query.parameters import CountType

__all__ = ["event_names"]


@click.command("event-names")
@type_option
@click.option(
    "--limit", type=int, default=255, show_default=True, help="How many at most."
)
@window_options(
    "the project's timezone; the last 31 days, if neither is", required=False
)
@format_option
@click.pass_context
def event_names(
    context: click.Context,
    /,
    *,
    count_type: CountType,
    limit: int,
    from_date: date | None,
    to_date: date | None,
    shape: str,
) -> None:
    """List the commonest events.

    The events of the last 31 days count, or those of the days given; the commonest
    comes first.

    \b
    Examples:
      mixpanel-query event-names
      mixpanel-query event-names --type unique --limit 10 --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    check_days(context, "neither")
    with connected(context) as client:
        names = client.event_names(
            type=count_type, limit=limit, from_date=from_date, to_date=to_date
        )
    print_records([{"event": name} for name in names], ["event"], shape=shape)
    if not names and from_date is None and to_date is None:
        problem = "no event in the last 31 days"
        click.echo(f"Warning: {problem}; for others give --from and --to", err=True)
