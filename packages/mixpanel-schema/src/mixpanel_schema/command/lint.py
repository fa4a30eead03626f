"""``mixpanel-schema lint``."""

from __future__ import annotations

import click

from mixpanel_schema.command.output import as_json, format_option
from mixpanel_schema.command.plans import load_plan

__all__ = ["lint"]


@click.command()
@click.argument("plan", metavar="PLAN")
@format_option("text", "json")
@click.pass_context
def lint(context: click.Context, /, *, plan: str, shape: str) -> None:
    """Find names that break the naming advice.

    Exits with 1 if there is a finding.

    \b
    Examples:
      mixpanel-schema lint shop.tracking:plan
      mixpanel-schema lint shop.tracking:plan --format json
    """  # noqa: D301  # click reads the sign itself
    from mixpanel_schema.naming import lint as find

    found = find(load_plan(plan))
    if shape == "json":
        click.echo(as_json([finding.to_json() for finding in found]))
    else:
        for finding in found:
            click.echo(str(finding))
        click.echo(
            f"{len(found) or 'no'} finding{'' if len(found) == 1 else 's'}", err=True
        )
    context.exit(1 if found else 0)
