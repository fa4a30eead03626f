"""``mixpanel-query retention``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.breakdown_options import breakdown_options, check_limit
from mixpanel_query.command.options import connected, format_option, window_options

if TYPE_CHECKING:
    from mixpanel_query.retained_users import Retention
    from mixpanel_query.retention import RetentionType, RetentionUnit

__all__ = ["retention"]


@click.command()
@window_options("the project's timezone")
@click.option(
    "--retention-type",
    type=click.Choice(["birth", "compounded"]),
    default="birth",
    show_default=True,
    help="Whether users begin with --born-event, or whenever they do --event.",
)
@click.option(
    "--born-event", metavar="EVENT", help="What users begin with; needed for birth."
)
@click.option("--event", help="What they come back to do; any event, if not said.")
@click.option("--born-where", metavar="EXPRESSION", help="What --born-event must meet.")
@click.option(
    "--unit",
    type=click.Choice(["day", "week", "month"]),
    help="Length of an interval; 24 hours, if neither it nor --interval is said.",
)
@click.option(
    "--interval",
    type=click.IntRange(min=1, max=90),
    metavar="DAYS",
    help="Length of an interval in days, instead of --unit.",
)
@click.option(
    "--interval-count",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="How many intervals are counted after number 0; 1, if not said.",
)
@click.option(
    "--unbounded-retention",
    is_flag=True,
    help="Count those who come back later in all intervals before, too.",
)
@breakdown_options
@format_option
@click.pass_context
def retention(
    context: click.Context,
    /,
    *,
    from_date: date,
    to_date: date,
    retention_type: RetentionType,
    born_event: str | None,
    event: str | None,
    born_where: str | None,
    unit: RetentionUnit | None,
    interval: int | None,
    interval_count: int | None,
    unbounded_retention: bool,
    on: str | None,
    where: str | None,
    limit: int | None,
    shape: str,
) -> None:
    """Count users who came back.

    The table has a row for the users who began in one day, week or month, and which
    part of them came back in the same interval (0), the next one (1), and so on. The
    other formats have the counts too.

    \b
    Examples:
      mixpanel-query retention --from 28d --to yesterday --born-event "Sign Up" \\
        --event Purchase --unit week --interval-count 3
      mixpanel-query retention --from 7d --to yesterday \\
        --retention-type compounded --event Purchase --format csv
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records
    from mixpanel_query.command.unknown_events import warn_of_unknown

    check_limit(context, on, limit)
    with connected(context) as client:
        found = client.retention(
            from_date,
            to_date,
            retention_type=retention_type,
            born_event=born_event,
            event=event,
            born_where=born_where,
            where=where,
            interval=interval,
            interval_count=interval_count,
            unit=unit,
            unbounded_retention=unbounded_retention,
            on=on,
            limit=limit,
        )
    if shape == "table":
        print_shown(found, with_segments=on is not None)
    else:
        print_records(found.to_dicts(), list(found.columns), shape=shape)
    rows = found.to_dicts()
    if not any(row["count"] for row in rows):
        began = any(row["first"] for row in rows)
        names = [event] if began else [born_event, event]
        warn_of_unknown(context, [name for name in names if name])


def print_shown(found: Retention, *, with_segments: bool) -> None:
    """Print the table that people know: a row a bucket, a column an interval."""
    from mixpanel_query.command.output import percent, print_records

    buckets = [
        (segment, when, users)
        for segment, by_date in found.users.items()
        for when, users in by_date.items()
    ]
    most = max((len(users.counts) for _, _, users in buckets), default=0)
    name = found.unit if found.interval == 1 else f"{found.interval} days"
    columns = [*["segment"] * with_segments, "began", "users"]
    columns += [f"{name} {number}" for number in range(most)]
    rows = []
    for segment, when, users in buckets:
        parts = [percent(ratio) for ratio in users.ratios]
        parts += [""] * (most - len(parts))
        cells = [*[segment] * with_segments, when, users.first, *parts]
        rows.append(dict(zip(columns, cells, strict=True)))
    print_records(rows, columns, shape="table")
