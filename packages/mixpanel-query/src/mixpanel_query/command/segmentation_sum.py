"""``mixpanel-query segmentation-sum``."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_query.command.number_options import (
    ask_numbers,
    number_options,
    number_unit_option,
)
from mixpanel_query.command.options import format_option
from mixpanel_query.segmentation_numbers import NumberUnit

__all__ = ["segmentation_sum"]


@click.command("segmentation-sum")
@number_options("Number to sum.")
@number_unit_option
@format_option
@click.pass_context
def segmentation_sum(
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
    """Sum a number over the events of each day.

    An event where it is no number adds 0.

    Mixpanel keeps this question in maintenance mode; insights asks for reports that
    were saved.

    \b
    Examples:
      mixpanel-query segmentation-sum Purchase --from 7d --to yesterday \\
        --on 'properties["Amount"]'
      mixpanel-query segmentation-sum Purchase --from 7d --to yesterday \\
        --on 'properties["Amount"]' --where 'properties["Plan"] == "Pro"'
    """  # noqa: D301 - click reads the sign itself
    ask_numbers(
        context,
        event,
        lambda client: client.segmentation_sum(
            event, from_date, to_date, on, where=where, unit=unit
        ),
        shape=shape,
    )
