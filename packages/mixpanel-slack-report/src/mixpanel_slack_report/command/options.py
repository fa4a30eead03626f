"""What the commands have in common: how days are named, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from mixpanel_slack_report.period_names import PERIODS
from mixpanel_slack_report.setting_values import names_list

__all__ = ["days_options", "events_option", "printing", "write_output"]


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


def days_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the argument and the options that name the days of a report.

    The period may be left out where ``--from`` and ``--to`` are given.
    """
    for flag, name, text in (
        ("--to", "to_date", "Last day, for custom."),
        ("--from", "from_date", "First day, for custom."),
        ("--date", "due", "Day the report is due; today if left out."),
    ):
        add = click.option(flag, name, type=iso_date, metavar="YYYY-MM-DD", help=text)
        command = add(command)
    period = click.argument(
        "period", type=click.Choice(PERIODS), metavar="[PERIOD]", required=False
    )
    return period(command)


def event_names(
    _context: click.Context, _parameter: click.Parameter, given: str | None
) -> tuple[str, ...]:
    """Take the events of ``--events``, which may be left out, but names one if not.

    Raises:
        BadParameter: If it is there and names nothing: the report of the file would be
            made instead of the one that was meant.
    """
    names = names_list(given or "")
    if given is not None and not names:
        message = f"{given!r} names no event; write them as 'Sign Up,Purchase'"
        raise click.BadParameter(message)
    return names


def events_option(command: Callable[..., int]) -> Callable[..., int]:
    """Add the option that names events to count."""
    add = click.option(
        "--events",
        metavar="NAME,NAME",
        callback=event_names,
        help="Count these events instead of the metrics of the report file.",
    )
    return add(command)


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
