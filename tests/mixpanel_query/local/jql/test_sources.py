"""Which events and profiles a script gets, and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, TypeAlias

import httpx
import pytest

from mixpanel_query.local import LocalProject

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

JOIN = "join(Events({from_date: '2026-11-09', to_date: '2026-11-17'}), People()"


def test_both_days_are_counted(run: Run) -> None:
    """The first and the last day of a window belong to it."""
    days = "{from_date: '2026-11-10', to_date: '2026-11-11'}"

    assert run(f"Events({days}).map(e => e.distinct_id)") == ["cid", "ann", "ann"]


def test_event_as_the_documents_have_it(run: Run) -> None:
    """An event has these five, and its properties all that were sent but the time."""
    [event] = run(".filter(e => e.distinct_id == 'cid')")
    properties = event.pop("properties")

    assert event == {
        "name": "Sign Up",
        "distinct_id": "cid",
        "time": 1794301200000,  # 2026-11-10 09:00 in UTC
        "sampling_factor": 1,
    }
    assert (properties["Plan"], properties["age"]) == ("Pro", 45)
    assert "time" not in properties


def test_events_come_in_the_order_of_time(run: Run) -> None:
    """Whatever the order of their arrival."""
    times = run(".map(e => e.time)")

    assert times == sorted(times)


@pytest.mark.parametrize(
    ("selectors", "count"),
    [
        ("[{event: 'Purchase'}]", 4),
        ("[{event: 'Purchase', label: 'Bought'}, {event: 'Sign Up'}]", 7),
        ("[{event: 'Purchase'}, {label: 'all'}]", 7),
        ("[{event: 'Nothing'}]", 0),
        ("[]", 7),
        ("undefined", 7),
        ("_.map(params.names, name => ({event: name}))", 3),
    ],
)
def test_selectors_by_name(run: Run, selectors: str, count: int) -> None:
    """An event is kept if it matches any of them; those without a name match all."""
    days = "from_date: '2026-11-09', to_date: '2026-11-17'"
    script = (
        f"Events({{{days}, event_selectors: {selectors}}})"
        ".reduce(mixpanel.reducer.count())"
    )

    assert run(script, names=["Sign Up"]) == [count]


def test_params_are_the_argument(run: Run) -> None:
    """Whatever else they hold."""
    given = {"from_date": "2026-11-16", "to_date": "2026-11-17", "other": [1]}

    assert run("Events(params).map(e => params.other)", **given) == [[1], [1]]


def test_properties_can_be_changed(run: Run) -> None:
    """A script may put its own in their place, and copy an event."""
    steps = (
        ".filter(e => e.distinct_id == 'cid')"
        ".map(e => { e.properties = {x: 1}; e.properties.y = 2; return {...e}; })"
        ".map(e => e.properties)"
    )

    assert run(steps) == [{"x": 1, "y": 2}]


def test_profiles(run: Run) -> None:
    """A profile has its id and its properties."""
    assert run("People().map(u => [u.distinct_id, u.properties.country])") == [
        ["ann", "US"],
        ["bob", "SI"],
        ["eva", "US"],
    ]


def test_profiles_are_grouped_by_user(run: Run) -> None:
    """That is not for events only."""
    found = run("People().groupByUser(mixpanel.reducer.max('properties.age'))")

    assert [(row["key"], row["value"]) for row in found] == [
        (["ann"], 20),
        (["bob"], 31),
        (["eva"], 70),
    ]


@pytest.mark.parametrize(
    ("options", "pairs"),
    [
        ("", "ann bob cid- ann ann bob dan- -eva"),
        (", {type: 'full'}", "ann bob cid- ann ann bob dan- -eva"),
        (", {type: 'left'}", "ann bob cid- ann ann bob dan-"),
        (", {type: 'right'}", "ann bob ann ann bob -eva"),
        (", {type: 'inner'}", "ann bob ann ann bob"),
    ],
)
def test_join(run: Run, options: str, pairs: str) -> None:
    """A minus stands where an event has no profile, or a profile no event."""
    script = (
        f"{JOIN}{options}).map(pair => (pair.event ? '' : '-') + pair.distinct_id"
        " + (pair.user ? '' : '-'))"
    )

    assert run(script) == pairs.split()


def test_both_sides_of_a_join(run: Run) -> None:
    """Properties of events and of profiles are keys together."""
    keys = "['user.properties.country', 'event.properties.Plan']"
    found = run(
        f"{JOIN}, {{type: 'left'}}).groupBy({keys}, mixpanel.reducer.count())"
        ".sortAsc('value')"
    )

    assert [(row["key"], row["value"]) for row in found] == [
        (["US", "Pro"], 1),
        (["US", "Free"], 2),
        (["SI", "Pro"], 2),
        ([None, "Pro"], 2),
    ]


def test_join_is_grouped_by_user(run: Run) -> None:
    """Each user's pairs come in the order of time, also of those without events."""
    found = run(
        f"{JOIN}).groupByUser((state, pairs) => (state || '') + "
        "pairs.map(pair => pair.event ? pair.event.name[0] : '-').join(''))"
    )

    assert {row["key"][0]: row["value"] for row in found} == {
        "ann": "SPP",
        "bob": "SP",
        "cid": "S",
        "dan": "P",
        "eva": "-",
    }


