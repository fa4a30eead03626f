"""The group of commands, which loads each one only when it is used."""

from __future__ import annotations

import io
import sys
import warnings
from datetime import tzinfo
from importlib import import_module
from typing import Final

import click

from mixpanel_query.command.standard_streams import give_up_output, show_warning
from mixpanel_query.exceptions import InvalidQueryError, MixpanelQueryError

__all__ = ["COMMANDS", "program", "run"]

# By name, which is also that of the module: help in the list.
COMMANDS: Final = {
    "events": "Count events over time.",
    "segmentation": "Count one event, filtered and broken down.",
    "segmentation-numeric": "Count one event, by ranges of a number.",
    "segmentation-sum": "Sum a number over the events of each day.",
    "segmentation-average": "Average a number over the events of each day.",
    "top-events": "Rank today's commonest events.",
    "event-names": "List the commonest events.",
    "event-properties": "Count an event by the values of a property.",
    "property-names": "List the commonest properties of an event.",
    "property-values": "List the commonest values of a property of an event.",
    "funnels": "List the saved funnels.",
    "funnel": "Count who took the steps of a saved funnel.",
    "retention": "Count users who came back.",
    "frequency": "Count in how many hours or days users were active.",
    "insights": "Show what a saved report shows.",
    "cohorts": "List the saved cohorts.",
    "activity": "List what some users did.",
    "profiles": "List the profiles of users, or of groups.",
    "profile-by-email": "Find the distinct_id of whoever has an e-mail address.",
    "jql": "Run a script in JQL.",
    "export": "Export raw events, to a file or into a folder.",
    "projects": "List the projects that the account may ask.",
    "budget": "Show how many questions are left.",
    "lexicon": "Read Lexicon, upload a plan, delete.",
    "drift": "Compare a tracking plan with what arrives.",
    "annotations": "Read, make, change and delete annotations.",
    "local": "Run a Mixpanel project on this machine.",
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


def read_zone(
    context: click.Context, option: click.Parameter, given: str | None
) -> tzinfo | None:
    """Return the timezone that was typed."""
    if given is None:
        return None
    from mixpanel_query.timezones import read_timezone

    try:
        return read_timezone(given)
    except InvalidQueryError as error:
        raise click.BadParameter(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mixpanel-query")
@click.option(
    "--username",
    metavar="NAME",
    envvar="MIXPANEL_USERNAME",
    show_envvar=True,
    help="Service account that asks.",
)
@click.option(
    "--secret",
    metavar="SECRET",
    envvar="MIXPANEL_SECRET",
    show_envvar=True,
    help="Its secret. Better in the environment, where other users cannot read it.",
)
@click.option(
    "--project-id",
    metavar="NUMBER",
    envvar="MIXPANEL_PROJECT_ID",
    show_envvar=True,
    help="Project to ask: its number, not its token.",
)
@click.option(
    "--region",
    metavar="us|eu|in",
    envvar="MIXPANEL_REGION",
    show_envvar=True,
    help="Where the project's data live; us, if not said.",
)
@click.option(
    "--base-url",
    metavar="URL",
    envvar="MIXPANEL_BASE_URL",
    show_envvar=True,
    help="Address that replaces Mixpanel's: a local project, a proxy.",
)
@click.option(
    "--workspace-id",
    metavar="NUMBER",
    envvar="MIXPANEL_WORKSPACE_ID",
    show_envvar=True,
    help="Data view to ask through; the export ignores it.",
)
@click.option(
    "--timezone",
    metavar="NAME",
    callback=read_zone,
    envvar="MIXPANEL_TIMEZONE",
    show_envvar=True,
    help="The project's, for words such as today, which else count in this machine's, "
    "and for hours that come without an offset.",
)
@click.option(
    "--stores-local-time",
    is_flag=True,
    envvar="MIXPANEL_STORES_LOCAL_TIME",
    show_envvar=True,
    help="The project is from before 2023: days of the export, and times of events, "
    "are those of --timezone.",
)
@click.option(
    "--attempts",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    metavar="NUMBER",
    envvar="MIXPANEL_ATTEMPTS",
    show_envvar=True,
    help="How often a question is asked at most, while Mixpanel is down or busy.",
)
@click.option(
    "--max-wait",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    envvar="MIXPANEL_MAX_WAIT",
    show_envvar=True,
    help="How long a question waits at most until the budget of queries, or Mixpanel, "
    "lets it through.",
)
@click.pass_context
def program(
    context: click.Context,
    /,
    timezone: tzinfo | None,
    stores_local_time: bool,
    attempts: int,
    max_wait: float,
    **connection: str | None,
) -> None:
    """Ask Mixpanel questions, or a Mixpanel project on this machine.

    Options that say where to ask stand before the command.

    \b
    Examples:
      mixpanel-query events "Sign Up" Purchase --from 7d --to yesterday
      mixpanel-query --region eu event-names --format json
      mixpanel-query export --from 7d --to yesterday -o week.jsonl

    \b
    Completion for your shell, as bash:
      eval "$(_MIXPANEL_QUERY_COMPLETE=bash_source mixpanel-query)"
    """  # noqa: D301 - click reads the sign itself
    variables = {
        f"MIXPANEL_{name.upper()}": value or "" for name, value in connection.items()
    }
    context.obj = {
        **variables,
        "timezone": timezone,
        "stores_local_time": stores_local_time,
        "attempts": attempts,
        "max_wait": max_wait,
    }


def run(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 is success, 1 failure, 2 a command that was typed wrong, 130 Ctrl-C.
    """
    if sys.stdout is None:
        click.echo("Error: standard output is closed; send it somewhere", err=True)
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names may hold signs that a terminal's encoding, or any, cannot write.
        sys.stdout.reconfigure(errors="backslashreplace")
    with warnings.catch_warnings():
        warnings.showwarning = show_warning
        try:
            code = program.main(
                arguments, prog_name="mixpanel-query", standalone_mode=False
            )
            sys.stdout.flush()
        except click.Abort:
            return 130
        except click.ClickException as error:
            from mixpanel_query.command.usage_hints import hint_at_place

            hint_at_place(error, program).show()
            return error.exit_code
        except MixpanelQueryError as error:
            click.echo(f"Error: {error}", err=True)
            return 1
        except OSError as error:
            give_up_output()
            where = error.filename or "standard output"
            problem = f"{where} cannot be used: {error.strerror or error}"
            click.echo(f"Error: {problem}; choose another place", err=True)
            return 1
    return code if isinstance(code, int) else 0
