"""docs/reference/settings.md has all that mixpanel-query reads, and no more."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest
from tests.reference.commands import options_of
from tests.reference.pages import rows, section
from tests.reference.settings_tables import (
    LOCAL,
    NEEDED,
    NONE,
    PAGE,
    PLUGINS,
    QUERY,
    defaults_in,
    names_in,
)

from mixpanel_pyramid import pytest_plugin as pyramid_plugin
from mixpanel_query.command.program import program
from mixpanel_query.environment import VARIABLES, Variable
from mixpanel_query.local import LocalProject
from mixpanel_query.local import pytest_plugin as query_plugin

OPTIONS = {str(o.envvar): o for o in options_of(program) if o.envvar}


def test_the_page_has_the_variables_of_queries() -> None:
    """Those of clients, of all options of the command, and of the budget."""
    of_clients = {variable.name for variable in VARIABLES}

    in_code = of_clients | OPTIONS.keys() | {"MIXPANEL_BUDGET_FILE"}

    assert sorted(names_in(QUERY)) == sorted(in_code)


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_the_default_of_a_clients_variable_is_the_codes(variable: Variable) -> None:
    """None in the code is what has to be given."""
    told = defaults_in(QUERY)[variable.name]

    assert {NEEDED: None, NONE: ""}.get(told, told) == variable.default


@pytest.mark.parametrize(
    "name",
    sorted(OPTIONS.keys() - {variable.name for variable in VARIABLES}),
)
def test_the_default_of_a_commands_variable_is_the_codes(name: str) -> None:
    """The page marks those that only the command reads."""
    option = OPTIONS[name]
    told = defaults_in(QUERY)[name]
    (meaning,) = (row[3] for row in rows(section(PAGE, QUERY)) if f"`{name}`" in row[0])

    default = option.to_info_dict()["default"]

    assert meaning.startswith("*Command:*")
    if told == NONE:
        assert default is None
    else:
        assert option.type.convert(told, option, None) == default


def test_the_page_has_the_options_of_a_local_project() -> None:
    """With the defaults of its class, as Python writes them."""
    in_code = {
        name: repr(parameter.default)
        for name, parameter in inspect.signature(LocalProject).parameters.items()
    }

    assert defaults_in(LOCAL) == in_code


def test_the_page_has_the_fixtures_of_the_plugins() -> None:
    """With their packages and scopes."""
    in_code = {
        (name, package, str(vars(plugin)[name]._fixture_function_marker.scope))
        for package, plugin in (
            ("mixpanel-pyramid", pyramid_plugin),
            ("mixpanel-query", query_plugin),
        )
        for name in plugin.__all__
    }
    told = {
        (name, *row[1:3])
        for name, row in zip(
            names_in(PLUGINS), rows(section(PAGE, PLUGINS)), strict=True
        )
    }

    assert told == in_code


@pytest.mark.parametrize("plugin", [pyramid_plugin, query_plugin])
def test_a_plugin_has_fixtures_only(plugin: ModuleType) -> None:
    """The page says that there is no option of the command line, nor of the file."""
    hooks = [name for name in vars(plugin) if name.startswith("pytest_")]

    assert hooks == []
