"""``mixpanel-schema export``."""

from __future__ import annotations

from pathlib import Path

import click

from mixpanel_schema.command.output import as_json, output_option, write
from mixpanel_schema.command.plans import load_plan
from mixpanel_schema.tracking_plan import TrackingPlan

__all__ = ["export"]

FORMATS = ("lexicon", "json-schema", "markdown", "csv", "typescript")


@click.command()
@click.argument("plan", metavar="PLAN")
@click.option(
    "--format",
    "shape",
    type=click.Choice(FORMATS),
    required=True,
    help="What to write.",
)
@output_option
def export(*, plan: str, shape: str, output: Path) -> None:
    """Write the plan for people, frontends or other tools.

    \b
    lexicon      document to upload to Mixpanel's data dictionary
    json-schema  what a message of each event must look like
    markdown     page for people
    csv          table for a spreadsheet
    typescript   constants and types for a frontend

    \b
    Examples:
      mixpanel-schema export shop.tracking:plan --format markdown -o PLAN.md
      mixpanel-schema export shop.tracking:plan --format typescript > events.ts
    """  # noqa: D301  # click reads the sign itself
    write(written(load_plan(plan), shape), output)


def written(plan: TrackingPlan, shape: str) -> str:
    """Write a plan in one of the formats."""
    if shape == "lexicon":
        from mixpanel_schema.lexicon import to_lexicon

        return as_json(to_lexicon(plan))
    from mixpanel_schema import documents

    if shape == "json-schema":
        return as_json(documents.to_json_schema(plan))
    if shape == "markdown":
        return documents.to_markdown(plan)
    if shape == "csv":
        return documents.to_csv(plan)
    return documents.to_typescript(plan)
