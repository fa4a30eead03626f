"""``mixpanel-query property-values``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["property_values"]


@click.command("property-values")
@click.argument("event")
@click.argument("name", metavar="PROPERTY")
@click.option(
    "--limit", type=int, default=255, show_default=True, help="How many at most."
)
@format_option
@click.pass_context
def property_values(
    context: click.Context, /, *, event: str, name: str, limit: int, shape: str
) -> None:
    """List the commonest values of a property of an event.

    \b
    Examples:
      mixpanel-query property-values Purchase Plan
      mixpanel-query property-values Purchase Plan --limit 10 --format jsonl
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records
    from mixpanel_query.command.unknown_events import warn_of_unknown

    with connected(context) as client:
        values = client.property_values(event, name, limit=limit)
    print_records([{"value": value} for value in values], ["value"], shape=shape)
    if not values:
        warn_of_unknown(context, [event])
