"""The official customerio library, unchanged, against a local project over https."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from urllib.parse import urlsplit

import pytest
from customerio import (  # type: ignore[import-untyped]
    CustomerIO,
    CustomerIOException,
)

from mixpanel_query.local import LocalProject

SITE = ("site-1", "key-of-the-site")
NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
OLD = datetime(2020, 9, 13, 12, 26, 40, tzinfo=timezone.utc)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalProject]:
    """Give a project with a site id and a key, which the library is told to trust."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with LocalProject(
        customerio_credentials=SITE, clock=lambda: NOON, tls=True
    ) as serving:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(serving.ca_file))
        yield serving


@pytest.fixture
def library(project: LocalProject) -> Iterator[CustomerIO]:
    """Give a client of the library, of which only the host and the port are new."""
    port = urlsplit(project.base_url).port
    with CustomerIO(*SITE, host="127.0.0.1", port=port) as client:
        yield client


def test_people_are_identified_and_deleted(
    project: LocalProject, library: CustomerIO
) -> None:
    """Datetimes arrive as seconds, NaN as nothing; ids may hold anything."""
    library.identify(
        "a/b c", email="ana@example.com", created_at=OLD, plan="pro", odd=float("nan")
    )
    library.identify("u2", tags=["x", {"y": OLD}])
    library.delete("u2")

    assert project.customers == {
        "a/b c": {
            "cio_id": "03000001",
            "id": "a/b c",
            "email": "ana@example.com",
            "created_at": 1600000000,
            "plan": "pro",
        }
    }


def test_events_of_every_call_arrive(
    project: LocalProject, library: CustomerIO
) -> None:
    """Of people, of nobody, of pages, and of earlier times."""
    library.identify("u1")
    library.track("u1", "Paid", {"price": 9.5}, id="01ARZ3NDEKTSV4RRFFQ69G5FAV")
    library.track("u1", "Paid", {"price": 9.5}, id="01ARZ3NDEKTSV4RRFFQ69G5FAV")
    library.track_anonymous("a1", "Seen", {"page": 1}, timestamp=NOON)
    library.pageview("u1", "/pricing", referrer="x")
    library.backfill("u1", "Old", OLD, price=1)
    library.identify("u1", anonymous_id="a1")
    found = [
        (each.customer, each.type, each.name, dict(each.data), each.time)
        for each in project.customer_events
    ]

    assert found == [
        ("u1", "event", "Paid", {"price": 9.5}, NOON),
        ("u1", "event", "Seen", {"page": 1}, NOON),
        ("u1", "page", "/pricing", {"referrer": "x"}, NOON),
        ("u1", "event", "Old", {"price": 1}, OLD),
    ]


def test_devices_suppression_and_merges_work(
    project: LocalProject, library: CustomerIO
) -> None:
    """Each call does what it says."""
    library.add_device("u1", "d/1", "ios", last_used=OLD)
    library.add_device("u1", "d2", "android")
    library.delete_device("u1", "d2")
    assert project.customer_devices == {
        "u1": [{"id": "d/1", "platform": "ios", "last_used": 1600000000}]
    }
    library.identify("u2", email="ana@example.com", plan="pro")
    library.merge_customers("id", "u1", "email", "ana@example.com")
    assert project.customers["u1"]["plan"] == "pro"
    library.suppress("u1")
    library.identify("u1", plan="again")
    assert project.customers == {}
    library.unsuppress("u1")
    library.identify("u1")

    assert list(project.customers) == ["u1"]


def test_batch_is_taken_where_it_can_be(
    project: LocalProject, library: CustomerIO
) -> None:
    """The library takes 207 for success, so its answer has to be read."""
    about = {"type": "person", "identifiers": {"id": "u1"}}
    good = {**about, "action": "identify", "attributes": {"created_at": OLD}}
    wrong = {**about, "action": "event", "name": " "}
    whole, part = library.batch([good, good]), library.batch([wrong, good])

    assert (whole.status_code, whole.json()) == (200, {})
    assert part.status_code == 207
    assert [each["batch_index"] for each in part.json()["errors"]] == [0]
    assert project.customers["u1"]["created_at"] == 1600000000


def test_refusals_are_raised(project: LocalProject, library: CustomerIO) -> None:
    """With the words of the API."""
    with pytest.raises(CustomerIOException, match="event name must not be blank"):
        library.track("u1", " ")
    with pytest.raises(CustomerIOException, match="cannot be longer than 1000 bytes"):
        library.identify("u1", text="x" * 1001)
    port = urlsplit(project.base_url).port
    with (
        CustomerIO("site-1", "other", host="127.0.0.1", port=port) as stranger,
        pytest.raises(CustomerIOException, match="401"),
    ):
        stranger.identify("u1")

    assert project.customers == {}


def test_library_tries_again_after_a_fault(
    project: LocalProject, library: CustomerIO
) -> None:
    """After a 5xx, but not after a 429."""
    project.faults.add(path="/api/v1/*", status=503, times=2)
    library.identify("u1")
    project.faults.add(path="/api/v1/*", status=429, times=1)
    with pytest.raises(CustomerIOException, match="429"):
        library.track("u1", "A")

    assert [each.status for each in project.requests] == [503, 503, 200, 429]
    assert list(project.customers) == ["u1"]
