"""The commands of all packages, as click knows them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from mixpanel_pyramid.command.program import program as outbox
from mixpanel_query.command.program import program as query
from mixpanel_schema.command.program import program as schema
from mixpanel_slack_report.command import group as report

__all__ = ["PROGRAMS", "commands_of", "options_in", "options_of"]

PROGRAMS: dict[str, click.Group] = {
    "mixpanel-schema": schema,
    "mixpanel-query": query,
    "mixpanel-outbox": outbox,
    "mixpanel-slack-report": report,
}


def commands_of(
    command: click.Command, *names: str
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command and all below it, each with the words that are typed for it."""
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands_of(below, *names, name)


def options_in(command: click.Command) -> list[click.Option]:
    """List the options of one command, but for that of its version."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    return [option for option in options if option.name != "version"]


def options_of(command: click.Command) -> Iterator[click.Option]:
    """Yield the options of a command and of all below it."""
    for _, each in commands_of(command):
        yield from options_in(each)
