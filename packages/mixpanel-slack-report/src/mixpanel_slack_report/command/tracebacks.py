"""Errors on stderr: one line, and where it came from if that is asked for."""

from __future__ import annotations

import os
from contextlib import suppress

import click

__all__ = ["Wishes", "tell_error"]


class Wishes:
    """What the command line asks of every command.

    Attributes:
        debug: Whether a traceback is printed before an error.
    """

    def __init__(self) -> None:
        self.debug = False


def tell_error(error: Exception, wishes: Wishes | None) -> None:
    """Print an error, after its traceback if that was asked for, without secrets."""
    from traceback import format_exception

    said = f"Error: {error}{advice(error)}\n"
    if wishes is not None and wishes.debug:
        said = "".join(format_exception(error)) + said
    click.echo(masked(said), nl=False, err=True)


def advice(error: Exception) -> str:
    """Say where settings are looked for, or what finds the wrong one; else nothing."""
    from mixpanel_query.exceptions import CredentialsRefusedError, QueryRefusedError
    from mixpanel_slack_report.exceptions import SettingsError

    if isinstance(error, SettingsError) and " is not set; " in str(error):
        return "; settings come from the environment and from .env in this folder"
    if isinstance(error.__cause__, (CredentialsRefusedError, QueryRefusedError)):
        return "; mixpanel-slack-report check says which is wrong"
    return ""


def masked(text: str) -> str:
    """Return a text in which no secret of this process's settings stands.

    Secrets are pasted into other settings by mistake, whose errors show them.
    """
    from pathlib import Path

    from mixpanel_slack_report.exceptions import SettingsError
    from mixpanel_slack_report.masking import mask_secrets, secrets_in_environment
    from mixpanel_slack_report.settings import read_environment

    environ = dict(os.environ)
    with suppress(SettingsError):  # A file that cannot be read gave nobody a secret.
        environ = read_environment(environ, Path(".env"))
    return mask_secrets(text, secrets_in_environment(environ))
