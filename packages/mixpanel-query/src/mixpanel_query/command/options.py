"""What several commands share: options, and the client that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mixpanel_query.command.days import is_relative, read_day
from mixpanel_query.command.output_options import format_option
from mixpanel_query.exceptions import InvalidQueryError

if TYPE_CHECKING:
    from mixpanel_query.clients import Client

__all__ = [
    "check_days",
    "connected",
    "format_option",
    "type_option",
    "typed_day",
    "window_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])

SPAN = {"from_date": "--from", "to_date": "--to", "interval": "--interval"}


def now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(timezone.utc)


def typed_day(
    context: click.Context, option: click.Parameter, given: str | None
) -> date | None:
    """Return the day that was typed, counted in the timezone given, or this machine's.

    Only the raw export of projects made since 2023, whose days are UTC days, and what
    reads it, count in UTC.
    """
    if given is None:
        return None
    try:
        if not is_relative(given):
            return read_day(given, date.min)
        given_options = context.find_root().obj
        zone = given_options["timezone"]
        if (
            context.info_name in ("drift", "export")
            and not given_options["stores_local_time"]
        ):
            zone = timezone.utc
        return read_day(given, now().astimezone(zone).date())
    except InvalidQueryError as error:
        raise click.BadParameter(str(error)) from error


def window_options(
    where_days_begin: str, *, required: bool = True
) -> Callable[[Command], Command]:
    """Add ``--from`` and ``--to``, whose help says in which timezone days begin."""
    last = click.option(
        "--to",
        "to_date",
        metavar="DAY",
        required=required,
        callback=typed_day,
        help="Last day counted.",
    )
    first = click.option(
        "--from",
        "from_date",
        metavar="DAY",
        required=required,
        callback=typed_day,
        help=f"First day counted, in {where_days_begin}. "
        "Days are YYYY-MM-DD, today, yesterday, or 7d for 7 days ago.",
    )
    return lambda command: first(last(command))


def check_days(context: click.Context, instead: str) -> None:
    """Refuse options that do not say, or say twice, which days count.

    ``instead`` of both days stands ``--interval``, or ``neither``.
    """
    typed = context.params
    given = [flag for name, flag in SPAN.items() if typed.get(name) is not None]
    if {*given} not in ({"--from", "--to"}, {instead} - {"neither"}):
        problem = f"{' and '.join(given) or 'no days'} given"
        remedy = "give --from and --to, such as --from 7d --to today"
        raise click.UsageError(f"{problem}; {remedy}, or {instead}", context)


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


@contextmanager
def connected(
    context: click.Context, *, timeout: float | None = None
) -> Iterator[Client]:
    """Make the client that the options before the command describe.

    It waits as long as a client usually does, or ``timeout`` seconds. A question that
    turns out to be wrong is a mistake in what was typed.
    """
    from mixpanel_query.budget import shared_budget
    from mixpanel_query.clients import Client
    from mixpanel_query.command.countdown import Countdown
    from mixpanel_query.environment import read_environment
    from mixpanel_query.retrying import RetryPolicy
    from mixpanel_query.sending import DEFAULT_TIMEOUT

    try:
        found = read_environment(context.obj, label=as_typed)
        budget = shared_budget(
            found.base_url, max_wait=context.obj["max_wait"], on_wait=Countdown()
        )
        client = Client(
            found.credentials,
            found.region,
            found.base_url,
            found.workspace_id,
            timeout=timeout or DEFAULT_TIMEOUT,
            retry=RetryPolicy(attempts=context.obj["attempts"]),
            budget=budget,
            timezone=context.obj["timezone"],
            stores_local_time=context.obj["stores_local_time"],
        )
    except InvalidQueryError as error:
        raise click.ClickException(str(error)) from error
    try:
        with client:
            yield client
    except InvalidQueryError as error:
        raise click.UsageError(str(error), context) from error


def as_typed(variable: str) -> str:
    """Name a variable of the environment together with its option.

    >>> as_typed("MIXPANEL_PROJECT_ID")
    '--project-id / MIXPANEL_PROJECT_ID'
    """
    option = variable.removeprefix("MIXPANEL_").lower().replace("_", "-")
    return f"--{option} / {variable}"
