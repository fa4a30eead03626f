"""Rules about null, limits, intervals, nobody and equals, in headers of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.rules.basis import HEADER

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
MORNING = 1_795_305_600  # 2026-11-22 00:00 UTC
DAY = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
KEYS = "/api/query/events/properties"

# Name, user and properties; "" is nobody.
HAPPENED: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("Null", "u1", {"p": None}),
    ("Null", "u1", {"p": "x"}),
    ("Set", "u1", {"p": "x"}),
    ("Set", "u2", {"p": "x"}),
    ("Set", "u3", {"p": "y"}),
    ("Nobody", "", {}),
)


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """Give a client of a project in which these events happened."""
    events = [
        {
            "event": name,
            "properties": {
                "time": MORNING + number,
                "distinct_id": user,
                "$insert_id": f"i{number}",
                **properties,
            },
        }
        for number, (name, user, properties) in enumerate(HAPPENED)
    ]
    with (
        LocalProject(clock=lambda: NOW) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as client,
    ):
        assert client.post("/import", json=events).status_code == 200
        yield client


def basis(answer: httpx.Response) -> str:
    """Return what the header of a good answer says."""
    assert answer.status_code == 200, answer.text
    return str(answer.headers.get(HEADER, ""))


@pytest.mark.parametrize(
    "where",
    [
        'defined(properties["p"])',
        'not defined(properties["p"])',
        'defined(properties["p"]) and properties["p"] != 5',
    ],
)
@pytest.mark.parametrize("path", ["/api/query/segmentation", "/api/2.0/export"])
def test_null_is_no_value(http: httpx.Client, path: str, where: str) -> None:
    """It is said where there was a null, and nowhere else."""

    def ask(event: str, names: str) -> str:
        name = event if path.endswith("segmentation") else names
        return basis(http.get(path, params={"event": name, "where": where, **DAY}))

    assert ask("Null", '["Null"]') == "assumed; rule=null-is-no-value"
    assert ask("Set", '["Set"]') == ""


def test_null_is_left_out_of_values(http: httpx.Client) -> None:
    """The values of a property with a null rest on that."""
    answers = [
        http.get(f"{KEYS}/values", params={"event": event, "name": "p"})
        for event in ("Null", "Set")
    ]

    assert [answer.json() for answer in answers] == [["x"], ["x", "y"]]
    assert [basis(answer) for answer in answers] == [
        "assumed; rule=null-is-no-value",
        "",
    ]


@pytest.mark.parametrize(
    ("kind", "limit", "expected"),
    [
        ("unique", "1", "assumed; rule=limit-of-users"),
        ("unique", "2", ""),
        ("general", "1", ""),
    ],
)
def test_limit_of_users(
    http: httpx.Client, kind: str, limit: str, expected: str
) -> None:
    """By which of several numbers a limit chooses users, if it leaves any out."""
    asked = {"event": "Set", "on": 'properties["p"]', "type": kind, "limit": limit}
    answer = http.get("/api/query/segmentation", params={**asked, **DAY})

    assert basis(answer) == expected
    assert len(answer.json()["data"]["values"]) == int(limit)


@pytest.mark.parametrize("unit", ["day", "week"])
def test_intervals_of_retention(http: httpx.Client, unit: str) -> None:
    """Intervals of several units count who began by as many of them."""
    asked = {"born_event": "Set", "unit": unit, "interval": "2"}
    dates = {"from_date": "2026-11-16", "to_date": "2026-11-22"}
    answer = http.get("/api/query/retention", params={**asked, **dates})

    assert "assumed; rule=retention-intervals" in basis(answer).split(", ")


def test_nobody_in_a_script(http: httpx.Client) -> None:
    """An event of nobody has no distinct_id, and that is said only if there is one."""
    source = (
        "function main() { return Events({from_date: '2026-11-22', to_date: "
        "'2026-11-22', event_selectors: [{event: params.name}]})"
        ".map(e => e.distinct_id === undefined); }"
    )

    def ask(name: str) -> tuple[object, str]:
        form = {"script": source, "params": f'{{"name": "{name}"}}'}
        answer = http.post("/api/query/jql", data=form)
        return answer.json(), basis(answer)

    assert ask("Nobody") == ([True], "assumed; rule=jql-nobody")
    assert ask("Set") == ([False] * 3, "")


@pytest.mark.parametrize(
    ("values", "limit", "expected"),
    [
        ([3, 2, 2], 2, "assumed; rule=jql-equals-in-top"),
        ([2, 2, 1], 2, "assumed; rule=jql-equals-in-top"),
        ([3, 2, 1, 1], 2, ""),
    ],
)
def test_equals_in_top(
    http: httpx.Client, values: list[int], limit: int, expected: str
) -> None:
    """It is said where equals are among the items, or at the limit."""
    source = (
        "function main() { return Events({from_date: '2026-11-22', to_date: "
        "'2026-11-22', event_selectors: [{event: 'Set'}]}).filter(e => "
        "e.distinct_id === 'u1').map(() => params.values).flatten()"
        ".map(value => ({value})).reduce(mixpanel.reducer.top(params.limit))"
        ".flatten().map(each => each.value); }"
    )
    params = json.dumps({"values": values, "limit": limit})
    answer = http.post("/api/query/jql", data={"script": source, "params": params})

    assert basis(answer) == expected
    assert answer.json() == values[:limit]
