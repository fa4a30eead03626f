"""What several commands share: options, and the client that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.window import read_date

if TYPE_CHECKING:
    from mixpanel_query.clients import Client

__all__ = ["connected", "format_option", "type_option", "window_options"]

Command = TypeVar("Command", bound=Callable[..., Any])


def read_day(context: click.Context, option: click.Parameter, given: str) -> date:
    """Return the day that was typed."""
    try:
        return read_date("date", given)
    except InvalidQueryError as error:
        raise click.BadParameter(str(error)) from error


def window_options(command: Command) -> Command:
    """Add ``--from`` and ``--to``."""
    last = click.option(
        "--to",
        "to_date",
        metavar="YYYY-MM-DD",
        required=True,
        callback=read_day,
        help="Last day counted.",
    )
    first = click.option(
        "--from",
        "from_date",
        metavar="YYYY-MM-DD",
        required=True,
        callback=read_day,
        help="First day counted, in the project's timezone.",
    )
    return first(last(command))


def type_option(command: Command) -> Command:
    """Add ``--type``."""
    return click.option(
        "--type",
        "count_type",
        type=click.Choice(["general", "unique", "average"]),
        default="general",
        show_default=True,
        help="Count events, the users who did them, or the events a user.",
    )(command)


def format_option(command: Command) -> Command:
    """Add ``--format``."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(["table", "json", "jsonl", "csv"]),
        default="table",
        show_default=True,
        help="How to print the answer.",
    )(command)


@contextmanager
def connected(context: click.Context) -> Iterator[Client]:
    """Make the client that the options before the command describe.

    A question that turns out to be wrong is a mistake in what was typed.
    """
    from mixpanel_query.clients import Client
    from mixpanel_query.environment import read_environment

    try:
        found = read_environment(context.obj)
        timezone = context.obj["timezone"] or None
        client = Client(
            found.credentials, found.region, found.base_url, timezone=timezone
        )
    except InvalidQueryError as error:
        raise click.ClickException(str(error)) from error
    try:
        with client:
            yield client
    except InvalidQueryError as error:
        raise click.UsageError(str(error), context) from error
