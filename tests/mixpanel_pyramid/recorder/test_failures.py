"""What the recorder's assertions say when they fail."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Event, EventProperties, Events
from mixpanel_pyramid.testing import recorder
from mixpanel_schema import InvalidValueError

from .recorded_shop import (
    PlanUpgraded,
    Record,
    ShopEvents,
    ShopProperties,
    View,
    order,
    told,
)


def broken(request: Request) -> Response:
    """Track an order, and fail."""
    order(request)
    raise RuntimeError("the payment failed after all")


def unavailable(request: Request) -> Response:
    """Track an order, and answer 503."""
    order(request)
    return Response("later", status=503)


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
