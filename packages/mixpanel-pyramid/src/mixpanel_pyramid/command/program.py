"""The group of commands, which loads each one only when it is used."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
from contextlib import suppress
from errno import ENOLCK
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from mixpanel_pyramid.exceptions import MixpanelPyramidError

__all__ = ["COMMANDS", "program", "run"]

# By name, which is also that of the module: help in the list.
COMMANDS: Final = {
    "status": "Show what waits in an outbox, and who sends it.",
    "send": "Send what waits in an outbox.",
    "refused": "List what is not sent any more, and why.",
    "retry": "Put dead letters back, to be sent once more.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, which is all that its module offers."""
        if cmd_name not in COMMANDS:
            return None
        loaded = import_module(f"{__package__}.{cmd_name.replace('-', '_')}")
        command: click.Command = getattr(loaded, *loaded.__all__)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, or name the nearest one there is."""
        typed = args[0]
        is_name = typed[:1].isalnum() and not ctx.resilient_parsing
        if is_name and typed not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(typed, COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {typed!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mixpanel-pyramid")
def program() -> None:
    """Look after the outbox of a Pyramid app that tracks with mixpanel-pyramid.

    The outbox is the file that the setting mixpanel.outbox names. All commands work
    while the app runs; run them as the app's user, because its files are private.

    Exit codes: 0 all is well, 1 something could not be delivered or found, 2 the
    command could not run.

    \b
    Examples:
      mixpanel-outbox status /var/lib/shop/mixpanel.sqlite
      mixpanel-outbox send --ini production.ini --follow
      mixpanel-outbox refused /var/lib/shop/mixpanel.sqlite
      mixpanel-outbox retry /var/lib/shop/mixpanel.sqlite --state refused

    \b
    Shell completion, for bash; or zsh_source, fish_source:
      eval "$(_MIXPANEL_OUTBOX_COMPLETE=bash_source mixpanel-outbox)"
    """  # noqa: D301  # click reads the sign itself


def run(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 is success, 1 failure, 2 a command that could not run, 130 Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names may hold signs that a terminal's encoding, or any, cannot write.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = program.main(
            arguments, prog_name="mixpanel-outbox", standalone_mode=False
        )
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        give_up_output()  # whoever read it has gone
        return 1
    except (OSError, sqlite3.Error) as error:
        click.echo(f"Error: {refusal(error)}", err=True)
        return 2
    except own_errors() as error:
        click.echo(f"Error: {error}", err=True)
        return 2
    return code if isinstance(code, int) else 0


def give_up_output() -> None:
    """Let the interpreter flush to nowhere what standard output does not take."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refusal(error: OSError | sqlite3.Error) -> str:
    """Say what cannot be used, and how to mend it.

    What fails while an outbox is opened names its file, but for a lock; standard output
    has no name.
    """
    is_nameless = isinstance(error, OSError) and error.filename is None
    if is_nameless and getattr(error, "errno", None) != ENOLCK:
        give_up_output()
        return f"standard output cannot be used: {error}; choose another place"
    problem = f"the outbox cannot be used ({type(error).__name__}: {error})"
    if "file is not a database" in str(error):
        return f"{problem}; name the file of mixpanel.outbox"
    return f"{problem}; run this as the app's user"


def own_errors() -> type[MixpanelPyramidError]:
    """Name what we raise, when something was: it comes with Pyramid, which is dear."""
    from mixpanel_pyramid.exceptions import MixpanelPyramidError

    return MixpanelPyramidError
