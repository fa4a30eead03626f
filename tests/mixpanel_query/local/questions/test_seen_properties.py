"""What expressions look at, as a query takes it out of events."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.engine.kept_json import property_value
from mixpanel_query.local.expressions import Accessor
from mixpanel_query.local.questions.seen_properties import seen_values

TIME = Accessor("event", "$time")
AGE = Accessor("user", "age")
PLAN = Accessor("properties", "plan")
NOTHING = Accessor("properties", "nothing")


def test_values_stand_beside_what_they_belong_to() -> None:
    """The time, the properties in their order, and those of the profile."""
    seen = json.dumps([["1500", '"pro"', None], ["30"]])

    assert seen_values([PLAN, TIME, AGE, NOTHING], seen) == {
        PLAN: "pro",
        TIME: 1.5,
        AGE: 30,
    }


def test_nobodys_profile_has_no_values() -> None:
    """Where there is no profile, what it would have is undefined."""
    assert seen_values([AGE, PLAN], json.dumps([[None, "null"], None])) == {PLAN: None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None),
        ("1.50", 1.5),
        ("12345678901234567890123", 12345678901234567890123),
        ("1e400", float("inf")),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\ud800"', "\ud800"),
        ('{"a":[1]}', {"a": [1]}),
    ],
)
def test_any_json_is_read(text: str, expected: object) -> None:
    """Also what a strict reader refuses."""
    assert property_value(text) == expected


@pytest.mark.parametrize(
    ("written", "segment"),
    [
        ("1e400", "undefined"),
        (r'"a\u0000b"', "a\0b"),
        ("12345678901234567890123", "12345678901234567741440"),
        ("-0.0", "0"),
        (r'"\u2028"', "\u2028"),
        (r'"\ud83d\ude00"', "😀"),
        ("[" * 90 + "]" * 90, "[" * 90 + "]" * 90),
    ],
)
def test_odd_values_name_segments(tmp_path: Path, written: str, segment: str) -> None:
    """Numbers are those of a float, and what no float can hold is undefined."""
    line = f'{{"event":"A","properties":{{"time":1793521800,"p":{written}}}}}'
    path = tmp_path / "events.jsonl"
    path.write_text(line)
    params = {
        "event": "A",
        "from_date": "2026-11-01",
        "to_date": "2026-11-01",
        "on": 'properties["p"]',
    }
    with (
        LocalProject(clock=lambda: datetime(2026, 11, 2, tzinfo=timezone.utc)) as local,
        httpx.Client(base_url=local.base_url, trust_env=False) as http,
    ):
        local.load(path)
        answer = http.get("/api/query/segmentation", params=params).json()

    assert answer["data"]["values"] == {segment: {"2026-11-01": 1}}
