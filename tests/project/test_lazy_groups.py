"""The four commands load what is used of them, each by itself, and in the same way."""

import inspect
from importlib import import_module

import pytest

# The packages share no code for commands, so each has a group of its own.
HOMES = (
    "mixpanel_schema.command.program",
    "mixpanel_pyramid.command.program",
    "mixpanel_query.command.program",
    "mixpanel_slack_report.command",
)


@pytest.mark.parametrize("home", HOMES)
def test_all_groups_are_the_same(home: str) -> None:
    """What is mended in one is mended in all."""
    group, first = (import_module(name).LazyGroup for name in (home, HOMES[0]))

    assert inspect.getsource(group) == inspect.getsource(first)
