"""What the recorder's assertions pass, and what it gives."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Event, ProfileProperties, Property
from mixpanel_pyramid.testing import recorder
from mixpanel_schema import GroupProperties

from .recorded_shop import (
    ORDER,
    SETTINGS,
    PlanUpgraded,
    Record,
    ShopEvents,
    ShopProperties,
    order,
    told,
)

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


def again(request: Request) -> Response:
    """Do the same."""
    return order(request)


@pytest.mark.parametrize(
    "props",
    [
        None,
        {},
        {ShopProperties.amount: 19.5},
        {ShopProperties.amount: pytest.approx(19.4999999)},
        {ShopProperties.amount: ANY},
        ORDER,
    ],
    ids=["not asked", "none", "one of two", "approx", "any", "all"],
)
def test_properties_are_asked_for_as_far_as_given(
    recorded: Record,
    props: dict[Property, object] | None,
) -> None:
    """An event may carry more; matchers of other libraries work."""
    recorded(order).assert_tracked(ShopEvents.order_completed, props)


def test_values_are_compared_as_mixpanel_gets_them(recorded: Record) -> None:
    """A datetime in any timezone equals the text that is sent."""
    noon = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)

    def place(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        props = {ShopProperties.placed: noon, ShopProperties.amount: (1, 2)}
        request.mixpanel.track(ShopEvents.order_completed, props)
        return Response("thanks")

    seen = recorded(place)

    seen.assert_tracked(ShopEvents.order_completed, {ShopProperties.placed: noon})
    seen.assert_tracked(
        ShopEvents.order_completed, {ShopProperties.placed: "2026-01-02T12:00:00"}
    )
    seen.assert_tracked(ShopEvents.order_completed, {ShopProperties.amount: (1, 2)})


def test_an_event_gives_its_values_by_property(recorded: Record) -> None:
    """Those that it carried, as Mixpanel gets them."""
    (event,) = recorded(order).tracked(ShopEvents.order_completed)

    assert event[ShopProperties.amount] == 19.5
    assert event.properties == {"Amount": 19.5, "Path": "/order"}
    assert (event.name, event.distinct_id, event.where) == (
        "Order Completed",
        "joe",
        "GET /order",
    )


def test_a_typed_event_is_asked_for_by_class_or_by_instance(recorded: Record) -> None:
    """The instance with its values."""
    seen = recorded(order)
    seen.assert_tracked(PlanUpgraded)
    seen.assert_tracked(PlanUpgraded(plan="pro", seats=3))
    seen.assert_not_tracked(PlanUpgraded(plan="pro", seats=4))

    assert len(seen.tracked(PlanUpgraded)) == 1
    assert seen.tracked(PlanUpgraded(plan="free", seats=3)) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("Order Completed", "event 'Order Completed' is a str; give an Event"),
        (Property("Amount"), "is a Property; give an Event, or a typed event"),
        (int, "is a type; give an Event, or a typed event"),
    ],
    ids=["text", "property", "class"],
)
def test_what_is_no_event_is_refused(recorded: Record, wrong: Event, says: str) -> None:
    """Else ``assert_not_tracked`` would pass for a misspelt text."""
    seen = recorded(order)

    for check in (seen.tracked, seen.assert_tracked, seen.assert_not_tracked):
        with pytest.raises(TypeError, match=says):
            check(wrong)


def test_a_key_that_is_no_property_is_refused(recorded: Record) -> None:
    """With the way to write it."""
    with pytest.raises(TypeError, match="'Amount' is a str; give a Property"):
        recorded(order).assert_tracked(
            ShopEvents.order_completed,
            {"Amount": 19.5},  # type: ignore[dict-item]
        )


def test_an_unexpected_event_is_shown(recorded: Record) -> None:
    """How often, where, and what it carried."""
    seen = recorded(order, again)

    assert told(lambda: seen.assert_not_tracked(PlanUpgraded)) == (
        "'Plan Upgraded' was tracked twice; what was:\n"
        "  GET /order: Plan Upgraded {'Plan': 'pro', 'Seats': 3}\n"
        "  GET /again: Plan Upgraded {'Plan': 'pro', 'Seats': 3}"
    )


def sign_up(request: Request) -> Response:
    """Change a profile, and a company's."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.profile_set({ProfileProperties.dollar_name: "Joe"})
    request.mixpanel.group_set("company", "acme", {GroupProperties.dollar_name: "Acme"})
    return Response("welcome")


