"""``mixpanel-outbox retry``."""

from __future__ import annotations

from pathlib import Path

import click

from mixpanel_pyramid.command.output import counted, file_argument
from mixpanel_pyramid.dead_letters import put_back

__all__ = ["retry"]


@click.command()
@file_argument
@click.argument("numbers", metavar="[ID]...", type=int, nargs=-1)
@click.option(
    "--state",
    "states",
    type=click.Choice(["refused", "unknown"]),
    multiple=True,
    help="All letters of this state; may be given twice.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="All that were refused. What is unknown may count twice, and has to be named.",
)
@click.option("--dry-run", is_flag=True, help="Only count, and change nothing.")
@click.pass_context
def retry(
    context: click.Context,
    /,
    *,
    file: Path,
    numbers: tuple[int, ...],
    states: tuple[str, ...],
    everything: bool,
    dry_run: bool,
) -> None:
    """Put dead letters of the outbox FILE back, to be sent once more.

    Mend first what they were refused for. They are sent after all that waits already,
    so an old update of a profile may replace a newer one.

    Exits with 1 if there is no letter with an ID.

    \b
    Examples:
      mixpanel-outbox retry /var/lib/shop/mixpanel.sqlite 17 18
      mixpanel-outbox retry /var/lib/shop/mixpanel.sqlite --all --dry-run
      mixpanel-outbox retry /var/lib/shop/mixpanel.sqlite --state unknown
    """  # noqa: D301  # click reads the sign itself
    if everything:
        states = (*states, "refused")
    if not (numbers or states):
        raise click.UsageError("name letters by ID, or with --state or --all", context)
    done = put_back(file, numbers, sorted(set(states)), dry_run=dry_run)
    would = "would be put back" if dry_run else "put back"
    click.echo(f"{counted(done.refused + done.unknown, 'message')} {would}")
    if done.unknown:
        click.echo(
            f"Warning: {done.unknown:,} of them may have been applied already, "
            "and then count twice",
            err=True,
        )
    for number in done.missing:
        click.echo(f"there is no dead letter {number}", err=True)
    context.exit(1 if done.missing else 0)
