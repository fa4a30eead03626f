"""``mixpanel-query segmentation-numeric``."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_query.command.number_options import number_options, number_unit_option
from mixpanel_query.command.options import connected, format_option, type_option
from mixpanel_query.parameters import CountType
from mixpanel_query.segmentation_numbers import NumberUnit

__all__ = ["segmentation_numeric"]


@click.command("segmentation-numeric")
@number_options("Number to break the counts down by.")
@type_option
@number_unit_option
@format_option
@click.pass_context
def segmentation_numeric(
    context: click.Context,
    /,
    *,
    event: str,
    from_date: date,
    to_date: date,
    on: str,
    where: str | None,
    count_type: CountType,
    unit: NumberUnit,
    shape: str,
) -> None:
    """Count one event, by ranges of a number.

    Mixpanel chooses the ranges.

    Mixpanel keeps this question in maintenance mode; insights asks for reports that
    were saved.

    \b
    Examples:
      mixpanel-query segmentation-numeric Purchase --from 7d --to yesterday \\
        --on 'properties["Amount"]'
      mixpanel-query segmentation-numeric Purchase --from 7d --to yesterday \\
        --on 'properties["Amount"]' --where 'properties["Plan"] == "Pro"'
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_time_series
    from mixpanel_query.command.unknown_events import warn_of_unknown

    with connected(context) as client:
        series = client.segmentation_numeric(
            event,
            from_date,
            to_date,
            on,
            where=where,
            unit=unit,
            type=count_type,
        )
    print_time_series(series, shape=shape)
    if not any(any(counts.values()) for counts in series.values.values()):
        warn_of_unknown(context, [event])
