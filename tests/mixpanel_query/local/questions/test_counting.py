"""How events find their buckets, and which labels are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.local import time_buckets
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.expressions import read_expression
from mixpanel_query.local.parameters.count_kinds import Kind
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import count_kind
from mixpanel_query.local.time_buckets import date_buckets

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("kind", ["general", "unique", "average"])
@pytest.mark.parametrize("most_slots", [1, 100_000])
def test_days_of_changed_clocks_hold_their_own(
    engine: Engine,
    add_rows: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    most_slots: int,
    kind: Kind,
) -> None:
    """Both ways of finding buckets put events at their edges into the right ones."""
    monkeypatch.setattr(time_buckets, "MOST_SLOTS", most_slots)
    add_rows(
        "A u1 2026-10-24T22:59:59",
        "A u1 2026-10-24T23:00:00",
        "A u2 2026-10-25T23:59:59",
        "A u1 2026-10-26T00:00:00",
        "A u1 2026-10-26T00:00:01",
    )
    days = date(2026, 10, 24), date(2026, 10, 26)
    buckets = date_buckets(*days, "day", LONDON, 0)
    with chosen_events(engine, Choice.during(buckets, ("A",))) as chosen:
        counts = count_kind(chosen, buckets, kind)
    found = [counts["A", start] for start in buckets.starts_ms]

    expected = {"general": [1, 2, 2], "unique": [1, 2, 1], "average": [1, 1, 2]}
    assert found == expected[kind]


def test_slots_are_as_long_as_they_can_be() -> None:
    """Weeks of UTC need one slot each, and a change of the clocks makes it hours."""
    days = date(2026, 10, 19), date(2026, 11, 1)
    of_utc = date_buckets(*days, "week", ZoneInfo("UTC"), 0)
    of_london = date_buckets(*days, "week", LONDON, 0)

    assert of_utc.slots() == (7 * 86_400_000, list(of_utc.starts_ms))
    length, starts = of_london.slots() or (0, [])
    assert length == 3_600_000
    assert [starts.count(each) for each in of_london.starts_ms] == [169, 168]


def test_only_the_largest_are_counted_if_no_more_are_wanted(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """One more than wanted is among them, which shows whether there was a tie."""
    rows = [f"A u{n} 2026-11-0{n}T00:00:00" for n in range(1, 7)]
    add_rows(*rows, *(row.replace("u3", "u2") for row in rows))
    buckets = date_buckets(
        date(2026, 11, 1), date(2026, 11, 9), "day", ZoneInfo("UTC"), 0
    )
    on = read_expression("on", 'properties["time"] % 172800', ZoneInfo("UTC"))
    with chosen_events(engine, Choice.during(buckets, ("A",), on=on)) as chosen:
        every = count_kind(chosen, buckets, "unique", "segment")
        some = count_kind(chosen, buckets, "unique", "segment", most=0)

    assert {name for name, _ in every} == {"0", "86400"}
    assert {name for name, _ in some} == {"0"}
    assert sum(some.values()) == 4
