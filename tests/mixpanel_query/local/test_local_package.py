"""The package root: lazy, and clear about what is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mixpanel_query.local


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )


def test_query_package_does_not_import_the_local_project() -> None:
    """Importing the query package leaves DuckDB and the local project alone."""
    code = (
        "import sys, mixpanel_query, mixpanel_query.local;"
        "print([m for m in ('duckdb', 'starlette', 'uvicorn',"
        " 'mixpanel_query.local.project') if m in sys.modules])"
    )

    assert run_python(code).stdout == "[]\n"


@pytest.mark.parametrize("missing", ["duckdb", "starlette", "uvicorn"])
def test_missing_extra_is_named_in_one_line(missing: str) -> None:
    """Without what the extra installs, the error says how to install it."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "try: from mixpanel_query.local import LocalProject\n"
        "except ModuleNotFoundError as error: print(error)"
    )

    assert run_python(code).stdout == (
        f"the local project needs {missing}, which is not installed; "
        "run: pip install 'mixpanel-query[local]'\n"
    )


def test_missing_extra_is_noticed_when_the_name_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In this process too, the error has the name of what is missing."""
    for module in ("project", "engine.store"):
        monkeypatch.delitem(sys.modules, f"mixpanel_query.local.{module}", False)
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(ModuleNotFoundError, match="needs duckdb, which") as caught:
        _ = mixpanel_query.local.LocalProject

    assert caught.value.name == "duckdb"


def test_broken_module_of_ours_is_not_called_a_missing_extra() -> None:
    """A module of the package itself that is missing is reported as it is."""
    code = (
        "import sys; sys.modules['mixpanel_query.local.engine.store'] = None\n"
        "try: from mixpanel_query.local import LocalProject\n"
        "except ModuleNotFoundError as error: print(error.name)"
    )

    assert run_python(code).stdout == "mixpanel_query.local.engine.store\n"


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that the package does not have is refused as by any module."""
    with pytest.raises(AttributeError, match="has no attribute 'Project'"):
        _ = mixpanel_query.local.Project


def test_public_names_are_sorted_and_there() -> None:
    """Every public name can be had."""
    names = mixpanel_query.local.__all__

    assert names == ["LocalProject", "LocalProjectError"]
    assert all(hasattr(mixpanel_query.local, name) for name in names)
