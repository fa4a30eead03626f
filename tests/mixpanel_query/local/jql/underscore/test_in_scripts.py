"""Scripts that use ``_``: it is there where they name it, and goes through events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import httpx
import pytest

from mixpanel_query.local.javascript.runtime_files import runtime_for

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

DAN = ".filter(e => e.distinct_id == 'dan')"


def test_properties_of_events_are_objects_like_any(run: Run) -> None:
    """Its functions go through events and their properties."""
    steps = f"{DAN}.map(e => [_.keys(e), _.pick(e.properties, 'Plan', 'price')])"

    assert run(steps) == [
        [
            ["name", "distinct_id", "time", "sampling_factor", "properties"],
            {"Plan": "Pro", "price": "9"},
        ]
    ]


def test_chain_is_written_as_its_value(run: Run) -> None:
    """A script may return what is wrapped."""
    assert run(f"{DAN}.map(e => _.chain([1, 2]).reverse())") == [[2, 1]]


def test_error_has_no_place_in_the_runtime(post: Post) -> None:
    """It says where the script called, and not where `_` is written."""
    script = "function main() {\n  return _.shuffle([1]);\n}"

    assert "_.sortBy (line 2, column " in post(script).json()["error"]


def test_script_may_use_the_name_for_something_else(run: Run) -> None:
    """It is a name like any other."""
    script = "const _ = 5; function main() { return People({}).map(() => _); }"

    assert run(script) == [5, 5, 5]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("_.keys(x)", True),
        ("(_)(x)", True),
        ("this['_'].keys(x)", True),
        (r"\u005f.keys(x)", True),
        ("from_date", False),
        ("_id + $_ + a_", False),
    ],
)
def test_scripts_that_bring_it(script: str, expected: bool) -> None:
    """Those that do not name it do without, and start sooner."""
    assert ("groupBy = grouping" in runtime_for(script)) is expected
