"""Where the output of a command goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mixpanel_schema.command.plans import CannotRunError

__all__ = ["as_json", "format_option", "output_option", "write"]

Command = TypeVar("Command", bound=Callable[..., Any])

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE|-",
    help="File to write; - prints, as without it.",
)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Add ``--format``; the first format is the default."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print what was found.",
    )


def as_json(value: object) -> str:
    """Write a value as JSON for people and programs."""
    import json

    return json.dumps(value, indent=2, ensure_ascii=False)


def write(text: str, output: Path) -> None:
    """Print a text, or write it to a file, ending with one new line.

    Raises:
        CannotRunError: If the file cannot be written.
    """
    whole = text.rstrip("\n") + "\n"
    if str(output) == "-":
        click.echo(whole, nl=False)
        return
    try:
        output.write_bytes(whole.encode())
    except OSError as error:
        message = f"{output} cannot be written: {error.strerror}; name another file"
        raise CannotRunError(message) from error
    click.echo(f"{output} written", err=True)
