"""What the shop does with orders and sign-ups."""

from typing import Any

from shop.names import ShopEventProperties, ShopEvents


def complete_order(request: Any, amount: float) -> None:  # noqa: ANN401 - Pyramid's
    """Track an order that was paid."""
    request.mixpanel.track(
        ShopEvents.order_completed, {ShopEventProperties.amount: amount}
    )


def sign_up(request: Any) -> None:  # noqa: ANN401 - Pyramid's
    """Track a new user."""
    request.mixpanel.track(ShopEvents.user_signed_up)
