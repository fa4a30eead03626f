"""The tasks with which the workers of the application's own Celery deliver.

``configure`` belongs into the module that makes the Celery application.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from celery import Celery, Task  # type: ignore[import-untyped]
from celery.exceptions import Reject  # type: ignore[import-untyped]

from mixpanel_pyramid.celery_claims import Claims
from mixpanel_pyramid.celery_sender import (
    DELIVER,
    DELIVER_ONCE,
    CelerySender,
    Parcel,
)
from mixpanel_pyramid.dead_letter_box import DeadLetterBox
from mixpanel_pyramid.dispatch import destinations
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.parcel_delivery import ParcelDelivery
from mixpanel_pyramid.services import service_of
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_pyramid.settings_table import PLAN

__all__ = ["configure"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

# What the app needs to track, and a worker not to deliver. Its names are not imported:
# their modules may be in the middle of their own import.
NOT_THE_WORKERS = frozenset(
    {
        "mixpanel.consumer",
        "mixpanel.celery_app",
        "mixpanel.commit_veto",
        "mixpanel.distinct_id",
        "mixpanel.header_properties",
        *(f"mixpanel.{name}" for name in PLAN),
    }
)

deliveries: dict[Celery, ParcelDelivery] = {}
claims: dict[Celery, Claims] = {}


def configure(app: Celery, settings: Mapping[str, object]) -> None:
    """Let the workers of a Celery application deliver to Mixpanel.

    It registers the tasks ``mixpanel_pyramid.deliver``, for what may be repeated, and
    ``mixpanel_pyramid.deliver_once``, for what counts. Called again, the later settings
    are used.

    Args:
        app: The Celery application that ``mixpanel.celery_app`` names.
        settings: The settings of the Pyramid application; others than its
            ``mixpanel.*`` and ``customerio.tracking.*`` are left alone, and what they
            name is not imported.

    Raises:
        MixpanelSettingsError: If the settings cannot work.
    """
    known = {name: settings[name] for name in settings if name not in NOT_THE_WORKERS}
    checked = read_settings(known)
    for problem in checked.warnings:
        logger.warning("%s", problem)
    is_new = app not in deliveries
    deliveries[app] = delivery_for(app, checked)
    queue = CelerySender(app, "", checked.request_timeout)
    claims[app] = Claims(
        lambda: queue.channel(checked.request_timeout), visibility_timeout(app)
    )
    if is_new:
        register(app)


def delivery_for(app: Celery, settings: TrackingSettings) -> ParcelDelivery:
    """Make what delivers in the worker processes of an application."""
    destination, _ = destinations(settings)
    service = service_of(destination)
    project = service.address.key if settings.token else ""
    timeout, box = settings.request_timeout, None
    if settings.outbox is not None:
        file = OutboxFile(settings.outbox, settings.outbox_sync, settings.outbox_max_mb)
        box = DeadLetterBox(file, service.address)
    return ParcelDelivery(
        project,
        urlsplit(settings.base_url).netloc,
        service.make_sender,
        lambda: CelerySender(app, project, timeout),
        box=box,
        most_delay=visibility_timeout(app) / 2,
    )


def visibility_timeout(app: Celery) -> float:
    """Tell after how many seconds Redis hands out again what a worker still holds.

    https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout
    """
    options = app.conf.broker_transport_options or {}
    return float(options.get("visibility_timeout", 3600.0))


def register(app: Celery) -> None:
    """Register the two tasks; neither asks for its result, nor to be repeated."""
    common = {"bind": True, "shared": False, "ignore_result": True}

    @app.task(  # type: ignore[untyped-decorator]  # celery has no type hints
        name=DELIVER,
        acks_late=True,
        reject_on_worker_lost=True,
        acks_on_failure_or_timeout=False,
        **common,
    )
    def deliver(task: Task, **payload: object) -> None:
        try:
            deliveries[app].deliver(Parcel.of(payload))
        except Exception as error:
            # Else it would count as done. The broker gives it out again at once.
            logger.exception("a task of Mixpanel messages goes back to the broker")
            time.sleep(1.0)
            raise Reject(str(error), requeue=True) from error

    @app.task(name=DELIVER_ONCE, acks_late=False, **common)  # type: ignore[untyped-decorator]
    def deliver_once(task: Task, **payload: object) -> None:
        parcel, request = Parcel.of(payload), task.request
        redelivered = bool((request.delivery_info or {}).get("redelivered"))
        claim = partial(claims[app].begin, request.id, redelivered=redelivered)
        deliveries[app].deliver(parcel, claim)
        claims[app].settle(request.id)
