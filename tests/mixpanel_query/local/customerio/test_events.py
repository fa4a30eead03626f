"""Events: whose they are, which repeat others, and which person gets them later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from mixpanel_query.local import LocalProject

Identify = Callable[..., None]
Send = Callable[..., None]
NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def test_event_is_kept_as_it_was_sent(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """With its name trimmed, and the time of the project's clock if it has none."""
    identify("u1")
    data = {"price": 23.45, "items": ["socks"]}
    send("customers/u1/events", name="  Paid ", data=data, timestamp=1600000000)
    send("customers/u1/events", name="Seen", type="page", id=ULID)
    paid, seen = project.customer_events

    assert (paid.customer, paid.type, paid.name, paid.id) == ("u1", "event", "Paid", "")
    assert paid.data == data
    assert paid.time == datetime(2020, 9, 13, 12, 26, 40, tzinfo=timezone.utc)
    assert (seen.type, seen.name, seen.id, seen.time) == ("page", "Seen", ULID, NOON)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("screen", "screen"), ("page", "page"), ("else", "event"), (7, "event")],
)
def test_other_types_are_events(
    project: LocalProject, send: Send, given: object, kept: str
) -> None:
    """Only pages and screens are something else."""
    send("customers/u1/events", name="A", type=given)

    assert project.customer_events[0].type == kept


def test_event_of_somebody_unknown_adds_them(project: LocalProject, send: Send) -> None:
    """By an id or an email address, and not by an id that Customer.io did not give."""
    for who in ("u1", "ana%40example.com", "cio_0300ffff"):
        send(f"customers/{who}/events", name="A")

    assert list(project.customers) == ["u1", "ana@example.com"]
    assert [each.customer for each in project.customer_events] == [
        "u1",
        "ana@example.com",
    ]


def test_event_with_a_known_ulid_is_a_repeat(project: LocalProject, send: Send) -> None:
    """In later requests and in the same one, in whatever case; ids apart repeat."""
    for ulid in (ULID, ULID.lower(), "no ulid", "no ulid"):
        send("customers/u1/events", name="A", id=ulid)

    assert [each.id for each in project.customer_events] == [ULID, "", ""]
    assert [each.outcome for each in project.verdicts] == [
        "kept",
        "ignored",
        "changed",
        "changed",
    ]


def test_anonymous_events_of_30_days_become_a_persons(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """Once somebody has the anonymous id; older ones, and others, stay anonymous."""
    now = NOON.timestamp()
    days = 24 * 3600
    for name, anonymous, age in (
        ("recent", "a1", 29 * days),
        ("old", "a1", 31 * days),
        ("other", "a2", 0),
    ):
        timestamp = int(now - age)
        send("events", name=name, anonymous_id=anonymous, timestamp=timestamp)
    send("events", name="nobody")
    identify("u1", anonymous_id="a1")
    identify("u2", anonymous_id="a1")
    found = {each.name: each.customer for each in project.customer_events}

    assert found == {"recent": "u1", "old": "", "other": "", "nobody": ""}
    assert project.customer_events[0].anonymous_id == "a1"


@pytest.mark.parametrize("timestamp", ["1600000000", 1.5, -1, 10**20, True, {}])
def test_unreadable_time_is_now(
    project: LocalProject, send: Send, timestamp: object
) -> None:
    """The event is kept, and the verdict says what happened."""
    send("customers/u1/events", name="A", timestamp=timestamp)

    assert project.customer_events[0].time == NOON
    assert "is taken for now" in project.verdicts[-1].problems[0]


def test_devices_come_and_go(project: LocalProject, http: httpx.Client) -> None:
    """Each once; the two APIs call their ids differently."""
    url = "/api/v1/customers/u1/devices"
    for device in (
        {"id": "d/1", "platform": "ios", "last_used": 1},
        {"id": "d/1", "platform": "ios", "last_used": 2},
        {"id": "d2", "platform": "android"},
    ):
        assert http.put(url, json={"device": device}).json() == {}
    item = {"type": "person", "identifiers": {"id": "u1"}}
    third = {"token": "d3", "platform": "ios"}
    added = {**item, "action": "add_device", "device": third}
    removed = {**item, "action": "delete_device", "device": {"token": "d2"}}
    assert http.post("/api/v2/batch", json={"batch": [added, removed]}).json() == {}
    assert project.customer_devices == {
        "u1": [
            {"id": "d/1", "platform": "ios", "last_used": 2},
            {"id": "d3", "platform": "ios"},
        ]
    }
    for _ in range(2):
        assert http.delete(f"{url}/d%2F1").json() == {}

    assert [each["id"] for each in project.customer_devices["u1"]] == ["d3"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({}, "device must be an object"),
        ({"device": {"platform": "ios"}}, "device id cannot be blank"),
        ({"device": {"id": "d", "platform": "tv"}}, "platform must be ios or android"),
    ],
)
def test_device_needs_an_id_and_a_platform(
    http: httpx.Client, words: dict[str, object], problem: str
) -> None:
    """Otherwise it is refused."""
    answer = http.put("/api/v1/customers/u1/devices", json=words)

    assert answer.status_code == 400
    assert problem in answer.json()["meta"]["errors"][0]


