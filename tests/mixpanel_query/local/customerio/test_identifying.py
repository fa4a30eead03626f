"""Who is added, who is updated, and who gets which identifier."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from mixpanel_query.local import LocalProject

Identify = Callable[..., None]
NOON = 1795348800  # 2026-11-22 12:00 UTC, where the project's clock stands


def test_person_is_added_and_updated(project: LocalProject, identify: Identify) -> None:
    """Attributes are set one by one; what is not named stays."""
    identify("u1", email="Ana@Example.com", plan="basic", seats=3)
    identify("u1", plan="pro")

    assert project.customers == {
        "u1": {
            "cio_id": "03000001",
            "id": "u1",
            "email": "Ana@Example.com",
            "plan": "pro",
            "seats": 3,
        }
    }


@pytest.mark.parametrize("empty", ["", None])
def test_empty_identifier_removes_none(
    project: LocalProject, identify: Identify, empty: str | None
) -> None:
    """The verdict says so; where there is none, there is nothing to say."""
    identify("u1", email=empty)
    identify("u1", email="ana@example.com")
    identify("u1", email=empty, plan="pro")

    assert project.customers["u1"]["email"] == "ana@example.com"
    assert project.customers["u1"]["plan"] == "pro"
    assert [each.outcome for each in project.verdicts] == ["kept", "kept", "changed"]
    assert project.verdicts[2].problems == (
        "an empty email does not remove the one that is set",
    )


@pytest.mark.parametrize(
    "who", ["a/b", "a b?c#d%", "čšž/events", "a/../b", "x\n\t\x00y"]
)
def test_id_may_be_any_text(
    project: LocalProject, identify: Identify, who: str
) -> None:
    """What is percent-encoded in the path is the id as it was."""
    identify(who, plan="pro")

    assert project.customers[who] == {"cio_id": "03000001", "id": who, "plan": "pro"}


def test_email_address_is_one_whatever_its_case(
    project: LocalProject, identify: Identify
) -> None:
    """In the path and in the body; it stays as it was written last."""
    identify("Ana@Example.com", plan="basic")
    identify("ANA@example.COM", plan="pro")
    identify("u1", email="ana@EXAMPLE.com")
    [(name, person)] = project.customers.items()

    assert name == "u1"
    assert (person["email"], person["plan"]) == ("ana@EXAMPLE.com", "pro")


def test_new_id_with_a_known_email_updates_the_person(
    project: LocalProject, identify: Identify
) -> None:
    """The person gets the new id, also in place of an older one."""
    identify("u1", email="ana@example.com", plan="pro")
    identify("u2", email="ana@example.com")

    assert project.customers == {
        "u2": {
            "cio_id": "03000001",
            "id": "u2",
            "email": "ana@example.com",
            "plan": "pro",
        }
    }


def test_identifier_of_somebody_else_fails(
    project: LocalProject, identify: Identify
) -> None:
    """The rest of the update is done, and the answer is 200."""
    identify("u1", email="ana@example.com")
    identify("u2", email="bor@example.com")
    identify("u2", email="ana@example.com", plan="pro")

    assert project.customers["u2"]["email"] == "bor@example.com"
    assert project.customers["u2"]["plan"] == "pro"
    assert project.verdicts[-1].outcome == "changed"
    assert project.verdicts[-1].problems == (
        "email belongs to somebody else: Attribute Update Failure",
    )


def test_identifier_that_is_set_changes_by_cio_id_only(
    project: LocalProject, identify: Identify
) -> None:
    """By the id that Customer.io gave, in the path or in the body."""
    identify("u1", email="ana@example.com")
    identify("u1", email="new@example.com")
    assert project.customers["u1"]["email"] == "ana@example.com"
    identify("cio_03000001", email="new@example.com", id="u9")
    assert project.customers["u9"]["email"] == "new@example.com"
    identify("u10", cio_id="cio_03000001", plan="pro")

    assert project.customers == {
        "u10": {
            "cio_id": "03000001",
            "id": "u10",
            "email": "new@example.com",
            "plan": "pro",
        }
    }


def test_unknown_cio_id_drops_the_request(
    project: LocalProject, identify: Identify
) -> None:
    """Nobody is added, and the answer is 200."""
    identify("cio_0300ffff", plan="pro")

    assert project.customers == {}
    assert project.verdicts[-1].outcome == "ignored"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_update_adds_nobody(
    project: LocalProject, http: httpx.Client, identify: Identify, version: str
) -> None:
    """With _update, whoever is there is updated, and nobody else is added."""
    identify("u1", plan="basic")
    for who in ("u1", "u2"):
        words = {"plan": "pro", "_update": True}
        if version == "v1":
            answer = http.put(f"/api/v1/customers/{who}", json=words)
        else:
            item = {"type": "person", "action": "identify", "identifiers": {"id": who}}
            answer = http.post("/api/v2/entity", json={**item, "attributes": words})
        assert answer.status_code == 200

    assert list(project.customers) == ["u1"]
    assert project.customers["u1"]["plan"] == "pro"
    assert "_update" not in project.customers["u1"]


def test_timestamps_order_updates(project: LocalProject, identify: Identify) -> None:
    """Each attribute keeps its latest value, whenever the update arrives."""
    identify("u1", plan="old", _timestamp=NOON - 100)
    identify("u1", plan="older", seats=1, _timestamp=NOON - 200)
    assert project.customers["u1"]["plan"] == "old"
    assert project.customers["u1"]["seats"] == 1
    identify("u1", plan="now")
    identify("u1", plan="late", seats=2, _timestamp=NOON - 1)

    assert project.customers["u1"] == {
        "cio_id": "03000001",
        "id": "u1",
        "plan": "now",
        "seats": 2,
    }


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_value_removes_an_attribute(
    project: LocalProject, identify: Identify, empty: str | None
) -> None:
    """And an attribute that is not there is not added."""
    identify("u1", plan="pro")
    identify("u1", plan=empty, seats=empty)

    assert project.customers["u1"] == {"cio_id": "03000001", "id": "u1"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (True, True),
        ("TRUE", True),
        ("tRUe", True),
        (1, True),
        ("1", True),
        (False, False),
        ("yes", False),
        (2, False),
        ([], False),
    ],
)
def test_unsubscribed_is_what_it_means(
    project: LocalProject, identify: Identify, given: object, meant: bool
) -> None:
    """Any case of true, and 1, mean that somebody is."""
    identify("u1", unsubscribed=given)

    assert project.customers["u1"]["unsubscribed"] is meant


def test_one_subscription_changes_and_others_stay(
    project: LocalProject, identify: Identify
) -> None:
    """Dots name one topic among those of the subscription preferences."""
    topics = {"topic_1": True, "topic_2": True}
    identify("u1", cio_subscription_preferences={"topics": topics})
    identify("u1", **{"cio_subscription_preferences.topics.topic_2": False})

    assert project.customers["u1"]["cio_subscription_preferences"] == {
        "topics": {"topic_1": True, "topic_2": False}
    }


def test_relationships_come_and_go(
    project: LocalProject, http: httpx.Client, identify: Identify
) -> None:
    """A person is related to each object once, with the attributes given last."""
    acme = {"identifiers": {"object_type_id": "1", "object_id": "acme"}}
    other = {"identifiers": {"object_type_id": "1", "object_id": "other"}}
    admin = {**acme, "relationship_attributes": {"role": "admin"}}
    add, delete = "add_relationships", "delete_relationships"
    for action, listed in ((add, [acme, other]), (add, [admin]), (delete, [other])):
        identify("u1", cio_relationships={"action": action, "relationships": listed})

    [listed] = http.get("/local/customers").json()["customers"]
    assert listed["relationships"] == [admin]
    assert "cio_relationships" not in project.customers["u1"]


def test_deleted_person_is_gone_with_all_events(
    project: LocalProject, http: httpx.Client, identify: Identify
) -> None:
    """Whoever has the id afterwards is somebody new."""
    identify("u1", plan="pro")
    http.post("/api/v1/customers/u1/events", json={"name": "Paid"})
    for _ in range(2):
        assert http.delete("/api/v1/customers/u1").json() == {}
    assert (project.customers, project.customer_events) == ({}, [])
    identify("u1")

    assert project.customers == {"u1": {"cio_id": "03000002", "id": "u1"}}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["acme"], "cio_relationships must be an object"),
        (
            {"action": "marry", "relationships": []},
            "action must be add_relationships or delete_relationships",
        ),
        (
            {"action": "add_relationships", "relationships": "acme"},
            "cio_relationships must be a list",
        ),
        (
            {"action": "add_relationships", "relationships": ["acme"]},
            "a relationship must have identifiers",
        ),
    ],
    ids=["no object", "no action", "no list", "no identifiers"],
)
def test_relationships_that_are_none_are_refused(
    project: LocalProject, http: httpx.Client, given: object, problem: str
) -> None:
    """Nothing of the request is kept."""
    answer = http.put("/api/v1/customers/u1", json={"cio_relationships": given})

    assert answer.status_code == 400
    assert problem in answer.text
    assert project.customers == {}


def test_what_is_about_nobody_is_ignored(
    project: LocalProject, http: httpx.Client
) -> None:
    """It is taken, as Customer.io does, and the verdict says what became of it."""
    device = {"device": {"id": "token-1", "platform": "ios"}}
    devices = http.put("/api/v1/customers/cio_9999/devices", json=device)
    unsuppress = http.post("/api/v1/customers/u1/unsuppress")

    assert (devices.status_code, unsuppress.status_code) == (200, 200)
    assert [(each.outcome, each.problems) for each in project.verdicts] == [
        ("ignored", ("nobody has this cio_id; the device is dropped",)),
        ("ignored", ("the person is not suppressed",)),
    ]
