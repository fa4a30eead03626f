"""What the shop tracks; nothing leaves the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

pytest.importorskip("zope.sqlalchemy", reason="needs examples/requirements.txt")

from pyramid.exceptions import ConfigurationError
from shop.database import Order, User
from shop.names import OrderCompleted, ShopEvents, ShopProfile, ShopProperties
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from mixpanel_pyramid import ProfileProperties
from mixpanel_pyramid.testing import Recorder

if TYPE_CHECKING:
    from conftest import MakeApp


def test_a_visit_is_tracked(browser: TestApp, mixpanel_recorder: Recorder) -> None:
    """With the page's path and title."""
    browser.get("/")

    mixpanel_recorder.assert_tracked(
        ShopEvents.page_viewed,
        {ShopProperties.path: "/", ShopProperties.title: "Shop"},
    )


def test_a_visitor_stays_the_same_person(
    browser: TestApp, mixpanel_recorder: Recorder, database: Session
) -> None:
    """From the first page on, beyond the sign-up, under the account's distinct id."""
    browser.get("/")
    browser.post("/sign-up", {"email": "joe@example.com"})
    browser.get("/")

    user = database.scalars(select(User)).one()
    assert [event.distinct_id for event in mixpanel_recorder.events] == [
        user.distinct_id,
        user.distinct_id,
        user.distinct_id,
    ]


def test_two_browsers_are_two_people(
    app: object, browser: TestApp, mixpanel_recorder: Recorder
) -> None:
    """Each has a cookie of its own."""
    browser.get("/")
    TestApp(app).get("/")

    assert len({event.distinct_id for event in mixpanel_recorder.events}) == 2


def test_a_sign_up_makes_a_profile(
    browser: TestApp, mixpanel_recorder: Recorder
) -> None:
    """With the e-mail and the time of the sign-up."""
    browser.post("/sign-up", {"email": "joe@example.com"})

    mixpanel_recorder.assert_tracked(ShopEvents.user_signed_up)
    mixpanel_recorder.assert_profile_updated(
        {
            ProfileProperties.dollar_email: "joe@example.com",
            ProfileProperties.dollar_created: ANY,
        }
    )


def test_a_sign_up_without_an_email_is_refused(
    browser: TestApp, mixpanel_recorder: Recorder
) -> None:
    """A 400 that a view raises leaves nothing."""
    browser.post("/sign-up", {"email": "joe"}, status=400)

    assert mixpanel_recorder.messages == []


def test_an_account_that_exists_is_not_made_twice(
    app: object, customer: TestApp, mixpanel_recorder: Recorder
) -> None:
    """The database refuses it; an error view says so, and nothing is tracked."""
    answer = TestApp(app).post("/sign-up", {"email": "joe@example.com"}, status=409)

    assert "This account exists already" in answer.text
    assert mixpanel_recorder.messages == []


def test_an_order_is_tracked_with_number_and_amount(
    customer: TestApp, mixpanel_recorder: Recorder, database: Session
) -> None:
    """A typed event, about the row that was committed."""
    customer.post("/order", status=303)

    assert [order.cents for order in database.scalars(select(Order))] == [1950]
    mixpanel_recorder.assert_tracked(OrderCompleted(order_id=1, amount=19.5))


def test_an_order_is_charged_in_the_profile(
    customer: TestApp, mixpanel_recorder: Recorder
) -> None:
    """Beside the number of the last order."""
    customer.post("/order")

    mixpanel_recorder.assert_profile_updated({ShopProfile.last_order: 1})
    charge = mixpanel_recorder.profile_updates[-1]
    assert charge.operation == "$append"
    assert charge.values == {"$transactions": {"$amount": 19.5}}


def test_a_redirect_that_is_returned_sends(
    customer: TestApp, mixpanel_recorder: Recorder
) -> None:
    """The order of a customer commits."""
    customer.post("/order", status=303)

    mixpanel_recorder.assert_tracked(ShopEvents.checkout_started)


def test_a_redirect_that_is_raised_discards(
    browser: TestApp, mixpanel_recorder: Recorder
) -> None:
    """The order of somebody without an account aborts."""
    browser.post("/order", status=303)

    mixpanel_recorder.assert_not_tracked(ShopEvents.checkout_started)


def test_a_failure_leaves_nothing(
    customer: TestApp, mixpanel_recorder: Recorder, database: Session
) -> None:
    """Neither an order nor what was tracked of it, though an error view answers."""
    mixpanel_recorder.clear()
    answer = customer.post("/broken", status=500)

    assert "Sorry" in answer.text
    assert database.scalars(select(Order)).all() == []
    assert mixpanel_recorder.messages == []


def test_a_refused_payment_is_tracked_without_an_order(
    customer: TestApp, mixpanel_recorder: Recorder, database: Session
) -> None:
    """The error view has tracked it now; what the view tracked is discarded."""
    mixpanel_recorder.clear()
    customer.post("/order", {"card": "refused"}, status=402)

    assert database.scalars(select(Order)).all() == []
    assert [event.name for event in mixpanel_recorder.events] == ["Payment Refused"]
    mixpanel_recorder.assert_tracked(
        ShopEvents.payment_refused, {ShopProperties.reason: "no funds"}
    )


def test_a_page_that_is_not_there_is_tracked(
    browser: TestApp, mixpanel_recorder: Recorder
) -> None:
    """The error view has tracked it now."""
    assert "No such page" in browser.get("/nowhere", status=404)

    mixpanel_recorder.assert_tracked(
        ShopEvents.page_missed, {ShopProperties.path: "/nowhere"}
    )


def test_a_shop_without_a_secret_does_not_start(make_app: MakeApp) -> None:
    """It says what is missing, and where to give it."""
    with pytest.raises(ConfigurationError, match="give SHOP_SECRET"):
        make_app(**{"shop.secret": ""})
