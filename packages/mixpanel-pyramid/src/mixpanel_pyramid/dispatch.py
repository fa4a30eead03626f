"""The dispatch: where what a request released goes from here.

To the outbox, if there is one, or into the memory of a background consumer for each
service. Shared by all threads of a process, and by all its applications that send to
the same place.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.delivery_counts import DeliveryStats, total
from mixpanel_pyramid.destination import (
    CustomerioDestination,
    Destination,
    MixpanelDestination,
)
from mixpanel_pyramid.exceptions import MissingExtraError
from mixpanel_pyramid.forks import at_fork
from mixpanel_pyramid.message import CUSTOMERIO, REPLICATED, Message
from mixpanel_pyramid.outbox import Outbox, OutboxRow
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.plain_replicas import replica_of, written_replica_of
from mixpanel_pyramid.process_watch import watch_outbox
from mixpanel_pyramid.request_stack import outermost_request
from mixpanel_pyramid.settings import TrackingSettings

__all__ = ["Dispatch", "Target", "destinations", "dispatch_for", "shared"]

OURS = ("background", "celery")


class Target(Protocol):
    """What takes the messages for one service into memory, and delivers them."""

    def put(self, messages: Sequence[Message]) -> None:
        """Take messages; never raises."""

    def flush(self, timeout: float) -> bool:
        """Wait until what was put before is settled."""

    def stats(self) -> DeliveryStats:
        """Tell what became of the messages so far."""


class Dispatch:
    """Takes what an application releases.

    Args:
        mixpanel: Takes what is for Mixpanel.
        customerio: Takes what is for Customer.io.
        outbox: Where messages wait on disk; None for memory alone.
        may_block: Whether to take messages may take as long as the network does.
    """

    def __init__(
        self,
        mixpanel: Target,
        customerio: Target | None = None,
        outbox: Outbox | None = None,
        *,
        may_block: bool = False,
    ) -> None:
        self.may_block = may_block
        self.mixpanel = mixpanel
        self.customerio = customerio
        self.outbox = outbox
        self.is_plain = outbox is None and customerio is None
        self.replicate = replica_of if outbox is None else written_replica_of

    def put(self, messages: Sequence[Message]) -> None:
        """Take released messages, for good; never raises.

        It waits for no network, except where ``may_block``.
        """
        if self.is_plain:
            self.mixpanel.put(messages)
            return
        ours, theirs = self.by_service(messages)
        if self.outbox is not None:
            ours, theirs = self.write(ours, theirs, self.outbox)
        if ours:
            self.mixpanel.put(ours)
        if theirs and self.customerio is not None:
            self.customerio.put(theirs)

    def write(
        self, ours: list[Message], theirs: list[Message], outbox: Outbox
    ) -> tuple[list[Message], list[Message]]:
        """Write what has a place in the outbox; give the others."""
        rows: list[OutboxRow] = []
        if isinstance(self.mixpanel, BackgroundConsumer):
            address = self.mixpanel.service.address
            rows, ours = [OutboxRow(address, message) for message in ours], []
        if isinstance(self.customerio, BackgroundConsumer):
            address = self.customerio.service.address
            rows += [OutboxRow(address, message) for message in theirs]
            theirs = []
        if rows:
            outbox.put(rows)
            for target in self.targets():
                if isinstance(target, BackgroundConsumer):
                    target.notice()
        return ours, theirs

    def put_in_request(self, messages: Sequence[Message]) -> None:
        """Take messages of a request, which waits for no network.

        What might is done when the outermost request is over.
        """
        request = outermost_request() if self.may_block else None
        if request is None:
            self.put(messages)
        else:
            request.add_finished_callback(lambda request: self.put(messages))

    def by_service(
        self, messages: Sequence[Message]
    ) -> tuple[list[Message], list[Message]]:
        """Sort messages: for Mixpanel, and for Customer.io, which gets some of both."""
        ours, theirs = [], []
        for message in messages:
            if message.traits & REPLICATED:
                ours.append(message)
                theirs.append(self.replicate(message))
            elif message.endpoint == CUSTOMERIO:
                theirs.append(message)
            else:
                ours.append(message)
        return ours, theirs

    def targets(self) -> list[Target]:
        """Give all who deliver."""
        return [self.mixpanel, *([self.customerio] if self.customerio else [])]

    def flush(self, timeout: float) -> bool:
        """Wait until what was put before is settled, by all services together."""
        from time import monotonic

        deadline = monotonic() + timeout
        settled = [
            target.flush(max(deadline - monotonic(), 0.0)) for target in self.targets()
        ]
        return all(settled)

    def stats(self) -> DeliveryStats:
        """Tell what became of the messages so far."""
        parts = [target.stats() for target in self.targets()]
        outbox = self.outbox
        if outbox is not None:
            with outbox.spill_lock:
                waiting, spilled = len(outbox.spill), dict(outbox.spilled)
                dropped = {"queue full": outbox.dropped} if outbox.dropped else {}
            parts.append(
                DeliveryStats(queued=waiting, in_memory=spilled, dropped=dropped)
            )
        return total(parts)


shared: dict[tuple[Destination, OutboxFile | None], BackgroundConsumer] = {}
shared_apps: dict[object, Target] = {}
shared_outboxes: dict[OutboxFile, Outbox] = {}
making = threading.Lock()


def renew_lock() -> None:
    """Give a forked child a lock of its own; the parent may have held it."""
    global making
    making = threading.Lock()


at_fork(after_in_child=renew_lock)


def dispatch_for(settings: TrackingSettings) -> Dispatch:
    """Make the dispatch of an application; what it delivers with is shared.

    Args:
        settings: Checked settings, with a token.
    """
    mixpanel, customerio = destinations(settings)
    with making:
        outbox = outbox_of(settings)
        app = app_target(settings, mixpanel)
        return Dispatch(
            app or consumer_of(mixpanel, outbox),
            consumer_of(customerio, outbox) if customerio else None,
            outbox,
            may_block=app is not None,
        )


def destinations(
    settings: TrackingSettings,
) -> tuple[MixpanelDestination, CustomerioDestination | None]:
    """Say where the messages of an application go, and within which bounds."""
    celery_app = settings.celery_app if settings.consumer == "celery" else None
    if celery_app:
        check_celery(celery_app)
    bounds = (settings.queue_size, settings.request_timeout, settings.flush_timeout)
    mixpanel = MixpanelDestination(
        settings.base_url,
        *bounds,
        token=settings.token or "",
        service_account=settings.service_account,
        api_secret=settings.api_secret,
        celery_app=celery_app,
    )
    account = settings.customerio
    if account is None:
        return mixpanel, None
    return mixpanel, CustomerioDestination(account.base_url, *bounds, account=account)


def check_celery(name: str) -> None:
    """Import the Celery application; who is not there is missed at start-up.

    Its module may make trackers itself, so no lock is held.

    Raises:
        MissingExtraError: If Celery is not installed.
        MixpanelSettingsError: If there is no such application.
    """
    try:
        from mixpanel_pyramid.celery_sender import celery_application
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] != "kombu":
            raise
        raise MissingExtraError("mixpanel.consumer = celery", "celery") from error
    celery_application(name)


def outbox_of(settings: TrackingSettings) -> Outbox | None:
    """Give this process's outbox for a file, made on first use."""
    if settings.outbox is None:
        return None
    file = OutboxFile(settings.outbox, settings.outbox_sync, settings.outbox_max_mb)
    outbox = shared_outboxes.get(file)
    if outbox is None:
        outbox = shared_outboxes[file] = Outbox(file, settings.queue_size)
        watch_outbox(outbox)
    return outbox


def consumer_of(destination: Destination, outbox: Outbox | None) -> BackgroundConsumer:
    """Give this process's consumer for a destination, made on first use."""
    key = (destination, outbox.file if outbox else None)
    consumer = shared.get(key)
    if consumer is None:
        consumer = shared[key] = BackgroundConsumer(destination, outbox)
    return consumer


def app_target(
    settings: TrackingSettings, destination: MixpanelDestination
) -> Target | None:
    """Give what the application's own consumer stands behind, made on first use."""
    if settings.consumer in OURS:
        return None
    from mixpanel_pyramid.app_target import AppTarget, consumers_of

    key = (settings.consumer, destination, settings.structlog)
    target = shared_apps.get(key)
    if target is None:
        consumers = consumers_of(settings)
        target = shared_apps[key] = AppTarget(consumers, destination.token)
    return target