def test_merge_fills_what_is_missing(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """Attributes of the primary person win; the other one is gone."""
    identify("u1", plan="pro", email="ana@example.com")
    identify("u2", plan="basic", seats=3, phone="1")
    old = int((NOON - timedelta(days=31)).timestamp())
    send("customers/u2/events", name="old", timestamp=old)
    send("customers/u2/events", name="recent")
    send(
        "merge_customers", primary={"email": "ANA@example.com"}, secondary={"id": "u2"}
    )

    assert project.customers == {
        "u1": {
            "cio_id": "03000001",
            "id": "u1",
            "email": "ana@example.com",
            "plan": "pro",
            "seats": 3,
            "phone": "1",
        }
    }
    assert [(each.name, each.customer) for each in project.customer_events] == [
        ("recent", "u1")
    ]


def test_merge_gives_identifiers_that_are_missing(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """So that whoever comes by them finds the person."""
    identify("ana@example.com")
    identify("u2", email="second@example.com")
    primary, secondary = {"email": "ana@example.com"}, {"cio_id": "cio_03000002"}
    send("merge_customers", primary=primary, secondary=secondary)
    identify("u2", plan="pro")

    assert project.customers == {
        "u2": {
            "cio_id": "03000001",
            "id": "u2",
            "email": "ana@example.com",
            "plan": "pro",
        }
    }


@pytest.mark.parametrize(
    ("primary", "secondary"), [("nobody", "u1"), ("u1", "nobody"), ("u1", "u1")]
)
def test_merge_of_fewer_than_two_does_nothing(
    project: LocalProject, identify: Identify, send: Send, primary: str, secondary: str
) -> None:
    """The answer is 200 all the same."""
    identify("u1", plan="pro")
    before = project.customers
    send("merge_customers", primary={"id": primary}, secondary={"id": secondary})

    assert project.customers == before
    assert project.verdicts[-1].outcome == "ignored"


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"primary": {"id": "u1"}},
        {"primary": {"id": "u1", "email": "a@b.io"}, "secondary": {"id": "u2"}},
        {"primary": {"name": "u1"}, "secondary": {"id": "u2"}},
        {"primary": "u1", "secondary": {"id": "u2"}},
    ],
)
def test_merge_needs_one_identifier_each(
    http: httpx.Client, words: dict[str, object]
) -> None:
    """The error is one text, as documented for this path."""
    answer = http.post("/api/v1/merge_customers", json=words)

    assert answer.status_code == 400
    assert isinstance(answer.json()["meta"]["error"], str)


def test_suppressed_person_is_gone_and_stays_away(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """By id and by email address, until one of the two is allowed again."""
    identify("u1", email="ana@example.com")
    send("customers/u1/events", name="A")
    send("customers/u1/suppress")
    identify("u1", plan="pro")
    identify("Ana@example.com", plan="pro")
    identify("u2", email="ana@EXAMPLE.com")
    send("customers/u1/events", name="B")
    assert (project.customers, project.customer_events) == ({}, [])
    assert {each.outcome for each in project.verdicts[-4:]} == {"ignored"}
    send("customers/ana%40example.com/unsuppress")
    identify("u1", email="ana@example.com")

    assert project.customers == {
        "u1": {"cio_id": "03000003", "id": "u1", "email": "ana@example.com"}
    }


def test_somebody_unknown_is_suppressed_too(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """And nobody else is."""
    send("customers/u1/suppress")
    identify("u1")
    identify("u2")

    assert list(project.customers) == ["u2"]
