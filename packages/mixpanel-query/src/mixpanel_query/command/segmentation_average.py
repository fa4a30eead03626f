"""``mixpanel-query segmentation-average``."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_query.command.options import (
    connected,
    format_option,
    window_options,
)
from mixpanel_query.segmentation_numbers import NumberUnit

__all__ = ["segmentation_average"]


@click.command("segmentation-average")
@click.argument("event")
@window_options("the project's timezone")
@click.option(
    "--on",
    required=True,
    metavar="EXPRESSION",
    help="Number to average.",
)
@click.option("--where", help="Expression that an event must meet.")
@click.option(
    "--unit",
    type=click.Choice(["hour", "day"]),
    default="day",
    show_default=True,
    help="Length of a bucket.",
)
@format_option
@click.pass_context
def segmentation_average(
    context: click.Context,
    /,
    *,
    event: str,
    from_date: date,
    to_date: date,
    on: str,
    where: str | None,
    unit: NumberUnit,
    shape: str,
) -> None:
    """Average a number over the events of each day.

    An event where it is no number counts as 0.

    Mixpanel keeps this question in maintenance mode; insights asks for reports that
    were saved.

    \b
    Examples:
      mixpanel-query segmentation-average Purchase --from 7d --to yesterday \\
        --on 'properties["Amount"]'
      mixpanel-query segmentation-average Purchase --from 7d --to yesterday \\
        --on 'properties["Amount"]' --where 'properties["Plan"] == "Pro"'
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_numbers
    from mixpanel_query.command.unknown_events import warn_of_unknown

    with connected(context) as client:
        series = client.segmentation_average(
            event,
            from_date,
            to_date,
            on,
            where=where,
            unit=unit,
        )
    print_numbers(series, shape=shape)
    if not any(series.values.values()):
        warn_of_unknown(context, [event])
