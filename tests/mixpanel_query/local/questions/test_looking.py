"""What DuckDB compares by itself, beside what the evaluator makes of the same."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.expressions import Accessor, is_met, read_expression
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events

MISSING = object()
VALUES: list[object] = [
    *(MISSING, None, True, False, "", "5", "true", "null", "é", 'a"b\\', "\u2028"),
    *(0, -0.0, 5, 5.0, -5, 5.5, 1e-7, 1e308, 2**53, 2**53 + 1, 2**64 + 1, 10**30),
    *([], [5], ["5"], {}, {"a": 5}),
]
CONSTANTS = ["5", "-5", "5.5", "0", "9007199254740993", '"5"', '""', '"é"', "true"]
CONSTANTS += ["false", '"a\\"b\\\\"', '"null"', '"true"']
TIME_MS = 1795348800500
CONDITIONS = [
    *(f'properties["p"] {sign} {each}' for sign in ("==", "!=") for each in CONSTANTS),
    *(
        f'properties["p"] {sign} {n}'
        for sign in ("<", "<=", ">", ">=")
        for n in (5, -5)
    ),
    *(f'5 {sign} properties["p"]' for sign in ("==", "!=", "<", "<=", ">", ">=")),
    'properties["p"] in [5, "5", true, "é"]',
    'properties["p"] in ["null", 0, false, ""]',
    'not properties["p"] > 5',
    'not properties["p"] in [5]',
    'defined(properties["p"])',
    'not defined(properties["p"]) or properties["p"] < 5 and properties["p"] != 0',
    'properties["p"] > "5" or properties["p"] == properties["p"]',
    'event["$time"] > 1795348800',
    'event["$time"] == 1795348800.5',
    'properties["time"] == 1795348800',
    'properties["time"] in [1795348800, "x"]',
    'event["$time"] < datetime("2026-11-22T12:00:01Z")',
    'datetime("2026-11-22T12:00:01Z") <= event["$time"]',
    'defined(event["$time"]) and event["$time"] != "x"',
    'user["p"] == 5',
    'not (user["p"] in ["5", 5]) and properties["p"] != 5',
]


@pytest.fixture(scope="module")
def odd_engine() -> Engine:
    """Give a store with an event and a profile for each odd value."""
    engine = Engine()
    texts = [json.dumps({} if v is MISSING else {"p": v}) for v in VALUES]
    engine.insert_events(
        [
            StoredEvent("A", f"u{number}", TIME_MS, f"i{number}", text)
            for number, text in enumerate(texts)
        ]
    )
    with engine.writing() as cursor:
        for number, text in enumerate(texts):
            cursor.execute("INSERT INTO profiles VALUES (?, ?)", [f"u{number}", text])
    return engine


@pytest.mark.parametrize("text", CONDITIONS)
def test_short_cuts_choose_what_the_evaluator_chooses(
    odd_engine: Engine, text: str
) -> None:
    """Whatever the type of the property, the same events meet the condition."""
    where = read_expression("where", text, ZoneInfo("UTC"))
    choice = Choice(("A",), TIME_MS, TIME_MS + 1, where=where)
    with chosen_events(odd_engine, choice) as chosen:
        rows = chosen.execute("SELECT distinct_id FROM chosen").fetchall()
    expected = set()
    for number, value in enumerate(VALUES):
        given: dict[Accessor, object] = {
            Accessor("properties", "time"): TIME_MS // 1000,
            Accessor("event", "$time"): TIME_MS / 1000,
        }
        if value is not MISSING:
            given |= {Accessor(each, "p"): value for each in ("properties", "user")}
        if is_met(where, given):
            expected.add(f"u{number}")

    assert {user for (user,) in rows} == expected


def test_comparisons_are_made_by_the_store() -> None:
    """A condition of them looks at no property itself."""
    where = read_expression(
        "where",
        'properties["a"] > 5 and not (user["b"] in [1, 2]) or defined(properties["c"])',
        ZoneInfo("UTC"),
    )

    assert len(where.looks_at) == 3
    assert not any(isinstance(each, Accessor) for each in where.looks_at)


@pytest.mark.parametrize("value", ["a", "", 'q"\\é\u2028', 5, True, None, [1], MISSING])
def test_segments_are_named_by_the_text(value: object) -> None:
    """Texts that are taken as they are have the names of those that are looked at."""
    engine = Engine()
    text = json.dumps({} if value is MISSING else {"p": value})
    engine.insert_events([StoredEvent("A", "u", 1, "i", text)])
    names = []
    for on in ('properties["p"]', '(properties["p"])', 'string(properties["p"])'):
        expression = read_expression("on", on, ZoneInfo("UTC"))
        with chosen_events(engine, Choice(None, 0, 9, on=expression)) as chosen:
            names += chosen.execute("SELECT segment FROM chosen").fetchall()
    engine.close()

    assert names[0] == names[1]
    if isinstance(value, str | int):
        assert names[0] == names[2]
