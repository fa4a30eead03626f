"""What the commands about a number have in common: options, and what they print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mixpanel_query.command.options import connected, window_options

if TYPE_CHECKING:
    from mixpanel_query.clients import Client
    from mixpanel_query.number_series import AverageSeries, SumSeries

__all__ = ["ask_numbers", "number_options", "number_unit_option"]

Command = TypeVar("Command", bound=Callable[..., Any])


def number_options(number_help: str) -> Callable[[Command], Command]:
    """Add the event, its window, ``--on``, whose help is given, and ``--where``."""
    event = click.argument("event")
    window = window_options("the project's timezone")
    on = click.option("--on", required=True, metavar="EXPRESSION", help=number_help)
    where = click.option("--where", help="Expression that an event must meet.")
    return lambda command: event(window(on(where(command))))


def number_unit_option(command: Command) -> Command:
    """Add ``--unit``."""
    return click.option(
        "--unit",
        type=click.Choice(["hour", "day"]),
        default="day",
        show_default=True,
        help="Length of a bucket.",
    )(command)


def ask_numbers(
    context: click.Context,
    event: str,
    ask: Callable[[Client], SumSeries | AverageSeries],
    *,
    shape: str,
) -> None:
    """Ask for a number of each day, and print it; 0 everywhere is worth a hint."""
    from mixpanel_query.command.output import print_numbers
    from mixpanel_query.command.unknown_events import warn_of_unknown

    with connected(context) as client:
        series = ask(client)
    print_numbers(series, shape=shape)
    if not any(series.values.values()):
        warn_of_unknown(context, [event])
