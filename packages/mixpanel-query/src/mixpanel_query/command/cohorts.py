"""``mixpanel-query cohorts``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["cohorts"]

COLUMNS = ["id", "name", "count", "created", "is_visible", "description"]


@click.command()
@format_option
@click.pass_context
def cohorts(context: click.Context, /, *, shape: str) -> None:
    """List the saved cohorts.

    \b
    Examples:
      mixpanel-query cohorts
      mixpanel-query cohorts --format csv
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        found = client.cohorts()
    columns = COLUMNS if shape == "table" else [*COLUMNS, "project_id"]
    print_records(found.to_dicts(), columns, shape=shape)
