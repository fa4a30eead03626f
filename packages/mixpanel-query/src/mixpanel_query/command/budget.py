"""``mixpanel-query budget``."""

from __future__ import annotations

from datetime import datetime

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["budget"]

COLUMNS = ["limit", "used", "allowed", "left", "under_way", "next_freed", "held_until"]


@click.command()
@format_option
@click.pass_context
def budget(context: click.Context, /, *, shape: str) -> None:
    """Show how many questions are left.

    Mixpanel allows a project 60 queries an hour and 5 at once, the same of JQL, 60
    exports an hour, and 5 Lexicon requests a minute. Nothing is asked to show this. It
    is what this machine asked with the same budget file, and what Mixpanel said when it
    last refused something; other machines cannot be seen.

    \b
    Examples:
      mixpanel-query budget
      mixpanel-query budget --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        status = client.budget()
    zone = context.obj["timezone"]
    rows = [
        {
            name: value.astimezone(zone).replace(microsecond=0)
            if isinstance(value, datetime)
            else value
            for name, value in row.items()
        }
        for row in status.to_dicts()
    ]
    if not rows:
        click.echo("There are no limits: this machine is asked.", err=True)
    columns = COLUMNS if shape == "table" else list(status.columns)
    print_records(rows, columns, shape=shape)
    if rows:
        where = status.file or "this process only"
        click.echo(f"Counted in {where}; other machines cannot be seen.", err=True)
