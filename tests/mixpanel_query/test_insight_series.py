"""Tests of mixpanel_query.insight_series: levels of any depth, with any names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query.exceptions import UnreadableAnswerError
from mixpanel_query.insight_series import read_series
from mixpanel_query.wire import Answer, QueryRequest

ANSWER = Answer(QueryRequest("/api/query/insights"), "here", None)
KEYS = st.sampled_from(["all", "2020-08-31", "2020-08-31T13:00:00-07:00"])
HOSTILE = [
    "all",
    "$overall",
    "2020-08-31",
    "",
    "\0",
    "</script>",
    '"',
    "💥",
    "x" * 10_000,
]
NAMES = st.text() | st.sampled_from(HOSTILE)


@given(data=st.data(), levels=st.integers(min_value=1, max_value=6))
def test_every_value_is_found_at_its_place(data: st.DataObject, levels: int) -> None:
    """However deep, and whatever the names are, values keep names and keys."""
    path = st.tuples(*[NAMES] * levels)
    places = data.draw(st.dictionaries(st.tuples(path, KEYS), st.integers()))
    series: dict[str, Any] = {}
    for (names, key), value in places.items():
        level = series
        for name in names:
            level = level.setdefault(name, {})
        level[key] = value

    found = read_series(ANSWER, series, tuple(f"header {n}" for n in range(levels)))

    assert {
        (names, key or "all"): value
        for names, buckets in found.items()
        for key, value in buckets.items()
    } == places


def test_depth_is_bounded() -> None:
    """An answer that goes on and on is an error, not the end of the stack."""
    series: dict[str, Any] = {}
    for _ in range(5000):
        series = {"deeper": series}

    with pytest.raises(UnreadableAnswerError, match="deeper than the headers say"):
        read_series(ANSWER, series, ("$event",))


@pytest.mark.parametrize("value", [float("inf"), -float("inf")], ids=repr)
def test_a_value_without_end_is_refused(value: float) -> None:
    """Python reads 1e999 so, and no report can show it."""
    with pytest.raises(UnreadableAnswerError, match="is no finite number"):
        read_series(ANSWER, {"Sales": {"all": value}}, ("$metric",))
