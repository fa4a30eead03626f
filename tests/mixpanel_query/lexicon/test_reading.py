"""Reading a Lexicon through both clients, with recorded answers."""

from __future__ import annotations

import pytest
import respx

from mixpanel_query import LexiconEntry
from mixpanel_query.exceptions import UnreadableAnswerError
from mixpanel_schema import Event, Property, from_lexicon

from .recorded_schemas import CART, PROFILE, SCHEMAS, Ask, Refused, listing


def test_list_all(ask: Ask, mocked: respx.MockRouter) -> None:
    """All schemas are one GET, in Mixpanel's order, with nothing in the query."""
    route = mocked.get(SCHEMAS).respond(json=listing(CART, PROFILE))

    lexicon = ask(lambda client: client.lexicon())

    assert [entry.name for entry in lexicon] == ["Added To Cart", "$user"]
    assert lexicon.get("event", "Added To Cart").description == "Item put in cart"
    assert lexicon.get("event", "$user") is None
    assert route.calls.last.request.url.query == b""


def test_rows_of_a_lexicon(ask: Ask, mocked: respx.MockRouter) -> None:
    """An entity is a row, and each of its properties another one."""
    mocked.get(SCHEMAS).respond(json=listing(CART))

    lexicon = ask(lambda client: client.lexicon())

    assert lexicon.to_dicts() == [
        {
            "entity_type": "event",
            "name": "Added To Cart",
            "property": None,
            "type": None,
            "display_name": "Item Added",
            "description": "Item put in cart",
            "hidden": False,
            "dropped": False,
            "tags": "Shopping",
        },
        {
            "entity_type": "event",
            "name": "Added To Cart",
            "property": "item_price",
            "type": "number",
            "display_name": "Price",
            "description": "price",
            "hidden": False,
            "dropped": False,
            "tags": "",
        },
    ]


def test_lexicon_as_a_plan(ask: Ask, mocked: respx.MockRouter) -> None:
    """What was read can be read by mixpanel-schema."""
    mocked.get(SCHEMAS).respond(json=listing(CART))

    plan = from_lexicon(ask(lambda client: client.lexicon()).to_document())

    assert plan.events["Added To Cart"].properties == (Property("item_price"),)


def test_list_of_one_type(ask: Ask, mocked: respx.MockRouter) -> None:
    """A type is part of the path, a name is a parameter."""
    route = mocked.get(f"{SCHEMAS}/event").respond(json=listing())
    name = Event("50% off/on")

    lexicon = ask(lambda c: c.lexicon(entity_type="event", entity_name=name))

    assert len(lexicon) == 0
    assert dict(route.calls.last.request.url.params) == {"entity_name": "50% off/on"}


@pytest.mark.parametrize(
    "body",
    [CART["schemaJson"], {"status": "ok", "results": CART["schemaJson"]}],
    ids=["as documented", "as seen"],
)
def test_one_entry(ask: Ask, mocked: respx.MockRouter, body: object) -> None:
    """The schema of one entity is read in both shapes."""
    route = mocked.get(url__startswith=f"{SCHEMAS}/event/").respond(json=body)

    entry = ask(lambda client: client.lexicon_entry("event", "Added/To Cart"))

    assert entry == LexiconEntry("event", "Added/To Cart", CART["schemaJson"])
    assert route.calls.last.request.url.raw_path == (
        b"/api/app/projects/12345/schemas/event/Added%2FTo%20Cart"
    )


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"results": {}},
        listing({"name": "A", "schemaJson": {}}),
        listing({"entityType": "event", "name": "A", "schemaJson": None}),
        listing("A"),
    ],
)
def test_unreadable_list(
    refused: Refused, mocked: respx.MockRouter, body: object
) -> None:
    """A list in another shape is an error."""
    mocked.get(SCHEMAS).respond(json=body)

    error = refused(lambda client: client.lexicon())

    assert isinstance(error, UnreadableAnswerError)
    assert "/api/app/projects/12345/schemas" in str(error)
    assert error.request.path == "/api/app/projects/12345/schemas"


@pytest.mark.parametrize("body", [[], "x", {"status": "ok"}, listing(CART)])
def test_unreadable_entry(
    refused: Refused, mocked: respx.MockRouter, body: object
) -> None:
    """A schema in another shape is an error."""
    mocked.get(f"{SCHEMAS}/event/A").respond(json=body)

    error = refused(lambda client: client.lexicon_entry("event", "A"))

    assert isinstance(error, UnreadableAnswerError)
