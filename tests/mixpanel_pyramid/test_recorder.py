"""What the recorder's assertions pass, and what they say when they fail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
    TypedEvent,
    prop,
)
from mixpanel_pyramid.testing import Recorder, recorder
from mixpanel_schema import GroupProperties, InvalidValueError


class ShopEvents(Events):
    """Events of a shop."""

    order_completed = Event("Order Completed")


class ShopProperties(EventProperties):
    """Properties of a shop's events."""

    amount = Property("Amount")
    placed = Property("Placed")


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """A typed event."""

    plan: str = prop("Plan")
    seats: int = prop("Seats")


TYPED = (PlanUpgraded,)
ORDER = {ShopProperties.amount: 19.5, ShopProperties.path: "/order"}
SETTINGS = {
    "mixpanel.events": f"{__name__}.ShopEvents",
    "mixpanel.event_properties": f"{__name__}.ShopProperties",
    "mixpanel.typed_events": f"{__name__}.TYPED",
}

View = Callable[[Request], Response]


Record = Callable[..., Recorder]


@pytest.fixture
def recorded(make_app: MakeApp) -> Record:
    """Ask each view of an app once, and give the recorder."""

    def ask(*views: View, include: tuple[str, ...] = ()) -> Recorder:
        def configure(config: Configurator) -> None:
            for name in ("mixpanel_pyramid.testing", *include):
                config.include(name)

        app = make_app({view.__name__: view for view in views}, SETTINGS, configure)
        for view in views:
            with suppress(RuntimeError):
                app.web.get(f"/{view.__name__}", expect_errors=True)
        return recorder(app.web)

    return ask


def order(request: Request) -> Response:
    """Track an order, and an upgrade."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(ShopEvents.order_completed, ORDER)
    request.mixpanel.track(PlanUpgraded(plan="pro", seats=3))
    return Response("thanks")


def broken(request: Request) -> Response:
    """Track an order, and fail."""
    order(request)
    raise RuntimeError("the payment failed after all")


def unavailable(request: Request) -> Response:
    """Track an order, and answer 503."""
    order(request)
    return Response("later", status=503)


def again(request: Request) -> Response:
    """Do the same."""
    return order(request)


def told(check: Callable[[], object]) -> str:
    """Give what a failing assertion says."""
    with pytest.raises(AssertionError) as raised:
        check()
    return str(raised.value)


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


def test_nothing_tracked_is_said_in_a_line(recorded: Record) -> None:
    """There is nothing to list."""

    def nothing(request: Request) -> Response:
        return Response("nothing")

    assert told(lambda: recorded(nothing).assert_tracked(Events.page_viewed)) == (
        "'Page Viewed' was not tracked; nothing was"
    )


def test_what_was_tracked_instead_is_listed(recorded: Record) -> None:
    """With its request and what it carried."""
    assert told(lambda: recorded(order).assert_tracked(Events.page_viewed)) == (
        "'Page Viewed' was not tracked; what was:\n"
        "  GET /order: Order Completed {'Amount': 19.5, 'Path': '/order'}\n"
        "  GET /order: Plan Upgraded {'Plan': 'pro', 'Seats': 3}"
    )


def test_the_nearest_name_is_shown(recorded: Record) -> None:
    """For a slip of the pen, or the wrong one of two events."""
    message = told(lambda: recorded(order).assert_tracked(Event("Order Complete")))

    assert message.startswith(
        "'Order Complete' was not tracked; the nearest that was is 'Order Completed'; "
    )


def test_other_values_are_compared_one_by_one(recorded: Record) -> None:
    """Only what differs is shown."""
    props = {
        ShopProperties.amount: 20.0,
        ShopProperties.path: "/order",
        ShopProperties.title: "Order",
    }
    seen = recorded(order)

    assert told(lambda: seen.assert_tracked(ShopEvents.order_completed, props)) == (
        "'Order Completed' was tracked, but not so:\n"
        "  GET /order: 'Amount' is 19.5, not 20.0; 'Title' is not there"
    )
    assert told(lambda: seen.assert_tracked(PlanUpgraded, distinct_id="ann")) == (
        "'Plan Upgraded' was tracked, but not so:\n"
        "  GET /order: it is of 'joe', not 'ann'"
    )


def doomed(request: Request) -> Response:
    """Track an order in a transaction that cannot be committed."""
    request.tm.doom()
    return order(request)


def saved(request: Request) -> Response:
    """Track an order that is rolled back."""
    request.mixpanel.track_now(Events.user_logged_in, distinct_id="joe")
    request.mixpanel.track(Events.page_viewed, distinct_id="joe")
    savepoint = request.tm.savepoint()
    order(request)
    savepoint.rollback()
    return Response("thanks")


@pytest.mark.parametrize(
    ("view", "include", "why"),
    [
        (broken, (), "RuntimeError was raised"),
        (unavailable, (), "the answer was 503"),
        (broken, ("pyramid_tm",), "its transaction was rolled back"),
        (doomed, ("pyramid_tm",), "its transaction was rolled back"),
        (saved, ("pyramid_tm",), "its transaction was rolled back to a savepoint"),
    ],
    ids=["raised", "503", "aborted", "doomed", "savepoint"],
)
def test_the_failure_says_why_a_message_was_discarded(
    recorded: Record, view: View, include: tuple[str, ...], why: str
) -> None:
    """That is what a test most often stumbles over."""
    seen = recorded(view, include=include)
    message = told(lambda: seen.assert_tracked(ShopEvents.order_completed))

    assert message.splitlines()[0] == (
        "'Order Completed' was not tracked: it was called in "
        f"GET /{view.__name__}, and discarded, as {why}; what was:"
    )
    assert f"Order Completed {{'Amount': 19.5, 'Path': '/order'}} ({why})" in message


def test_the_failure_says_that_a_request_is_not_over(recorded: Record) -> None:
    """Where a test asks in the middle of it."""
    said = []

    def early(request: Request) -> Response:
        order(request)
        seen = recorder(request)
        said.append(told(lambda: seen.assert_tracked(PlanUpgraded)).splitlines()[0])
        return Response("thanks")

    recorded(early).assert_tracked(PlanUpgraded)

    assert said == [
        "'Plan Upgraded' was not tracked: it was called in GET /early, "
        "and waits for the end of the request; what was:"
    ]


def test_a_call_that_was_refused_is_listed(recorded: Record) -> None:
    """Where the app swallowed the error."""

    def swallows(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        nan = {ShopProperties.amount: float("nan")}
        with pytest.raises(InvalidValueError):
            request.mixpanel.track(ShopEvents.order_completed, nan)
        return Response("thanks")

    message = told(lambda: recorded(swallows).assert_tracked(PlanUpgraded))

    assert message.splitlines()[1].startswith(
        "  GET /swallows: a call that was refused: property 'Amount'"
    )


def test_long_lists_and_values_are_cut(recorded: Record) -> None:
    """A failure stays readable."""

    def many(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        for _ in range(50):
            request.mixpanel.track(
                Events.page_viewed, {EventProperties.path: "/" * 200}
            )
        return Response("thanks")

    lines = told(lambda: recorded(many).assert_tracked(PlanUpgraded)).splitlines()

    assert len(lines) == 22
    assert max(map(len, lines)) < 150
    assert lines[-1] == "  and 30 more"


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
