"""What the commands have in common: how days are named, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from mixpanel_slack_report.periods import PERIODS

__all__ = ["DaysAsked", "days_options", "printing", "write_output"]


def iso_date(text: str) -> date:
    """Convert a day written as YYYY-MM-DD.

    Raises:
        BadParameter: If it is no day.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        message = f"{text!r} is no day; write it as 2026-11-16"
        raise click.BadParameter(message) from error


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """The days as the command line names them.

    Attributes:
        period: One of ``PERIODS``.
        due: The day the run is due; None for today.
        from_date: First day of a custom report.
        to_date: Last day of a custom report.
    """

    period: str
    due: date | None
    from_date: date | None
    to_date: date | None

    def __post_init__(self) -> None:
        """Refuse options that do not go together."""
        given = (self.from_date, self.to_date)
        if self.period == "custom" and (None in given or self.due):
            message = "a custom report takes --from and --to, and no --date"
            raise click.UsageError(message)
        if self.period != "custom" and given != (None, None):
            message = (
                f"a {self.period} report takes --date; --from and --to are for custom"
            )
            raise click.UsageError(message)


def days_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the argument and the options that name the days of a report."""
    for flag, name, text in (
        ("--to", "to_date", "Last day, for custom."),
        ("--from", "from_date", "First day, for custom."),
        ("--date", "due", "Day the report is due; today if left out."),
    ):
        add = click.option(flag, name, type=iso_date, metavar="YYYY-MM-DD", help=text)
        command = add(command)
    return click.argument("period", type=click.Choice(PERIODS), metavar="PERIOD")(
        command
    )


@contextmanager
def printing() -> Iterator[None]:
    """Say in one line that stdout is closed, or that it is full.

    Raises:
        ClickException: If stdout does not take what is printed inside.
        BrokenPipeError: If its reader went away, of which nothing is said.
    """
    if sys.stdout is None:
        message = "stdout is closed, so nothing can be shown; open it or redirect it"
        raise click.ClickException(message)
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"stdout cannot be written: {error.strerror}; redirect it elsewhere"
        raise click.ClickException(message) from error


def write_output(text: str, output: Path | None) -> None:
    """Write text to a file, or to stdout if none is given.

    Raises:
        FileError: If the file cannot be written.
    """
    if output is None:
        with printing():
            click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(output), hint=error.strerror) from error
