"""The command ``mixpanel-slack-report``: parses, calls, prints, exits.

Each command is a module of its own that is imported when it is used, so that ``--help``
answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

import click

from mixpanel_query.exceptions import MixpanelQueryError
from mixpanel_slack_report.command.tracebacks import Wishes, tell_error
from mixpanel_slack_report.exceptions import MixpanelSlackReportError, WindowError

__all__ = ["COMMANDS", "group", "main"]

# By name, which is also that of the module: help in the list.
COMMANDS: Final = {
    "check": "Say what is well, or how to mend it.",
    "demo": "Report sample data; no account is needed.",
    "init": "Write a folder for azure, github, cron or a report.",
    "plan": "Show what a report would ask Mixpanel.",
    "preview": "Show the report of PERIOD; nothing is sent.",
    "send": "Post the report of PERIOD to Slack, at most once.",
    "serve": "Serve the HTTP endpoints until Ctrl-C; needs the extra serve.",
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
@click.version_option(package_name="mixpanel-slack-report")
@click.option(
    "--debug", is_flag=True, help="Show where an error came from, without secrets."
)
@click.pass_obj
def group(wishes: Wishes, *, debug: bool) -> None:
    """Report what happened in Mixpanel to Slack.

    Settings come from the environment and from a file .env in the current folder:
    MIXPANEL_USERNAME, MIXPANEL_SECRET, MIXPANEL_PROJECT_ID, MIXPANEL_REGION,
    MIXPANEL_BASE_URL, MIXPANEL_ATTEMPTS, MIXPANEL_MAX_WAIT, SLACK_WEBHOOK_URL (or
    SLACK_BOT_TOKEN and SLACK_CHANNEL), SLACK_API_URL, COMPANY_NAME, TIMEZONE,
    REPORT_FILE, REPORT_LEDGER; for serve also REPORT_KEY and SLACK_SIGNING_SECRET.

    Exit codes: 0 done, sent before, or nothing due; 1 failed, or not known; 2 wrong
    usage; 3 sent with something missing; 130 stopped with Ctrl-C.

    \b
    Examples:
      mixpanel-slack-report check
      mixpanel-slack-report preview weekly
      mixpanel-slack-report preview weekly --date 2026-11-16 --format json
      mixpanel-slack-report preview custom --from 2026-11-01 --to 2026-11-10
      mixpanel-slack-report plan weekly
      mixpanel-slack-report send daily
      mixpanel-slack-report serve
      mixpanel-slack-report init azure my-reports
      mixpanel-slack-report demo

    \b
    Shell completion, for bash; or zsh_source, fish_source:
      eval "$(_MIXPANEL_SLACK_REPORT_COMPLETE=bash_source mixpanel-slack-report)"
    """  # noqa: D301 - click reads the sign itself
    wishes.debug = debug


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit with its code.

    Args:
        arguments: The command line without the program's name; None for the real one.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a name's letters is no reason to crash.
            stream.reconfigure(errors="backslashreplace")
    code = exit_code(arguments)
    let_go_of_stdout()
    sys.exit(code)


def exit_code(arguments: Sequence[str] | None) -> int:
    """Run the command; errors become one line on stderr and a code."""
    wishes = Wishes()
    try:
        code = group.main(
            arguments,
            prog_name="mixpanel-slack-report",
            standalone_mode=False,
            obj=wishes,
        )
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except WindowError as error:
        tell_error(error, wishes)
        return 2
    except BrokenPipeError:
        # Whoever read stdout has gone, and needs no line about it.
        return 1
    except (MixpanelSlackReportError, MixpanelQueryError, OSError) as error:
        tell_error(error, wishes)
        return 1
    return code if isinstance(code, int) else 0


def let_go_of_stdout() -> None:
    """Drop what stdout did not take; the interpreter would try again, and complain."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
