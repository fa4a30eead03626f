"""However rows are cut into batches, a script that merges gives the same numbers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from mixpanel_query.local.javascript.limits import ScriptLimits
from mixpanel_query.local.javascript.script_run import ScriptRun

# Name, user and amount of each event; their times count up.
Rows: TypeAlias = list[tuple[str, str, int]]

rows_of_events = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.integers(-9, 9)),
    max_size=40,
)
cuts = st.lists(st.integers(0, 40), max_size=5)


def ask(steps: str, rows: Rows, places: Sequence[int]) -> list[Any]:
    """Run steps over events that come in batches, which are cut at some places."""
    bounds = [0, *sorted(min(place, len(rows)) for place in places), len(rows)]
    with ScriptRun(
        f"function main() {{ return Events({{}}){steps}; }}", "{}", ScriptLimits()
    ) as run:
        run.sources()
        for begin, end in pairwise(bounds):
            names, users, amounts = (
                [row[n] for row in rows[begin:end]] for n in range(3)
            )
            columns = json.dumps([names, users, list(range(begin, end))])
            properties = [json.dumps({"amount": amount}) for amount in amounts]
            run.feed(b"E", ["\x1e".join([columns, *properties])])
        items: list[Any] = json.loads(b"".join(run.items()))
    return items


@settings(max_examples=25)
@given(rows_of_events, cuts)
def test_groups_do_not_depend_on_batches(rows: Rows, places: list[int]) -> None:
    """Neither those of a built-in reducer nor those of one that merges by itself."""
    merging = "(done, items) => _.reduce(done, (a, b) => a + b, 0) + items.length"
    reducers = f"[mixpanel.reducer.sum('properties.amount'), {merging}]"
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, _, amount in rows:
        sums[name][0] += amount
        sums[name][1] += 1

    found = ask(f".groupBy(['name'], {reducers})", rows, places)

    assert {row["key"][0]: row["value"] for row in found} == sums


@settings(max_examples=25)
@given(rows_of_events, cuts)
def test_histories_do_not_depend_on_batches(rows: Rows, places: list[int]) -> None:
    """A user's function sees each event once, in the order of time."""
    histories: dict[str, list[int]] = defaultdict(list)
    for time, (_, user, _) in enumerate(rows):
        histories[user].append(time)

    fold = "(state, events) => (state || []).concat(events.map(e => e.time))"
    found = ask(f".groupByUser({fold})", rows, places)

    assert {row["key"][0]: row["value"] for row in found} == histories


@settings(max_examples=25)
@given(rows_of_events, cuts)
def test_order_does_not_depend_on_batches(rows: Rows, places: list[int]) -> None:
    """Sorted items are in order, and those that are equal in that of their arrival."""
    steps = ".sortDesc('properties.amount').map(e => e.time)"

    assert ask(steps, rows, places) == sorted(
        range(len(rows)), key=lambda place: -rows[place][2]
    )
