"""``mixpanel-query top-events``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option, type_option
from mixpanel_query.parameters import CountType

__all__ = ["top_events"]


@click.command("top-events")
@type_option
@click.option(
    "--limit", type=int, default=100, show_default=True, help="How many at most."
)
@format_option
@click.pass_context
def top_events(
    context: click.Context, /, *, count_type: CountType, limit: int, shape: str
) -> None:
    """Rank today's commonest events.

    The change is the one from yesterday, as Mixpanel normalizes it: a fraction, below
    0 for less.

    \b
    Examples:
      mixpanel-query top-events
      mixpanel-query top-events --type unique --limit 10 --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        events = client.top_events(type=count_type, limit=limit)
    columns = ["event", "amount", "percent_change"]
    print_records(events.to_dicts(), columns, shape=shape)
