"""``mixpanel-query funnels``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["funnels"]


@click.command()
@format_option
@click.pass_context
def funnels(context: click.Context, /, *, shape: str) -> None:
    """List the saved funnels.

    Their numbers are what the command funnel takes. Mixpanel keeps this question in
    maintenance mode.

    \b
    Examples:
      mixpanel-query funnels
      mixpanel-query funnels --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        found = client.funnels()
    print_records(found.to_dicts(), ["funnel_id", "name"], shape=shape)
