"""Asks whoever typed a command whether to go on."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

__all__ = ["confirm", "project_of"]


def confirm(question: Callable[[], str], *, yes: bool) -> None:
    """Go on only if whoever typed the command says so.

    Args:
        question: Returns what is asked, if there is somebody to ask.
        yes: Whether it was said before, so that nobody is asked.

    Raises:
        UsageError: If nobody is there to be asked.
        ClickException: If the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        problem = "nobody is there to be asked"
        raise click.UsageError(f"{problem}; give --yes to delete all the same")
    if not click.confirm(question(), err=True):
        raise click.ClickException("nothing was deleted")


def project_of(context: click.Context) -> str:
    """Return the number of the project that is asked."""
    return str(context.find_root().obj["MIXPANEL_PROJECT_ID"])
