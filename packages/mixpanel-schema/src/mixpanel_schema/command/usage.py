"""``mixpanel-schema usage``."""

from __future__ import annotations

from pathlib import Path

import click

from mixpanel_schema.command.output import as_json, format_option
from mixpanel_schema.command.plans import catalogues_beside, load_plan
from mixpanel_schema.usage import KINDS, find_usages

__all__ = ["usage"]


@click.command()
@click.argument("plan", metavar="PLAN")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@format_option("text", "markdown", "json")
@click.option(
    "--fail-on",
    type=click.Choice(["any", "none", *KINDS]),
    multiple=True,
    default=["any"],
    show_default=True,
    help="Exit with 1 on findings of this kind; may be given several times.",
)
@click.pass_context
def usage(
    context: click.Context,
    /,
    *,
    plan: str,
    paths: tuple[Path, ...],
    shape: str,
    fail_on: tuple[str, ...],
) -> None:
    """Find what a code base tracks, and what it never does.

    Reads the Python files at each PATH, without running them, for events that are
    declared and never tracked, names that are tracked and not declared, and
    properties that are never set.

    \b
    Examples:
      mixpanel-schema usage shop.tracking:plan src
      mixpanel-schema usage shop.tracking:plan src --fail-on undeclared-event
    """  # noqa: D301  # click reads the sign itself
    report = find_usages(paths, load_plan(plan), catalogues=catalogues_beside(plan))
    if shape == "json":
        click.echo(as_json(report.to_json()))
    else:
        click.echo(report.to_markdown() if shape == "markdown" else report.to_text())
    kinds = {finding.kind for finding in report.findings}
    failed = kinds if "any" in fail_on else kinds & set(fail_on)
    context.exit(1 if failed else 0)
