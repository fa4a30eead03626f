"""``mixpanel-outbox refused``."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path

import click

from mixpanel_pyramid.command.output import (
    file_argument,
    format_option,
    print_json,
    print_table,
)
from mixpanel_pyramid.dead_letters import DeadLetter, find_dead_letters

__all__ = ["refused"]

HEADER = ("ID", "WHEN (UTC)", "STATE", "ENDPOINT", "WHAT", "PROPERTIES", "REASON")


@click.command()
@file_argument
@click.option(
    "--state",
    type=click.Choice(["refused", "unknown"]),
    help="Only those that were refused, or whose fate is unknown.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="How many to list at most, oldest first.",
)
@click.option(
    "--show-values",
    is_flag=True,
    help="Show whole messages, with personal data that may be in them.",
)
@format_option
def refused(
    file: Path, state: str | None, limit: int, show_values: bool, shape: str
) -> None:
    """List the dead letters of the outbox FILE: what is not sent any more, and why.

    A letter is "refused" if the service did not want it, and "unknown" if it counts,
    as an increment does, and nobody knows whether it was applied. They are kept for
    30 days. Values are hidden, and so is who it was.

    \b
    Examples:
      mixpanel-outbox refused /var/lib/shop/mixpanel.sqlite
      mixpanel-outbox refused /var/lib/shop/mixpanel.sqlite --state unknown
      mixpanel-outbox refused /var/lib/shop/mixpanel.sqlite --show-values --format json
    """  # noqa: D301  # click reads the sign itself
    letters = list(islice(find_dead_letters(file, state), limit + 1))
    shown = letters[:limit]
    if shape == "json":
        print_json([as_json(letter, show_values=show_values) for letter in shown])
    elif shown:
        header = [*HEADER, "MESSAGE"] if show_values else HEADER
        print_table(header, [cells(each, show_values=show_values) for each in shown])
    else:
        click.echo("no dead letters", err=True)
    if len(letters) > limit:
        click.echo(f"there are more than {limit}; see --limit", err=True)


def when(letter: DeadLetter) -> str:
    """Write when a letter died."""
    moment = datetime.fromtimestamp(letter.died_at, timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def cells(letter: DeadLetter, *, show_values: bool) -> list[str]:
    """Give the row of a letter."""
    row = [
        str(letter.number),
        when(letter),
        letter.state,
        letter.endpoint,
        letter.what,
        ", ".join(letter.names),
        letter.reason,
    ]
    return [*row, letter.body] if show_values else row


def as_json(letter: DeadLetter, *, show_values: bool) -> dict[str, object]:
    """Give a letter to programs."""
    found: dict[str, object] = {
        "id": letter.number,
        "when": f"{when(letter).replace(' ', 'T')}Z",
        "state": letter.state,
        "destination": letter.label,
        "endpoint": letter.endpoint,
        "what": letter.what,
        "properties": letter.names,
        "reason": letter.reason,
    }
    if show_values:
        found["message"] = json.loads(letter.body)
    return found
