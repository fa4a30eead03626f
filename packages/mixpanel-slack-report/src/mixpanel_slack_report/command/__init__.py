"""The command ``mixpanel-slack-report``: parses, calls, prints, exits.

Each command is a module of its own that imports what it runs only when it is run, so
that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from mixpanel_query.exceptions import MixpanelQueryError
from mixpanel_slack_report.command.check import check
from mixpanel_slack_report.command.demo import demo
from mixpanel_slack_report.command.init import init
from mixpanel_slack_report.command.plan import plan
from mixpanel_slack_report.command.preview import preview
from mixpanel_slack_report.command.send import send
from mixpanel_slack_report.command.serve import serve
from mixpanel_slack_report.command.tracebacks import Wishes, tell_error
from mixpanel_slack_report.exceptions import MixpanelSlackReportError, WindowError

__all__ = ["group", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


group.add_command(preview)
group.add_command(plan)
group.add_command(send)
group.add_command(serve)
group.add_command(init)
group.add_command(check)
group.add_command(demo)


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
