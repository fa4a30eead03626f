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
@window_options
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

    Expressions are written as Mixpanel has them:
    https://developer.mixpanel.com/reference/segmentation-expressions

    \b
    Examples:
      mixpanel-query segmentation Purchase --from 2026-11-09 --to 2026-11-15 \\
        --on 'properties["plan"]'
      mixpanel-query segmentation Purchase --from 2026-11-09 --to 2026-11-15 \\
        --where 'properties["country"] == "SI"' --type unique --interval 7
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_time_series

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
