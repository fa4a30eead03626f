"""What becomes of standard output when it fails, and how warnings are shown."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

import click

__all__ = ["give_up_output", "show_warning"]


def give_up_output() -> None:
    """Throw away what standard output still holds, or Python fails on it at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def show_warning(  # noqa: PLR0917 - as Python calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning in one line, without the place in our code."""
    click.echo(f"Warning: {message}", err=True)
