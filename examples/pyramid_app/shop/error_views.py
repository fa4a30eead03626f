"""What visitors see of errors.

An error view answers, but the transaction is aborted all the same. So ``track`` would
discard what is tracked here; ``track_now`` sends it.
"""

from __future__ import annotations

import logging

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, notfound_view_config
from sqlalchemy.exc import IntegrityError

from shop.names import ShopEvents, ShopProperties
from shop.pages import page
from shop.views import PaymentRefusedError

logger = logging.getLogger(__name__)


@notfound_view_config()
def not_found(request: Request) -> Response:
    """Answer where no page is."""
    request.mixpanel.track_now(
        ShopEvents.page_missed, {ShopProperties.path: request.path}
    )
    return page("No such page", status=404)


@exception_view_config(PaymentRefusedError)
def payment_refused(request: Request) -> Response:
    """Answer where the bank said no: a refusal, and no order."""
    reason = str(request.exception)
    request.mixpanel.track_now(
        ShopEvents.payment_refused, {ShopProperties.reason: reason}
    )
    return page("The bank refused the payment", status=402)


@exception_view_config(IntegrityError)
def taken(request: Request) -> Response:
    """Answer where there is an account already."""
    return page("This account exists already", status=409)


@exception_view_config(Exception)
def failed(request: Request) -> Response:
    """Answer where a view failed, and log why."""
    logger.exception("%s %s failed", request.method, request.path)
    return page("Sorry, that did not work", status=500)
