"""A plan as a Lexicon document, and back."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    MixpanelSchemaError,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
    prop,
)
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.lexicon import from_lexicon, held_by_lexicon, to_lexicon

from .lexicon_entries import entry


class OrderCompleted(
    TypedEvent,
    event_name="Order Completed",
    description="An order was paid.",
    renamed_from=("Order Paid",),
):
    """A typed event."""

    amount: float = prop("Amount", description="In euros.")
    coupon: str | None = prop("Coupon", default=None, pii=True)
    paid_at: datetime = prop("Paid At")


class ShopEvents(Catalogue):
    """A catalogue of events."""

    products_searched = Event("Products Searched")
    newsletter_left = Event("Newsletter Left", properties=())


class ShopProfile(ProfileProperties):
    """A catalogue of profile properties."""

    orders = Property("Orders", type=int, description="Orders paid so far.")


PLAN = TrackingPlan(
    events=ShopEvents, profile_properties=ShopProfile, typed_events=(OrderCompleted,)
)


def test_a_plan_is_written_as_lexicon_takes_it() -> None:
    """Events come first, then the profile, and nothing is truncated."""
    assert to_lexicon(PLAN) == {
        "entries": [
            entry("Products Searched", {}),
            entry("Newsletter Left", {"properties": {}}),
            entry(
                "Order Completed",
                {
                    "description": "An order was paid.",
                    "properties": {
                        "Amount": {"type": "number", "description": "In euros."},
                        "Coupon": {"type": "string"},
                        "Paid At": {"type": "string", "format": "date-time"},
                    },
                    "required": ["Amount", "Paid At"],
                },
            ),
            entry(
                "$user",
                {
                    "properties": {
                        "Orders": {
                            "type": "integer",
                            "description": "Orders paid so far.",
                        }
                    }
                },
                "profile",
            ),
        ],
        "truncate": False,
    }


class Size(Enum):
    """Sizes, as numbers."""

    SMALL = 1
    LARGE = 2


@pytest.mark.parametrize(
    ("annotation", "written"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (Decimal, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (UUID, {"type": "string"}),
        (date, {"type": "string", "format": "date-time"}),
        (datetime | None, {"type": "string", "format": "date-time"}),
        (date | datetime, {"type": "string", "format": "date-time"}),
        (list[str], {"type": "array"}),
        (tuple[int, str], {"type": "array"}),
        (dict[str, int], {"type": "object"}),
        (Literal["a", "b"], {"type": "string"}),
        (Literal["a", None], {"type": "string"}),
        (Literal[True], {"type": "boolean"}),
        (Size, {"type": "integer"}),
        (int | float, {"type": "number"}),
        (int | str, {"type": "string"}),
        (str | datetime, {"type": "string"}),
        (type(None), {"type": "null"}),
        (None, {"type": "string"}),
    ],
    ids=str,
)
def test_each_type_has_its_name_in_lexicon(
    annotation: object, written: dict[str, str]
) -> None:
    """Lexicon takes one of seven types; dates are text with a format."""

    class Shop(Catalogue):
        seen = Event("Seen", properties=(Property("P", type=annotation),))

    document: Any = to_lexicon(TrackingPlan(events=Shop))

    assert document["entries"][0]["schemaJson"]["properties"] == {"P": written}


def test_what_mixpanel_describes_itself_is_left_to_it() -> None:
    """Inherited special names are not written over Mixpanel's own descriptions."""
    document: Any = to_lexicon(TrackingPlan())

    assert [e["name"] for e in document["entries"]] == [
        "Page Viewed",
        "Button/Link Clicked",
        "User Signed Up",
        "User Logged In",
        "User Charged",
        "User Disabled",
    ]


FULL: dict[str, Any] = {
    "entries": [
        entry(
            "Added To Cart",
            {
                "description": "Item put in cart",
                "required": ["item_price"],
                "metadata": {
                    "com.mixpanel": {
                        "$source": "us",
                        "tags": ["Shopping"],
                        "displayName": "Item Added",
                        "hidden": False,
                        "contacts": ["a@b.c"],
                        "teamContacts": None,
                    }
                },
                "properties": {
                    "item_price": {
                        "type": "number",
                        "description": "price",
                        "metadata": {
                            "com.mixpanel": {"displayName": "Price", "hidden": True}
                        },
                    },
                    "added_at": {"type": "string", "format": "date-time"},
                },
            },
        ),
        entry(
            "$user",
            {"description": "A user", "properties": {"tags": {"type": "array"}}},
            "profile",
        ),
    ],
    "truncate": False,
}


