"""``mixpanel-query frequency``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.breakdown_options import breakdown_options, check_limit
from mixpanel_query.command.options import connected, format_option, window_options

if TYPE_CHECKING:
    from mixpanel_query.frequency import AddictionUnit, Frequency, FrequencyUnit

__all__ = ["frequency"]


@click.command()
@window_options("the project's timezone")
@click.option(
    "--unit",
    type=click.Choice(["day", "week", "month"]),
    default="day",
    show_default=True,
    help="Length of a period.",
)
@click.option(
    "--addiction-unit",
    type=click.Choice(["hour", "day"]),
    default="hour",
    show_default=True,
    help="What is counted inside a period.",
)
@click.option("--event", help="What users must do; any event, if not said.")
@breakdown_options
@format_option
@click.pass_context
def frequency(
    context: click.Context,
    /,
    *,
    from_date: date,
    to_date: date,
    unit: FrequencyUnit,
    addiction_unit: AddictionUnit,
    event: str | None,
    on: str | None,
    where: str | None,
    limit: int | None,
    shape: str,
) -> None:
    """Count in how many hours or days users were active.

    The table has a row for each period: how many users were active in 1 hour or day of
    it or more (1+), in 2 or more (2+), and so on.

    \b
    Examples:
      mixpanel-query frequency --from 7d --to yesterday --event Purchase
      mixpanel-query frequency --from 28d --to yesterday \\
        --unit week --addiction-unit day
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records
    from mixpanel_query.command.unknown_events import warn_of_unknown

    check_limit(context, on, limit)
    with connected(context) as client:
        found = client.frequency(
            from_date,
            to_date,
            unit=unit,
            addiction_unit=addiction_unit,
            event=event,
            where=where,
            on=on,
            limit=limit,
        )
    if shape == "table":
        print_shown(found, with_segments=on is not None)
    else:
        print_records(found.to_dicts(), list(found.columns), shape=shape)
    if event and not any(row["count"] for row in found.to_dicts()):
        warn_of_unknown(context, [event])


def print_shown(found: Frequency, *, with_segments: bool) -> None:
    """Print a row a period, without the columns at the end that nobody reached."""
    from mixpanel_query.command.output import print_records

    periods = [
        (segment, when, counts)
        for segment, by_date in found.counts.items()
        for when, counts in by_date.items()
    ]
    reached = [
        number
        for _, _, counts in periods
        for number, count in enumerate(counts, start=1)
        if count
    ]
    most = max(reached, default=1)
    columns = [*["segment"] * with_segments, found.unit]
    columns += [f"{number}+" for number in range(1, most + 1)]
    rows = []
    for segment, when, counts in periods:
        shown = [*counts[:most], *[0] * (most - len(counts))]
        cells = [*[segment] * with_segments, when, *shown]
        rows.append(dict(zip(columns, cells, strict=True)))
    print_records(rows, columns, shape="table")
