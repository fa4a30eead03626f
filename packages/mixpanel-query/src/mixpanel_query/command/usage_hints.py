"""What an error of usage adds: what was probably meant, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import click

__all__ = ["hint_at_place", "nearest_command"]


def nearest_command(typed: str, names: Iterable[str]) -> str:
    """Return a sentence that names the command nearest to what was typed, or nothing.

    >>> nearest_command("evnts", ["events", "funnels"])
    " Did you mean 'events'?"
    >>> nearest_command("xyz", ["events", "funnels"])
    ''
    """
    near = get_close_matches(typed, list(names), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def hint_at_place(
    error: click.ClickException, program: click.Group
) -> click.ClickException:
    """Return the error to show: where an option stands, if it is only misplaced.

    That is an option of the program which was typed after the command; any other error
    comes back as it is.
    """
    context = error.ctx if isinstance(error, click.NoSuchOption) else None
    if context is None or context.command is program:
        return error
    option = getattr(error, "option_name", "")
    if option not in {name for parameter in program.params for name in parameter.opts}:
        return error
    program_name, _, command = context.command_path.partition(" ")
    example = f"{program_name} {option} … {command} …"
    return click.UsageError(f"{option} stands before the command: {example}", context)
