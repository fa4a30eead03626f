"""``mixpanel-query event-properties``."""

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

__all__ = ["event_properties"]


@click.command("event-properties")
@click.argument("event")
@click.argument("name", metavar="PROPERTY")
@window_options("the project's timezone", required=False)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="TEXT",
    help="Count this value only; may be given several times.",
)
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
@click.option(
    "--limit", type=int, default=255, show_default=True, help="How many values at most."
)
@format_option
@click.pass_context
def event_properties(
    context: click.Context,
    /,
    *,
    event: str,
    name: str,
    from_date: date | None,
    to_date: date | None,
    values: tuple[str, ...],
    count_type: CountType,
    unit: Unit,
    interval: int | None,
    limit: int,
    shape: str,
) -> None:
    """Count an event by the values of a property.

    Either days or an interval are needed.

    \b
    Examples:
      mixpanel-query event-properties Purchase Plan --from 7d --to yesterday
      mixpanel-query event-properties Purchase Plan --interval 8 --unit week \\
        --value Pro --value Team --type unique
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_time_series
    from mixpanel_query.command.unknown_events import warn_of_unknown

    check_days(context, "--interval")
    with connected(context) as client:
        series = client.event_properties(
            event,
            name,
            from_date,
            to_date,
            values=values or None,
            type=count_type,
            unit=unit,
            interval=interval,
            limit=limit,
        )
    print_time_series(series, shape=shape)
    if not any(any(counts.values()) for counts in series.values.values()):
        warn_of_unknown(context, [event])
