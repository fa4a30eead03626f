"""What visitors do. What a view tracks is sent if its transaction is committed."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from mixpanel_pyramid import ProfileProperties
from shop.database import Order, User
from shop.names import OrderCompleted, ShopEvents, ShopProfile, ShopProperties
from shop.pages import PRICE, page


class PaymentRefusedError(Exception):
    """The bank said no, for the reason given."""


@view_config(route_name="home")
def home(request: Request) -> Response:
    """Show the shop."""
    request.mixpanel.track(
        ShopEvents.page_viewed,
        {ShopProperties.path: request.path, ShopProperties.title: "Shop"},
    )
    return page("Shop")


@view_config(route_name="sign_up")
def sign_up(request: Request) -> Response:
    """Make an account; an e-mail that has one fails at the flush."""
    email = request.POST.get("email", "")
    if "@" not in email:
        raise HTTPBadRequest("e-mail is missing")
    user = User(distinct_id=request.visitor_id, email=email)
    request.dbsession.add(user)
    request.dbsession.flush()
    request.mixpanel.track(ShopEvents.user_signed_up)
    request.mixpanel.profile_set(
        {
            ProfileProperties.dollar_email: user.email,
            ProfileProperties.dollar_created: user.created,
        }
    )
    return HTTPSeeOther("/")


@view_config(route_name="order")
def order(request: Request) -> Response:
    """Take an order of somebody with an account."""
    request.mixpanel.track(ShopEvents.checkout_started)
    if request.user is None:
        # A redirect that is raised aborts the transaction, and discards what was
        # tracked; one that is returned, as below, commits and sends it.
        raise HTTPSeeOther("/")
    order = Order(user=request.user, cents=PRICE)
    request.dbsession.add(order)
    request.dbsession.flush()  # which gives it its number
    pay(request.POST.get("card", ""))
    amount = order.cents / 100
    request.mixpanel.track(OrderCompleted(order_id=order.id, amount=amount))
    request.mixpanel.profile_set({ShopProfile.last_order: order.id})
    request.mixpanel.profile_track_charge(amount)
    return HTTPSeeOther("/")


def pay(card: str) -> None:
    """Ask the bank, or what stands for it here."""
    if card == "refused":
        raise PaymentRefusedError("no funds")


@view_config(route_name="broken")
def broken(request: Request) -> Response:
    """Take an order, and fail: neither database nor Mixpanel ever hears of it."""
    order(request)
    raise RuntimeError("the parcel service does not answer")