def test_a_profile_is_asked_for_by_its_change(recorded: Record) -> None:
    """The operation and, if given, whose it is."""
    seen, joe = recorded(sign_up), {ProfileProperties.dollar_name: "Joe"}
    seen.assert_profile_updated(joe)
    seen.assert_profile_updated({}, distinct_id="joe")

    assert told(lambda: seen.assert_profile_updated(joe, "$set_once")) == (
        "no profile was changed by $set_once {'$name': 'Joe'}; what was:\n"
        "  GET /sign_up: $set {'$name': 'Joe'}"
    )
    assert told(lambda: seen.assert_profile_updated(joe, distinct_id="ann")).startswith(
        "no profile of 'ann' was changed by $set {'$name': 'Joe'}"
    )


def test_a_group_is_asked_for_by_its_change(recorded: Record) -> None:
    """Its kind, its id, and the operation."""
    seen, acme = recorded(sign_up), {GroupProperties.dollar_name: "Acme"}
    seen.assert_group_updated("company", "acme", acme)

    assert told(lambda: seen.assert_group_updated("company", "other", acme)) == (
        "company 'other' was not changed by $set {'$name': 'Acme'}; what was:\n"
        "  GET /sign_up: $set {'company acme': {'$name': 'Acme'}}"
    )


CUSTOMERIO = {
    "customerio.tracking.site_id": "s",
    "customerio.tracking.api_key": "k",
    "customerio.tracking.region": "eu",
}


def test_copies_for_customerio_are_there(make_app: MakeApp) -> None:
    """Of events, of profiles, and the calls of the official library."""

    def copies(request: Request) -> Response:
        sign_up(request)
        request.mixpanel.track(ShopEvents.order_completed, ORDER)
        request.mixpanel.cio.identify(id="joe", plan="pro")
        return Response("thanks")

    app = make_app({"copies": copies}, {**SETTINGS, **CUSTOMERIO})
    seen = recorder(app.web)
    app.web.get("/copies")

    assert seen.customerio_messages == [
        {
            "method": "PUT",
            "path": "/api/v1/customers/joe",
            "body": {"plan": "pro"},
        },
        {"id": "joe", "name": "Joe"},
        {
            "customer_id": "joe",
            "name": "Order Completed",
            "Amount": 19.5,
            "Path": "/order",
        },
    ]
    assert told(lambda: seen.assert_tracked(PlanUpgraded)).splitlines()[1:] == [
        "  GET /copies: $set {'$name': 'Joe'}",
        "  GET /copies: for Customer.io, attributes {'name': 'Joe'}",
        "  GET /copies: $set {'company acme': {'$name': 'Acme'}}",
        "  GET /copies: Order Completed {'Amount': 19.5, 'Path': '/order'}",
        "  GET /copies: for Customer.io, Order Completed "
        "{'Amount': 19.5, 'Path': '/order'}",
        "  GET /copies: for Customer.io, PUT /api/v1/customers/joe {'plan': 'pro'}",
    ]


def test_a_value_that_cannot_be_sent_is_never_equal(recorded: Record) -> None:
    """It is shown as it is."""
    nan = {ShopProperties.amount: float("nan")}

    message = told(
        lambda: recorded(order).assert_tracked(ShopEvents.order_completed, nan)
    )

    assert message.splitlines()[1] == "  GET /order: 'Amount' is 19.5, not nan"


def test_a_cleared_recorder_begins_anew(recorded: Record) -> None:
    """It stays attached."""
    seen = recorded(order)
    seen.clear()

    assert seen.messages == []
    assert seen.customerio_messages == []
