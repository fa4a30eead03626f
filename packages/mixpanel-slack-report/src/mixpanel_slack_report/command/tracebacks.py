"""Errors on stderr: one line, and where it came from if that is asked for."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

import click

__all__ = ["Wishes", "tell_error"]


@dataclass
class Wishes:
    """What the command line asks of every command.

    Attributes:
        debug: Whether a traceback is printed before an error.
    """

    debug: bool = False


def tell_error(error: Exception, wishes: Wishes | None) -> None:
    """Print an error, after its traceback if that was asked for, without secrets."""
    if wishes is not None and wishes.debug:
        click.echo(masked_traceback(error), nl=False, err=True)
    click.echo(f"Error: {error}", err=True)


def masked_traceback(error: Exception) -> str:
    """Return a traceback in which no secret of this process's settings stands."""
    from pathlib import Path
    from traceback import format_exception

    from mixpanel_slack_report.exceptions import SettingsError
    from mixpanel_slack_report.masking import mask_secrets, secrets_in_environment
    from mixpanel_slack_report.settings import read_environment

    environ = dict(os.environ)
    with suppress(SettingsError):  # A file that cannot be read gave nobody a secret.
        environ = read_environment(environ, Path(".env"))
    text = "".join(format_exception(error))
    return mask_secrets(text, secrets_in_environment(environ))
