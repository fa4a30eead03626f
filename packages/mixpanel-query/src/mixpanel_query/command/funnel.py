"""``mixpanel-query funnel``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.breakdown_options import breakdown_options, check_limit
from mixpanel_query.command.options import connected, format_option, window_options

if TYPE_CHECKING:
    from mixpanel_query.funnel_steps import Funnel
    from mixpanel_query.funnels import LengthUnit
    from mixpanel_query.retention import RetentionUnit

__all__ = ["funnel"]

SHOWN = ["step", "event", "users", "of previous", "of first", "seconds"]


LIST = "see: mixpanel-query funnels"


def read_number(context: click.Context, argument: click.Parameter, given: str) -> int:
    """Return the number of a funnel that was typed."""
    if given.isdecimal() and int(given) > 0:
        return int(given)
    raise click.BadParameter(f"{given!r} is no number of a funnel; {LIST}")


@contextmanager
def known_funnel() -> Iterator[None]:
    """Say where the numbers of funnels are, when there is none of this number."""
    from mixpanel_query.exceptions import QueryRefusedError

    try:
        yield
    except QueryRefusedError as error:
        if error.status != 404:
            raise
        raise click.ClickException(f"{error}; {LIST}") from error


@click.command()
@click.argument("funnel_id", callback=read_number)
@window_options("the project's timezone")
@click.option(
    "--length",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="How long a user may take for all steps, at most 90 days; as it was saved, if "
    "not said.",
)
@click.option(
    "--length-unit",
    type=click.Choice(["day", "hour", "minute", "second"]),
    help="What --length is measured in; as it was saved, if not said.",
)
@click.option(
    "--unit",
    type=click.Choice(["day", "week", "month"]),
    help="Length of a bucket; day, if neither it nor --interval is said.",
)
@click.option(
    "--interval",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Length of a bucket in days, instead of --unit.",
)
@breakdown_options
@format_option
@click.pass_context
def funnel(
    context: click.Context,
    /,
    *,
    funnel_id: int,
    from_date: date,
    to_date: date,
    length: int | None,
    length_unit: LengthUnit | None,
    unit: RetentionUnit | None,
    interval: int | None,
    on: str | None,
    where: str | None,
    limit: int | None,
    shape: str,
) -> None:
    """Count who took the steps of a saved funnel.

    FUNNEL_ID is its number, as the command funnels lists it. A user is counted in the
    bucket of the first step. The table has the users of each step, which part they are
    of those before and of those at the beginning, and the mean seconds between two
    steps.

    Mixpanel keeps this question in maintenance mode; a report that was saved in
    Insights is shown by the command insights.

    \b
    Examples:
      mixpanel-query funnel 7509 --from 7d --to yesterday --interval 7
      mixpanel-query funnel 7509 --from 60d --to today --unit month \\
        --length 3 --length-unit day --on 'properties["Plan"]'
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    check_limit(context, on, limit)
    with connected(context) as client, known_funnel():
        found = client.funnel(
            funnel_id,
            from_date,
            to_date,
            length=length,
            length_unit=length_unit,
            interval=interval,
            unit=unit,
            on=on,
            where=where,
            limit=limit,
        )
    if shape == "table":
        columns = ["date", *SHOWN]
        if on is not None:
            columns.insert(0, "segment")
        print_records(shown(found), columns, shape=shape)
    else:
        print_records(found.to_dicts(), list(found.columns), shape=shape)


def shown(found: Funnel) -> list[dict[str, object]]:
    """Return the steps as people read them."""
    from mixpanel_query.command.output import percent

    return [
        {
            "segment": row["segment"],
            "date": row["date"],
            "step": row["step"],
            "event": row["label"],
            "users": row["count"],
            "of previous": percent(row["step_conv_ratio"]),
            "of first": percent(row["overall_conv_ratio"]),
            "seconds": row["avg_time"],
        }
        for row in found.to_dicts()
    ]
