"""``mixpanel-query events``."""

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
from mixpanel_query.parameters import CountType, Unit

__all__ = ["events"]


@click.command()
@click.argument("events", nargs=-1, required=True, metavar="EVENT...")
@window_options("the project's timezone", required=False)
@type_option
@click.option(
    "--unit",
    type=click.Choice(["minute", "hour", "day", "week", "month"]),
    default="day",
    show_default=True,
    help="Length of a bucket.",
)
@click.option(
    "--interval",
    type=int,
    metavar="UNITS",
    help="How many units to count, back from the current one, instead of days.",
)
@format_option
@click.pass_context
def events(
    context: click.Context,
    /,
    *,
    events: tuple[str, ...],
    from_date: date | None,
    to_date: date | None,
    count_type: CountType,
    unit: Unit,
    interval: int | None,
    shape: str,
) -> None:
    """Count events over time.

    All events are counted with one request. Either days or an interval are needed.

    \b
    Examples:
      mixpanel-query events "Sign Up" Purchase --from 7d --to yesterday
      mixpanel-query events Purchase --from 60d --to today \\
        --type unique --unit month --format json
      mixpanel-query events Purchase --unit week --interval 8 -o weeks.csv
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_time_series
    from mixpanel_query.command.unknown_events import warn_of_unknown

    check_days(context, "--interval")
    with connected(context) as client:
        series = client.events(
            events, from_date, to_date, type=count_type, unit=unit, interval=interval
        )
    print_time_series(series, shape=shape)
    counted = {name for name, counts in series.values.items() if any(counts.values())}
    warn_of_unknown(context, [name for name in events if name not in counted])
