"""What visitors do."""

from __future__ import annotations

from django.forms import ModelForm
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from bookshop.models import Order
from bookshop.plan import OrderCompleted


class OrderForm(ModelForm):
    """What a visitor says of an order."""

    class Meta:
        """All that an order has."""

        model = Order
        fields = ("user", "title", "amount")


@require_POST
def order(request: HttpRequest) -> JsonResponse:
    """Take an order."""
    form = OrderForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=400)
    order = form.save()
    completed = OrderCompleted(order_id=order.id, amount=float(order.amount))
    request.tracker.track(order.user, completed)
    return JsonResponse({"order_id": order.id}, status=201)


def broken(request: HttpRequest) -> JsonResponse:
    """Take an order, and fail: neither database nor Mixpanel ever hears of it."""
    order(request)
    raise RuntimeError("the printer is out of paper")
