"""``mixpanel-query property-names``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["property_names"]


@click.command("property-names")
@click.argument("event")
@click.option(
    "--limit", type=int, default=10, show_default=True, help="How many at most."
)
@format_option
@click.pass_context
def property_names(
    context: click.Context, /, *, event: str, limit: int, shape: str
) -> None:
    """List the commonest properties of an event.

    \b
    Examples:
      mixpanel-query property-names Purchase
      mixpanel-query property-names Purchase --limit 100 --format csv
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records
    from mixpanel_query.command.unknown_events import warn_of_unknown

    with connected(context) as client:
        properties = client.property_names(event, limit=limit)
    print_records(properties.to_dicts(), ["name", "count"], shape=shape)
    if not properties:
        warn_of_unknown(context, [event])
