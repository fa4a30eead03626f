"""``mixpanel-query insights``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mixpanel_query.command.options import connected, format_option

if TYPE_CHECKING:
    from mixpanel_query.insights import Insight
    from mixpanel_query.parameters import Unit

__all__ = ["insights"]

# More of them side by side fit on no screen.
MOST_COLUMNS = 6


@click.command()
@click.argument("bookmark_id", type=click.IntRange(min=1))
@click.option(
    "--unit",
    type=click.Choice(["minute", "hour", "day", "week", "month"]),
    help="Length of a bucket in the report, if you know it: without it, buckets that "
    "all begin at midnight are days.",
)
@format_option
@click.pass_context
def insights(
    context: click.Context, /, *, bookmark_id: int, unit: Unit | None, shape: str
) -> None:
    """Show what a saved report shows.

    BOOKMARK_ID is the number of the report: in the address of its page it stands after
    "report-". How it filters, breaks down and counts was saved with it.

    \b
    Examples:
      mixpanel-query insights 12345
      mixpanel-query insights 12345 --format csv
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        found = client.insights(bookmark_id, unit=unit)
    is_narrow = len(found.values) <= MOST_COLUMNS
    if shape == "table" and found.dates and is_narrow:
        print_side_by_side(found)
        return
    columns = [*found.header_columns, "date", "value"]
    if shape == "table" and not found.dates:
        columns.remove("date")
    print_records(found.to_dicts(), columns, shape=shape)


def print_side_by_side(found: Insight) -> None:
    """Print a row a bucket, and a column for each of the values."""
    from mixpanel_query.command.output import print_records

    names = [" / ".join(path) for path in found.values]
    columns = [found.unit or "date", *names]
    rows: list[dict[str, object]] = []
    for when in found.dates:
        values = [buckets.get(when) for buckets in found.values.values()]
        rows.append(dict(zip(columns, [when, *values], strict=True)))
    print_records(rows, columns, shape="table")