def test_a_full_document_comes_back_as_it_was() -> None:
    """Display names, tags and owners survive, though a plan has no place for them."""
    assert to_lexicon(from_lexicon(FULL)) == FULL


def test_a_document_becomes_a_plan() -> None:
    """Types, descriptions and what is required are those of the document."""
    plan = from_lexicon(FULL)

    event = plan.events["Added To Cart"]
    assert event.description == "Item put in cart"
    assert event.required == {"item_price"}
    assert [(p.name, p.type, p.description) for p in event.properties or ()] == [
        ("item_price", float, "price"),
        ("added_at", datetime, ""),
    ]
    assert list(plan.profile_properties) == ["tags"]


def test_the_answer_to_a_list_request_is_read_too() -> None:
    """A list answer has the entries under another key."""
    answer = {"status": "ok", "results": FULL["entries"]}

    assert to_lexicon(from_lexicon(answer)) == FULL


def test_dropped_is_never_sent_back() -> None:
    """A round trip cannot make Mixpanel throw away what arrives."""
    dropped = {"com.mixpanel": {"dropped": True, "hidden": True}}
    about = {"type": "string", "metadata": dropped}
    schema = {"metadata": dropped, "properties": {"P": about}}

    document = to_lexicon(from_lexicon({"entries": [entry("Seen", schema)]}))

    assert "dropped" not in json.dumps(document)
    assert json.dumps(document).count('"hidden": true') == 2


def test_keywords_that_the_upload_forbids_are_left_out() -> None:
    """An answer with more in it can be uploaded again."""
    about = {"type": "string", "examples": ["a"], "format": "email"}
    schema = {"$schema": "x", "additionalProperties": True, "properties": {"P": about}}

    document: Any = to_lexicon(from_lexicon({"entries": [entry("Seen", schema)]}))

    assert document["entries"][0]["schemaJson"] == {
        "properties": {"P": {"type": "string"}}
    }


def test_entities_that_cannot_be_uploaded_are_passed_over() -> None:
    """Lists also hold custom events, which are no part of a plan."""
    entries = [entry("A", {}, "custom_event"), entry("Company", {}, "profile")]

    assert to_lexicon(from_lexicon({"results": entries}))["entries"] == []


def test_types_that_disagree_between_events_are_kept() -> None:
    """Lexicon has a type for each event; the plan takes any value."""
    document = {
        "entries": [
            entry("A", {"properties": {"P": {"type": "number"}}}),
            entry("B", {"properties": {"P": {"type": "string"}}}),
        ],
        "truncate": False,
    }

    plan = from_lexicon(document)

    assert plan.event_properties["P"].type is None
    assert to_lexicon(plan) == document


def test_a_property_may_have_no_type() -> None:
    """Lexicon holds those that somebody only described."""
    schema = {"properties": {"P": {"description": "Which plan"}}}

    plan = from_lexicon({"entries": [entry("A", schema)]})

    known = plan.event_properties["P"]
    assert (known.type, known.description) == (None, "Which plan")


def test_an_unknown_type_is_refused_with_the_place() -> None:
    """The message names the property, and what Lexicon has."""
    document = {"entries": [entry("A", {"properties": {"P": {"type": "text"}}})]}

    with pytest.raises(MixpanelSchemaError) as caught:
        from_lexicon(document)

    assert str(caught.value) == (
        "type of property 'P' of event 'A' is 'text'; Lexicon has string, number, "
        "integer, boolean, array, object, null"
    )


def test_another_document_is_refused() -> None:
    """What has no entries is no Lexicon document."""
    with pytest.raises(MixpanelSchemaError, match="this has 'events'"):
        from_lexicon({"events": []})


def test_a_plan_compared_with_a_document_keeps_earlier_names() -> None:
    """What Lexicon does not hold is out, but for the names that events had."""
    held = held_by_lexicon(PLAN)

    assert held.events["Order Completed"].renamed_from == ("Order Paid",)
    assert held.event_properties["Coupon"].pii is False
    assert to_lexicon(held) == to_lexicon(PLAN)


def test_inherited_properties_of_events_can_be_listed() -> None:
    """A special property that an event lists is written with its event."""

    class Shop(Events):
        seen = Event("Seen", properties=(EventProperties.title,))

    document: Any = to_lexicon(TrackingPlan(events=Shop))

    assert "Title" in document["entries"][-1]["schemaJson"]["properties"]
