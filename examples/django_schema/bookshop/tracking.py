"""Tracks what a request did once it has succeeded, and never what it failed to do.

What a view tracks waits for the commit of its transaction, then for the response, and
is sent when the visitor has got that: nobody waits for Mixpanel.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache, partial
from uuid import uuid4

from asgiref.local import Local
from django.conf import settings
from django.core.signals import request_finished
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from mixpanel import Consumer

from bookshop.plan import plan
from mixpanel_schema import TypedEvent

logger = logging.getLogger(__name__)
released = Local()  # what the request of this thread has left to be sent


class Tracker:
    """What one request tracked, as far as it is committed."""

    def __init__(self) -> None:
        self.messages: list[dict[str, object]] = []

    def track(self, distinct_id: str, event: TypedEvent) -> None:
        """Track an event of the plan."""
        message = plan.event_message(
            event,
            token=settings.MIXPANEL_TOKEN,
            distinct_id=distinct_id,
            time=datetime.now(timezone.utc),
            insert_id=uuid4().hex,
        )
        # Called at the commit; never after a rollback, also to a savepoint.
        transaction.on_commit(partial(self.messages.append, message))


class TrackingMiddleware:
    """Gives each request a ``tracker``, and leaves what is to be sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; a 5xx, also of a view that raised, sends nothing."""
        tracker = request.tracker = Tracker()
        response = self.get_response(request)
        released.messages = [] if response.status_code >= 500 else tracker.messages
        return response


@receiver(request_finished)
def send_released(**signal: object) -> None:
    """Send what a request left; the shop goes on if Mixpanel is away."""
    messages, released.messages = getattr(released, "messages", []), []
    for message in messages:
        try:
            consumer(settings.MIXPANEL_BASE_URL).send("events", json.dumps(message))
        except Exception as error:
            logger.warning("not tracked, because Mixpanel did not take it: %s", error)


@cache
def consumer(base_url: str) -> Consumer:
    """Make a consumer that sends to Mixpanel, or to a local project."""
    events_url = f"{base_url}/track"
    return Consumer(events_url=events_url, request_timeout=5, retry_limit=0)
