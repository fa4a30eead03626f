"""``mixpanel-query projects``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["projects"]


@click.command()
@format_option
@click.pass_context
def projects(context: click.Context, /, *, shape: str) -> None:
    """List the projects that the account may ask.

    Each has the timezone in which its days begin.

    \b
    Examples:
      mixpanel-query projects
      mixpanel-query projects --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        found = client.projects()
    print_records(found.to_dicts(), ["id", "name", "timezone"], shape=shape)
