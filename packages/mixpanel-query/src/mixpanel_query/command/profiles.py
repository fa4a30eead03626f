"""``mixpanel-query profiles``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.how_many import how_many
from mixpanel_query.command.options import connected
from mixpanel_query.command.output_options import chosen_shape

if TYPE_CHECKING:
    from mixpanel_query.profiles import Profile

__all__ = ["profiles"]


@click.command()
@click.option("--where", help="Expression that a profile must meet.")
@click.option(
    "--property",
    "names",
    multiple=True,
    metavar="NAME",
    help="Give this property only; may be given several times.",
)
@click.option(
    "--distinct-id",
    "ids",
    multiple=True,
    metavar="ID",
    help="Give this profile only; may be given several times.",
)
@click.option(
    "--cohort", type=int, metavar="NUMBER", help="Give the members of this cohort only."
)
@click.option(
    "--include-all-users",
    is_flag=True,
    help="Give members of the cohort who have no profile too.",
)
@click.option(
    "--data-group-id",
    metavar="NUMBER",
    help="Give groups instead of users: the number of the group key.",
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["jsonl", "json", "csv", "table", "parquet"]),
    default="jsonl",
    show_default=True,
    help="How to write profiles. table and parquet begin once all profiles are there, "
    "and so does csv without --property.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE|-",
    help="File to write, which appears when it is whole; its ending is the format if "
    "that is not given. - prints, as without it.",
)
@click.pass_context
def profiles(
    context: click.Context,
    /,
    *,
    where: str | None,
    names: tuple[str, ...],
    ids: tuple[str, ...],
    cohort: int | None,
    include_all_users: bool,
    data_group_id: str | None,
    shape: str,
    output: Path,
) -> None:
    """List the profiles of users, or of groups.

    Each 1000 profiles are one of the 60 queries an hour.

    \b
    Examples:
      mixpanel-query profiles -o profiles.jsonl
      mixpanel-query profiles --property '$email' --property Plan --format csv
      mixpanel-query profiles --where 'properties["Plan"] == "Pro"' --format table
      mixpanel-query profiles --cohort 12345 --include-all-users
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.json_lines import with_progress
    from mixpanel_query.command.streamed_rows import write_rows

    shape = chosen_shape(context, shape, output)
    if shape == "table" and str(output) != "-":
        problem = "a table is for the terminal"
        allowed = "write FILE as jsonl, json, csv or parquet"
        raise click.UsageError(f"{problem}; {allowed}", context)
    if include_all_users and cohort is None:
        problem = "--include-all-users is about the members of a cohort"
        raise click.UsageError(f"{problem}; give --cohort, or leave it out", context)
    with connected(context) as client:
        found = client.profiles(
            where=where,
            distinct_ids=ids or None,
            output_properties=names or None,
            filter_by_cohort=cohort,
            include_all_users=include_all_users or None,
            data_group_id=data_group_id,
        )
        rows = rows_of(with_progress(found, noun="profiles"), shape)
        columns = ["$distinct_id", *names] if names else None
        count = write_rows(rows, output, shape=shape, columns=columns)
    click.echo(how_many(count, "profiles"), err=True)


def rows_of(found: Iterable[Profile], shape: str) -> Iterable[object]:
    """Return profiles as rows: as Mixpanel writes them, or with a column a property."""
    if shape in ("jsonl", "json"):
        return (profile.to_dict() for profile in found)
    return (
        {"$distinct_id": profile.distinct_id, **profile.properties} for profile in found
    )