@pytest.mark.parametrize(
    ("script", "status", "problem"),
    [
        ("Events()", 400, "from_date is missing"),
        ("Events({from_date: '2026-11-09'})", 400, "to_date is missing"),
        ("Events({from_date: 'x', to_date: 'y'})", 400, "invalid date: from_date 'x'"),
        (
            "Events({from_date: '2026-11-09', to_date: '2026-11-23'})",
            400,
            "to_date cannot be later than today",
        ),
        ("Events({from_date: 1, to_date: 2})", 412, "from_date of Events() is no text"),
        ("Events('2026-11-09')", 412, "Events() is given string; give an object"),
        (
            "Events({from_date: '2026-11-09', to_date: '2026-11-09', "
            "event_selectors: 'Sign Up'})",
            412,
            "event_selectors are no list",
        ),
        (
            "Events({from_date: '2026-11-09', to_date: '2026-11-09', "
            "event_selectors: [{event: 1}]})",
            412,
            "event of event_selectors is no text",
        ),
        ("join(People(), People())", 412, "join() takes events first"),
        ("join(Events({}).map(e => e), People())", 412, "a collection with steps"),
        (f"{JOIN}, {{type: 'outer'}})", 412, "join has the type outer"),
        ("[1, 2]", 412, "main() returned no collection"),
        ("undefined", 412, "main() returned no collection"),
    ],
)
def test_wrong_source_is_refused(
    post: Post, script: str, status: int, problem: str
) -> None:
    """The error says what was given, and what would do."""
    answer = post(f"function main() {{ return {script}; }}")

    assert (answer.status_code, problem in answer.text) == (status, True), answer.text


def import_at(http: httpx.Client, *times: str, **more: object) -> None:
    """Import an event at each of some times in UTC."""
    for number, time in enumerate(times):
        seconds = int(datetime.fromisoformat(f"{time}+00:00").timestamp())
        properties = {"time": seconds, "distinct_id": "u", "$insert_id": f"i{number}"}
        event = {"event": "A", "properties": {**properties, **more}}
        http.post("/import", json=[event]).raise_for_status()


def ask(http: httpx.Client, script: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a script gives."""
    form = {"script": f"function main() {{ return {script}; }}"}
    return http.post("/api/query/jql", data=form).raise_for_status().json()


NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def test_times_are_those_of_the_projects_clock() -> None:
    """They are shifted by the offset that its timezone had at that time.

    New York is 4 hours behind UTC until 2026-11-01 06:00 UTC, and 5 from then on; the
    day of its timezone decides which events count.
    """
    events = "Events({from_date: '2026-10-31', to_date: '2026-11-01'})"
    with (
        LocalProject(timezone="America/New_York", clock=lambda: NOVEMBER) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        import_at(
            http,
            "2026-10-31T03:59:59",
            "2026-10-31T04:00:00",
            "2026-11-01T05:59:59",
            "2026-11-01T06:00:00",
            "2026-11-02T04:59:59",
            "2026-11-02T05:00:00",
        )

        found = ask(http, f"{events}.map(e => new Date(e.time).toISOString())")

    assert found == [
        "2026-10-31T00:00:00.000Z",
        "2026-11-01T01:59:59.000Z",
        "2026-11-01T01:00:00.000Z",
        "2026-11-01T23:59:59.000Z",
    ]


def test_repeats_are_counted_once(http: httpx.Client) -> None:
    """What has name, user, time and insert id in common is one event."""
    import_at(http, "2026-11-09T08:00:00", plan="first")
    import_at(http, "2026-11-09T08:00:00", plan="latest")
    import_at(http, "2026-11-09T08:00:01")

    events = "Events({from_date: '2026-11-09', to_date: '2026-11-09'})"

    assert ask(http, f"{events}.map(e => e.properties.plan)") == ["latest", None]


def test_repeats_beyond_a_batch_are_counted_once(http: httpx.Client) -> None:
    """Also where one repeat ends a batch of rows, and the next begins with another."""
    same = {"distinct_id": "u", "$insert_id": "i"}
    rows = [
        {"event": "A", "properties": {**same, "time": 1794211200 + number // 3}}
        for number in range(6000)
    ]
    for start in range(0, 6000, 2000):
        http.post("/import", json=rows[start : start + 2000]).raise_for_status()

    events = "Events({from_date: '2026-11-09', to_date: '2026-11-09'})"

    assert ask(http, f"{events}.reduce(mixpanel.reducer.count())") == [2000]


def test_event_of_nobody_has_no_id(http: httpx.Client) -> None:
    """Its distinct_id is undefined."""
    import_at(http, "2026-11-09T08:00:00", distinct_id="")
    events = "Events({from_date: '2026-11-09', to_date: '2026-11-09'})"

    assert ask(http, f"{events}.map(e => typeof e.distinct_id)") == ["undefined"]


def test_profile_tells_when_it_was_last_seen() -> None:
    """In milliseconds of the project's clock, which is an hour ahead of UTC here."""
    with (
        LocalProject(timezone="Europe/Ljubljana", clock=lambda: NOVEMBER) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        update = {"$token": "t", "$distinct_id": "u", "$set": {"a": 1}}
        http.post("/engage", json=[update]).raise_for_status()

        found = ask(http, "People().map(u => new Date(u.last_seen).toISOString())")

    assert found == ["2026-11-22T13:00:00.000Z"]


def test_values_of_every_kind_arrive_unchanged(http: httpx.Client) -> None:
    """Names and texts may hold anything that JSON can."""
    texts = ["\x1e\x00\n", "\u2028", "😀", "\\", '"', "</script>", "__proto__"]
    import_at(http, "2026-11-09T08:00:00", **{"odd name": texts})
    events = "Events({from_date: '2026-11-09', to_date: '2026-11-09'})"

    assert ask(http, f"{events}.map(e => e.properties['odd name'])") == [texts]
