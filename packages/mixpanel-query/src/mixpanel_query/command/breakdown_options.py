"""The options of reports that are narrowed, or broken down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["breakdown_options", "check_limit"]

Command = TypeVar("Command", bound=Callable[..., Any])


def breakdown_options(command: Command) -> Command:
    """Add ``--on``, ``--where`` and ``--limit``."""
    limit = click.option(
        "--limit",
        type=click.IntRange(min=1),
        metavar="NUMBER",
        help="How many segments at most; needs --on.",
    )
    where = click.option(
        "--where", metavar="EXPRESSION", help="What an event must meet."
    )
    on = click.option(
        "--on", metavar="EXPRESSION", help="What to break the counts down by."
    )
    return on(where(limit(command)))


def check_limit(context: click.Context, on: str | None, limit: int | None) -> None:
    """Refuse a limit of segments where there are none."""
    if limit is not None and on is None:
        problem = f"--limit {limit} counts segments, and there are none"
        raise click.UsageError(f"{problem}; give --on, or leave --limit out", context)
