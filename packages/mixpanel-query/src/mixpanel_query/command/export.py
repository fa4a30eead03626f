"""``mixpanel-query export``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mixpanel_query.command.how_many import how_many
from mixpanel_query.command.options import connected, window_options

if TYPE_CHECKING:
    from mixpanel_query.export_files import FileFormat

__all__ = ["export"]

# Mixpanel takes events up to five days after they happened.
LATE_DAYS: Final = 5
# Endings of files that are something else than lines of text.
OTHER_ENDINGS: Final = frozenset({".csv", ".gz", ".parquet", ".xlsx", ".zip"})


@click.command()
@window_options("UTC, or in the project's timezone if it was made before 2023")
@click.option(
    "--event",
    "events",
    multiple=True,
    help="Export this event only; may be given several times.",
)
@click.option("--where", help="Expression that an event must meet.")
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    metavar="NUMBER",
    help="Export at most so many events, up to 100,000; Mixpanel does not say which.",
)
@click.option(
    "--time-in-ms",
    is_flag=True,
    help="Let Mixpanel give times in milliseconds, where it has them.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE|-",
    help="File to write, which appears when it is whole; - prints, as without it.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder to export into instead, a file a day; goes on where it was stopped.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "jsonl.gz", "parquet"]),
    help="Of the files in DIR; jsonl, if not said.",
)
@click.option(
    "--refresh-days",
    type=click.IntRange(0, 36_500),
    metavar="NUMBER",
    help="Fetch days of DIR again that were fetched earlier than so many days after "
    "their end, as events arrive late; 5, if not said.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only say which calls an export into DIR would make.",
)
@click.pass_context
def export(
    context: click.Context,
    /,
    *,
    from_date: date,
    to_date: date,
    events: tuple[str, ...],
    where: str | None,
    limit: int | None,
    time_in_ms: bool,
    output: Path,
    folder: Path | None,
    format_: FileFormat | None,
    refresh_days: int | None,
    dry_run: bool,
) -> None:
    """Export raw events, to a file or into a folder.

    An export that Mixpanel cuts short fails: FILE is left as it was, and of DIR what
    is complete stays.

    \b
    Examples:
      mixpanel-query export --from 7d --to yesterday -o week.jsonl
      mixpanel-query export --from yesterday --to yesterday --event Purchase
      mixpanel-query export --from 365d --to yesterday --folder events
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.export_folder import FolderOrder, export_into, show_plan
    from mixpanel_query.command.json_lines import write_events
    from mixpanel_query.command.unknown_events import warn_of_unknown

    check_options(context, folder)
    check_ending(output)
    with connected(context) as client:
        if folder is None:
            rows = client.export(
                from_date,
                to_date,
                events=events or None,
                where=where,
                limit=limit,
                time_in_ms=time_in_ms,
            )
            count = write_events(rows, output)
            click.echo(f"{how_many(count, 'events')} exported", err=True)
        else:
            order = FolderOrder(
                folder,
                from_date,
                to_date,
                events or None,
                where,
                format_ or "jsonl",
                time_in_ms,
                LATE_DAYS if refresh_days is None else refresh_days,
            )
            if dry_run:
                show_plan(client, order)
                return
            count = export_into(client, order)
    if count == 0:
        warn_of_unknown(context, events)


def check_options(context: click.Context, folder: Path | None) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: If they do not.
    """
    given = {
        name
        for name in context.params
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
    }
    for name in ("output", "limit"):
        if folder is not None and name in given:
            problem = f"--{name} and --folder do not go together"
            raise click.UsageError(f"{problem}; give one")
    if folder is None and given & {"format_", "refresh_days", "dry_run"}:
        raise click.UsageError(
            "--format, --refresh-days and --dry-run are for --folder DIR; add it"
        )


def check_ending(output: Path) -> None:
    """Refuse a file whose name promises another format than it would have.

    Raises:
        click.BadParameter: If it does.
    """
    if output.suffix.lower() in OTHER_ENDINGS:
        problem = f"{output.name!r} would hold JSON Lines; let its name end in .jsonl"
        remedy = "or take --folder DIR with --format jsonl.gz or parquet"
        raise click.BadParameter(f"{problem}, {remedy}", param_hint="'-o'")
