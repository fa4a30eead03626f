"""``mixpanel-schema diff``."""

from __future__ import annotations

import click

from mixpanel_schema.command.output import as_json, format_option
from mixpanel_schema.command.plans import is_document, load_plan
from mixpanel_schema.tracking_plan import TrackingPlan

__all__ = ["diff"]

NOT_HELD = (
    "Only what Lexicon holds is compared; not compared are: allowed values, types of "
    "list items, properties of any event, earlier names, personal-data marks, meta "
    "and group properties. Compare two plans in Python to have all of it."
)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@format_option("text", "markdown", "json")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "any"]),
    help="Exit with 1 if a change breaks, or on any change; without it, always with 0.",
)
@click.pass_context
def diff(
    context: click.Context, /, *, old: str, new: str, shape: str, fail_on: str | None
) -> None:
    """Compare two plans, and tell what breaks.

    Changes are no failure: the exit code is 0 whatever changed. To stop a build, give
    --fail-on breaking, or --fail-on any; then it is 1.

    Where one of them is a Lexicon document, only what Lexicon holds is compared, and
    what that leaves out is said on stderr. To compare all of it, name both as
    MODULE:ATTRIBUTE, the old one from a checkout of the release.

    \b
    Examples:
      mixpanel-schema diff released.json shop.tracking:plan --fail-on breaking
      mixpanel-schema diff shop.tracking:old shop.tracking:new --format markdown
    """  # noqa: D301  # click reads the sign itself
    from mixpanel_schema.plan_diff import diff as compare

    changes = compare(*comparable(old, new))
    if shape == "json":
        click.echo(as_json(changes.to_json()))
    elif shape == "markdown":
        click.echo(changes.to_markdown())
    else:
        click.echo(changes.to_text())
    failed = changes if fail_on == "any" else fail_on and changes.breaking
    context.exit(1 if failed else 0)


def comparable(old: str, new: str) -> tuple[TrackingPlan, TrackingPlan]:
    """Load two plans, both with as much in them as the poorer one can have."""
    plans = load_plan(old), load_plan(new)
    if is_document(old) == is_document(new):
        return plans
    from mixpanel_schema.lexicon import held_by_lexicon

    click.echo(NOT_HELD, err=True)
    return held_by_lexicon(plans[0]), held_by_lexicon(plans[1])
