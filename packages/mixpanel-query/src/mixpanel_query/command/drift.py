"""``mixpanel-query drift``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.options import connected, format_option, typed_day

if TYPE_CHECKING:
    from mixpanel_query.drift import Drift, DriftCost

__all__ = ["drift"]

COLUMNS = ["kind", "event", "property", "nearest", "detail"]
KINDS = (
    "unknown-event",
    "misspelt-event",
    "former-event",
    "dead-event",
    "unknown-property",
    "misspelt-property",
    "missing-property",
    "wrong-type",
)
# 1 is a failure, such as an account that may not ask; this one is none.
DRIFT_FOUND = 3


@click.command()
@click.argument("plan", metavar="MODULE:PLAN")
@click.option(
    "--from",
    "from_date",
    metavar="DAY",
    default="7d",
    show_default=True,
    callback=typed_day,
    help="First day of the sample, in UTC; in the project's timezone if it was made "
    "before 2023. Days are YYYY-MM-DD, today, yesterday, or 7d for 7 days ago.",
)
@click.option(
    "--to",
    "to_date",
    metavar="DAY",
    default="yesterday",
    show_default=True,
    callback=typed_day,
    help="Last day of the sample.",
)
@click.option(
    "--limit",
    type=click.IntRange(0, 100_000),
    default=10_000,
    show_default=True,
    metavar="NUMBER",
    help="Look at the values of so many events at most; 0 saves the export.",
)
@click.option(
    "--property-calls",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="NUMBER",
    help="Ask for the properties of so many events at most, the commonest first.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["any", *KINDS]),
    multiple=True,
    metavar="KIND",
    help=f"Exit with {DRIFT_FOUND} if that is found; may be given several times: any, "
    f"{', '.join(KINDS)}.",
)
@click.option("--dry-run", is_flag=True, help="Only say how many requests it takes.")
@format_option
@click.pass_context
def drift(
    context: click.Context,
    /,
    *,
    plan: str,
    from_date: date,
    to_date: date,
    limit: int,
    property_calls: int,
    fail_on: tuple[str, ...],
    dry_run: bool,
    shape: str,
) -> int:
    """Compare a tracking plan with what arrives.

    The plan is one of mixpanel-schema, named as there: module:attribute, or a Lexicon
    document that ends in .json.

    Found are events that arrive and are not declared, misspelt ones with the nearest
    declared name, dead ones, and of declared events properties that are unknown,
    misspelt, missing, or of another type. Names that Mixpanel sets itself are none of
    it. Values are never shown.

    Names come from the last 31 days, types from a sample. What could not be seen is
    said on standard error.

    Drift is no failure: the exit code is 0 whatever was found, but for what --fail-on
    names.

    \b
    Examples:
      mixpanel-query drift shop.tracking:plan --dry-run
      mixpanel-query drift shop.tracking:plan
      mixpanel-query drift shop.tracking:plan --from yesterday --format json
      mixpanel-query drift shop.tracking:plan --fail-on misspelt-event
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records
    from mixpanel_query.drift import cost_of_drift, find_drift
    from mixpanel_schema.command.plans import load_plan

    declared = load_plan(plan)
    if dry_run:
        cost = cost_of_drift(declared, property_calls=property_calls, limit=limit)
        click.echo(price(cost), err=True)
        return 0
    with connected(context) as client:
        found = find_drift(
            client,
            declared,
            from_date,
            to_date,
            limit=limit,
            property_calls=property_calls,
        )
    print_records(found.to_dicts(), COLUMNS, shape=shape)
    click.echo(summary(found), err=True)
    for sentence in found.unseen:
        click.echo(f"Not seen: {sentence}", err=True)
    return DRIFT_FOUND if fails(found, fail_on) else 0


def price(cost: DriftCost) -> str:
    """Say what looking for drift takes."""
    return (
        f"at most {cost.queries} of the 60 queries an hour, "
        f"and {cost.exports} of the 60 exports; nothing was sent"
    )


def summary(found: Drift) -> str:
    """Say in one line how much was found, and in what."""
    count = len(found.findings)
    findings = "1 finding" if count == 1 else f"{count} findings"
    return f"{findings}; {found.sampled:,} events in the sample, {found.calls} requests"


def fails(found: Drift, fail_on: tuple[str, ...]) -> bool:
    """Tell whether something was found that is to fail a build."""
    if "any" in fail_on:
        return bool(found.findings)
    return bool(found.of_kinds(kind.replace("-", " ") for kind in fail_on))
