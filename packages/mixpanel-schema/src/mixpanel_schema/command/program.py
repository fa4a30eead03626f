"""The group of commands, which loads each one only when it is used."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Final

import click

from mixpanel_schema.exceptions import MixpanelSchemaError

__all__ = ["COMMANDS", "program", "run"]

# By name, which is also that of the module: help in the list.
COMMANDS: Final = {
    "lint": "Find names that break the naming advice.",
    "export": "Write the plan for people, frontends or other tools.",
    "generate": "Write Python that declares what a Lexicon document describes.",
    "diff": "Compare two plans, and tell what breaks.",
    "usage": "Find what a code base tracks, and what it never does.",
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
@click.version_option(package_name="mixpanel-schema")
def program() -> None:
    """Check, publish and compare a Mixpanel tracking plan that is written in Python.

    A PLAN is named module:attribute, where the attribute is a TrackingPlan or makes
    one without arguments; modules are found in the current folder, too. A Lexicon
    document may stand there as well, as a file that ends in .json.

    Exit codes: 0 all is well, 1 something was found, 2 the command could not run.
    What changed between two plans counts as found only with --fail-on of diff.

    \b
    Examples:
      mixpanel-schema lint shop.tracking:plan
      mixpanel-schema export shop.tracking:plan --format markdown -o PLAN.md
      mixpanel-schema diff released.json shop.tracking:plan --fail-on breaking

    \b
    Shell completion, for bash; or zsh_source, fish_source:
      eval "$(_MIXPANEL_SCHEMA_COMPLETE=bash_source mixpanel-schema)"
    """  # noqa: D301  # click reads the sign itself


def run(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 is success, 1 findings, 2 a command that could not run, 130 Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names may hold signs that a terminal's encoding, or any, cannot write.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = program.main(
            arguments, prog_name="mixpanel-schema", standalone_mode=False
        )
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except MixpanelSchemaError as error:
        click.echo(f"Error: {error}", err=True)
        return 2
    except BrokenPipeError:
        give_up_output()  # whoever read it has gone
        return 1
    except OSError as error:
        give_up_output()
        where = error.filename or "standard output"
        problem = f"{where} cannot be used: {error.strerror or error}"
        click.echo(f"Error: {problem}; choose another place", err=True)
        return 2
    return code if isinstance(code, int) else 0


def give_up_output() -> None:
    """Let the interpreter flush to nowhere what standard output does not take."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
