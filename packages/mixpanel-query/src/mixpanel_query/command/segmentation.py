"""``mixpanel-query segmentation``."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_query.command.options import (
    connected,
    format_option,
    type_option,
    window_options,
)
from mixpanel_query.parameters import CountType, Unit

__all__ = ["segmentation"]


@click.command()
@click.argument("event")
@window_options("the project's timezone")
@click.option("--on", help="Expression to break the counts down by.")
@click.option("--where", help="Expression that an event must meet.")
@type_option
@click.option(
    "--unit",
    type=click.Choice(["minute", "hour", "day", "month"]),
    default="day",
    show_default=True,
    help="Length of a bucket.",
)
@click.option(
    "--interval",
    type=int,
    metavar="DAYS",
    help="Length of a bucket in days, for unique and average counts.",
)
@click.option("--limit", type=int, help="How many segments at most; needs --on.")
@format_option
@click.pass_context
def segmentation(
    context: click.Context,
    /,
    *,
    event: str,
    from_date: date,
    to_date: date,
    on: str | None,
    where: str | None,
    count_type: CountType,
    unit: Unit,
    interval: int | None,
    limit: int | None,
    shape: str,
) -> None:
    """Count one event, filtered and broken down.

    Mixpanel keeps this question in maintenance mode; insights asks for reports that
    were saved.

    \b
    Examples:
      mixpanel-query segmentation Purchase --from 7d --to yesterday
      mixpanel-query segmentation Purchase --from 7d --to yesterday \\
        --type unique --interval 7

    Expressions are written as Mixpanel has them:
    https://developer.mixpanel.com/reference/segmentation-expressions

    \b
    Examples with them:
      mixpanel-query segmentation Purchase --from 7d --to yesterday \\
        --on 'properties["Plan"]' --limit 5
      mixpanel-query segmentation Purchase --from 7d --to yesterday \\
        --where 'properties["Plan"] == "Pro"' --type unique --interval 7
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_time_series
    from mixpanel_query.command.unknown_events import warn_of_unknown

    if limit is not None and on is None:
        problem = f"--limit {limit} counts segments, and there are none"
        raise click.UsageError(f"{problem}; give --on, or leave --limit out", context)

    with connected(context) as client:
        series = client.segmentation(
            event,
            from_date,
            to_date,
            on=on,
            where=where,
            unit=unit,
            interval=interval,
            type=count_type,
            limit=limit,
        )
    print_time_series(series, shape=shape)
    if not any(any(counts.values()) for counts in series.values.values()):
        warn_of_unknown(context, [event])
