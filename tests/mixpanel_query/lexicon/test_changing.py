"""Changing a Lexicon through both clients, with recorded answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx

from mixpanel_query import LexiconEntry, OAuthToken, ProjectSecret, RetryPolicy
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_schema import Event, Events, Property, TrackingPlan

from .recorded_schemas import CART, PROFILE, SCHEMAS, Ask, Refused, listing


class CartEvents(Events):
    """One event that Lexicon knows, and one that it does not."""

    added = Event(
        "Added To Cart",
        description="An item was put into the cart.",
        properties=(Property("item_price", type=str),),
    )
    paid = Event("Order Paid")


PLAN = TrackingPlan(events=CartEvents)
EAGER = RetryPolicy(first_pause=0, longest_pause=0)


def test_upload(ask: Ask, mocked: respx.MockRouter) -> None:
    """What differs is sent, over what is there, and nothing is emptied."""
    mocked.get(SCHEMAS).respond(json=listing(CART, PROFILE))
    results = {"added": 8, "deleted": 0}
    route = mocked.post(SCHEMAS).respond(json={"status": "ok", "results": results})

    upload = ask(lambda client: client.upload_lexicon(PLAN))

    assert route.call_count == 1
    document = json.loads(route.calls.last.request.content)
    assert document["truncate"] is False
    assert [entry["name"] for entry in document["entries"]][-2:] == [
        "Added To Cart",
        "Order Paid",
    ]
    # Mixpanel keeps metadata of the entity; those of the property are sent again.
    assert document["entries"][-2]["schemaJson"] == {
        "description": "An item was put into the cart.",
        "properties": {
            "item_price": {
                "type": "string",
                "description": "price",
                "metadata": {"com.mixpanel": {"displayName": "Price"}},
            }
        },
    }
    assert (upload.is_done, upload.calls) == (True, 1)


def test_dry_run(ask: Ask, mocked: respx.MockRouter) -> None:
    """A dry run sends nothing and tells every value, old and new."""
    mocked.get(SCHEMAS).respond(json=listing(CART, PROFILE))

    upload = ask(lambda client: client.upload_lexicon(PLAN, dry_run=True))

    assert (upload.is_done, upload.calls) == (False, 1)
    assert [change.name for change in upload.added][-1] == "Order Paid"
    assert [change.name for change in upload.only_in_mixpanel] == ["$user"]
    assert upload.untouched == ()
    assert [row for row in upload.to_dicts() if row["change"] == "changed"] == [
        {
            "change": "changed",
            "entity_type": "event",
            "name": "Added To Cart",
            "what": "description",
            "old": "Item put in cart",
            "new": "An item was put into the cart.",
        },
        {
            "change": "changed",
            "entity_type": "event",
            "name": "Added To Cart",
            "what": "property item_price: type",
            "old": "number",
            "new": "string",
        },
    ]


def test_nothing_to_upload(ask: Ask, mocked: respx.MockRouter) -> None:
    """Where nothing differs, nothing is sent."""
    mocked.get(SCHEMAS).respond(json=listing(CART))

    upload = ask(lambda client: client.upload_lexicon({"entries": [CART]}))

    assert (upload.calls, [change.kind for change in upload.changes]) == (
        0,
        ["untouched"],
    )


def test_batches(ask: Ask, mocked: respx.MockRouter) -> None:
    """Five requests hold fewer than 4000 events and properties together."""
    sizes = []

    def take(request: httpx.Request) -> httpx.Response:
        entries = json.loads(request.content)["entries"]
        schemas = [entry["schemaJson"] for entry in entries]
        sizes.append(sum(1 + len(schema.get("properties", {})) for schema in schemas))
        return httpx.Response(200, json={"results": {"added": 1, "deleted": 0}})

    mocked.get(SCHEMAS).respond(json=listing())
    mocked.post(SCHEMAS).mock(side_effect=take)
    properties = {f"Property {number}": {"type": "string"} for number in range(99)}
    entries = [
        LexiconEntry("event", f"Event {number}", {"properties": properties})
        for number in range(20)
    ]

    upload = ask(lambda client: client.upload_lexicon(entries))

    assert sizes == [700, 700, 600]
    assert upload.calls == 3


def test_changes_are_not_repeated(refused: Refused, mocked: respx.MockRouter) -> None:
    """Nobody knows what became of an upload that got no answer: it is not repeated."""
    mocked.get(SCHEMAS).respond(json=listing())
    route = mocked.post(SCHEMAS).mock(side_effect=httpx.ReadError("reset"))

    refused(lambda client: client.upload_lexicon(PLAN), retry=EAGER)

    assert route.call_count == 1


def test_upload_of_one(ask: Ask, mocked: respx.MockRouter) -> None:
    """One schema is sent as it is, but for the mark that drops what arrives."""
    route = mocked.post(f"{SCHEMAS}/profile/%24user").respond(json={"status": "ok"})
    schema = {
        "description": "A customer.",
        "metadata": {"com.mixpanel": {"dropped": True, "displayName": None}},
    }

    ask(lambda client: client.upload_lexicon_entry("profile", "$user", schema))

    assert json.loads(route.calls.last.request.content) == {
        "description": "A customer.",
        "metadata": {"com.mixpanel": {"displayName": None}},
    }


@pytest.mark.parametrize("word", ["delete_count", "deleteCount"])
def test_delete_one(ask: Ask, mocked: respx.MockRouter, word: str) -> None:
    """One schema is deleted by its path; the number comes under either name."""
    route = mocked.delete(f"{SCHEMAS}/event/Sign%20Up")
    route.respond(json={"status": "ok", "results": {word: 1}})

    assert ask(lambda client: client.delete_lexicon_entry("event", "Sign Up")) == 1
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("options", "path"),
    [({"entity_type": "event"}, "/event"), ({"everything": True}, "")],
)
def test_delete_many(
    ask: Ask, mocked: respx.MockRouter, options: dict[str, Any], path: str
) -> None:
    """They are counted, then deleted with one request without parameters."""
    mocked.get(SCHEMAS + path).respond(json=listing(CART))
    route = mocked.delete(SCHEMAS + path)
    route.respond(json={"status": "ok", "results": {"delete_count": 1}})

    assert ask(lambda client: client.delete_lexicon(**options)) == 1
    assert route.calls.last.request.url.query == b""


def test_nothing_to_delete(ask: Ask, mocked: respx.MockRouter) -> None:
    """An empty Lexicon is left alone."""
    mocked.get(SCHEMAS).respond(json=listing())

    assert ask(lambda client: client.delete_lexicon(everything=True)) == 0


def test_too_many_to_delete(refused: Refused, mocked: respx.MockRouter) -> None:
    """Mixpanel deletes fewer than 3000 at once; more are not tried."""
    mocked.get(f"{SCHEMAS}/event").respond(json=listing(*[CART] * 3000))

    error = refused(lambda client: client.delete_lexicon(entity_type="event"))

    assert str(error) == (
        "3000 schemas are too many to delete at once; Mixpanel deletes at most 2999: "
        "delete single ones first"
    )


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (lambda c: c.delete_lexicon(), "give an entity_type, or everything=True"),
        (lambda c: c.delete_lexicon(entity_type="event", everything=True), "give"),
        (lambda c: c.delete_lexicon_entry("event", ""), "a name is empty"),
        (lambda c: c.delete_lexicon_entry("event", " \n"), "is blank"),
        (lambda c: c.delete_lexicon_entry("event", "."), "cannot stand in a path"),
        (lambda c: c.delete_lexicon_entry("event", ".."), "cannot stand in a path"),
        (lambda c: c.delete_lexicon_entry("../..", "a"), "entity_type '../..' is"),
        (lambda c: c.lexicon_entry("event", "\udcff"), "holds half a character"),
        (lambda c: c.lexicon(entity_name="a"), "without entity_type"),
        (lambda c: c.upload_lexicon_entry("event", "a", ["x"]), "schema is a list"),
        (
            lambda c: c.upload_lexicon_entry("event", "a", {"description": "\udcff"}),
            "the schema of 'a' is not JSON",
        ),
        (lambda c: c.upload_lexicon([]), "a list holds nothing to upload"),
        (lambda c: c.upload_lexicon("plan"), "a str holds nothing to upload"),
        (lambda c: c.upload_lexicon({}), "a Lexicon document has entries"),
        (lambda c: c.upload_lexicon({"entries": []}), "describes neither"),
        (lambda c: c.upload_lexicon({"entries": [CART, CART]}), "twice"),
        (
            lambda c: c.upload_lexicon({"entries": [CART], "truncate": True}),
            "would empty the whole Lexicon",
        ),
    ],
)
def test_refused_here(refused: Refused, question: Ask, problem: str) -> None:
    """What could delete too much, or cannot be right, is never sent."""
    error = refused(question, base_url="http://127.0.0.1:1")

    assert isinstance(error, InvalidQueryError)
    assert problem in str(error)


def test_project_secret(refused: Refused) -> None:
    """Lexicon takes no project secret."""
    with pytest.warns(DeprecationWarning, match="2027-03-03"):
        secret = ProjectSecret("s")
    error = refused(lambda client: client.lexicon(), credentials=secret)

    assert "use a service account" in str(error)


def test_oauth(ask: Ask, mocked: respx.MockRouter) -> None:
    """The project's number of a token stands in the path."""
    route = mocked.get(SCHEMAS).respond(json=listing())

    ask(lambda client: client.lexicon(), credentials=OAuthToken("token", 12345))

    assert route.calls.last.request.headers["authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("question", "method", "path"),
    [
        (lambda c: c.delete_lexicon_entry("event", "A"), "DELETE", "/event/A"),
        (lambda c: c.upload_lexicon_entry("event", "A", {}), "POST", "/event/A"),
        (lambda c: c.upload_lexicon(PLAN), "POST", ""),
    ],
)
def test_unreadable_receipts(
    refused: Refused, mocked: respx.MockRouter, question: Ask, method: str, path: str
) -> None:
    """A change whose answer does not say that it was done is an error."""
    mocked.get(SCHEMAS).respond(json=listing())
    mocked.request(method, SCHEMAS + path).respond(json={"results": []})

    assert isinstance(refused(question), UnreadableAnswerError)


def test_an_event_of_too_many_properties_is_refused(ask: Ask) -> None:
    """Mixpanel takes fewer than 4,000 events and properties a minute."""
    many = {f"Property {number}": {"type": "string"} for number in range(3999)}
    schema = {"properties": many}

    with pytest.raises(InvalidQueryError) as refused:
        ask(lambda client: client.upload_lexicon_entry("event", "Order Paid", schema))

    assert "event 'Order Paid' has 3999 properties" in str(refused.value)
    assert "describe fewer of them" in str(refused.value)


@pytest.mark.parametrize("given", [["Order Paid"], [], "Order Paid"], ids=repr)
def test_what_is_nothing_to_upload_is_refused(ask: Ask, given: object) -> None:
    """Names alone describe nothing."""
    with pytest.raises(InvalidQueryError) as refused:
        ask(lambda client: client.upload_lexicon(given))

    assert str(refused.value) == (
        f"a {type(given).__name__} holds nothing to upload; give a TrackingPlan, a "
        "Lexicon document, or LexiconEntry objects"
    )
