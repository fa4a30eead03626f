"""``mixpanel-query jql``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from mixpanel_query.command.how_many import how_many
from mixpanel_query.command.options import connected
from mixpanel_query.command.output_options import chosen_shape

__all__ = ["jql"]


@click.command()
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option(
    "--param",
    "typed",
    multiple=True,
    metavar="NAME=TEXT",
    help="Value that the script reads as params.NAME; NAME:=JSON for what is no text. "
    "May be given several times.",
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json", "jsonl", "csv", "parquet"]),
    help="How to write rows: a table, if not said; for a FILE as its ending says, or "
    "else jsonl. json and jsonl are written while rows arrive.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE|-",
    help="File to write, which appears when it is whole; - prints, as without it.",
)
@click.pass_context
def jql(
    context: click.Context,
    /,
    *,
    file: Path,
    typed: tuple[str, ...],
    shape: str | None,
    output: Path,
) -> None:
    """Run a script in JQL.

    It is read from FILE, or from standard input for -. Mixpanel keeps JQL in
    maintenance mode, and each script is one of 60 queries an hour. Never write a value
    into the script: give it with --param.

    \b
    Examples:
      mixpanel-query jql users.js --param plan=Pro --param 'least:=3'
      mixpanel-query jql users.js --format csv -o users.csv
      echo 'function main() { return People(); }' | mixpanel-query jql - --format jsonl
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.json_lines import with_progress
    from mixpanel_query.command.streamed_rows import write_rows

    is_printed = str(output) == "-"
    usual = "table" if is_printed else "jsonl"
    shape = chosen_shape(context, shape or usual, output)
    if shape == "table" and not is_printed:
        problem = "a table is for the terminal"
        allowed = "write FILE as jsonl, json, csv or parquet"
        raise click.UsageError(f"{problem}; {allowed}", context)
    params = read_params(typed)
    script = file if str(file) != "-" else read_input()
    with connected(context) as client:
        rows = with_progress(client.iter_jql(script, params or None), noun="rows")
        count = write_rows(rows, output, shape=shape)
    click.echo(how_many(count, "rows"), err=True)


def read_params(typed: Iterable[str]) -> dict[str, object]:
    """Return the values that were typed, by name.

    >>> read_params(["plan=Pro", "least:=3"])
    {'plan': 'Pro', 'least': 3}
    """
    params: dict[str, object] = {}
    for each in typed:
        name, sign, value = each.partition("=")
        is_json = name.endswith(":")
        name = name.removesuffix(":")
        if not sign or not name:
            problem = f"{each!r} has no name and value"
            raise click.BadParameter(f"{problem}; write NAME=TEXT or NAME:=JSON")
        if name in params:
            raise click.BadParameter(f"{name!r} is given twice; leave one of them out")
        params[name] = read_json(name, value) if is_json else value
    return params


def read_json(name: str, value: str) -> object:
    """Return a value that was typed as JSON."""
    try:
        document: object = json.loads(value)
    except (ValueError, RecursionError) as error:
        problem = f"{name} is no JSON ({error})"
        raise click.BadParameter(f"{problem}; write {name}=… for text") from error
    return document


def read_input() -> str:
    """Return the script on standard input."""
    with click.open_file("-", "rb") as file:
        data: bytes = file.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = "standard input is not UTF-8"
        raise click.UsageError(f"{problem}; send a script in JavaScript") from error
