"""What an error of usage adds: where an option stands that was typed elsewhere."""

from __future__ import annotations

import click

__all__ = ["hint_at_place"]


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
