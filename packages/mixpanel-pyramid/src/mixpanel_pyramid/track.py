"""The tracker: ``request.mixpanel``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, cast

from mixpanel_pyramid.aliases import Aliases
from mixpanel_pyramid.consumer import BufferConsumer, MockedConsumer, TrackerConsumer
from mixpanel_pyramid.event_tracking import EventTracking
from mixpanel_pyramid.exceptions import MissingExtraError
from mixpanel_pyramid.former_names import (
    PropertiesType,
    SettingsType,
    distinct_id_is_required,
    mixpanel_flush,
)
from mixpanel_pyramid.group_updates import GroupUpdates
from mixpanel_pyramid.message_keeping import Properties
from mixpanel_pyramid.observation import journal_of_process, settings_of_process
from mixpanel_pyramid.profile_updates import ProfileUpdates
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_pyramid.structured_logging import log_through_structlog

if TYPE_CHECKING:
    from pyramid.request import Request  # type: ignore[import-untyped]

    from mixpanel_pyramid.official_api import DeferredMixpanel
    from mixpanel_pyramid.official_customerio import OfficialCustomerIO

__all__ = [
    "MixpanelTrack",
    "PropertiesType",
    "SettingsType",
    "distinct_id_is_required",
    "mixpanel_flush",
    "mixpanel_init",
    "stand_alone_consumer",
]

logger = logging.getLogger(__name__)


class MixpanelTrack(EventTracking, ProfileUpdates, GroupUpdates, Aliases):
    """Tracks events and changes profiles, with names from the application's plan.

    In a view it is ``request.mixpanel``, and what is tracked waits for the end of
    the request. Made by hand, for a script or a task, it hands over at each call, to
    the delivery that all of this process share. Use it in a ``with``, which waits for
    the delivery at its end: tasks of RQ and Celery end without another chance.

    Args:
        settings: The application's settings (``mixpanel.*``).
        distinct_id: Whose events these are.
        global_event_props: Properties that every event carries.
        consumer: Takes the messages; by default the delivery that this process
            shares, or a ``MockedConsumer`` where the settings say to record.
        find_distinct_id: Gives the distinct id when it is first needed.

    Attributes:
        events: The application's catalogue of events.
        event_properties: Its catalogue of what events may carry.
        profile_properties: Its catalogue of what profiles may have.
        profile_meta_properties: Its catalogue of what may stand beside an update.
        group_properties: Its catalogue of what groups may have.
        global_event_props: Properties that every event carries.

    Raises:
        MixpanelSettingsError: If the settings cannot work.
    """

    def __init__(
        self,
        settings: Mapping[str, object] | TrackingSettings,
        distinct_id: str | None = None,
        global_event_props: Properties | None = None,
        *,
        consumer: TrackerConsumer | None = None,
        find_distinct_id: Callable[[], object] | None = None,
    ) -> None:
        if not isinstance(settings, TrackingSettings):
            settings = read_settings(settings)
        if consumer is None:
            settings = settings_of_process(settings)
            consumer = stand_alone_consumer(settings)
        super().__init__(settings, consumer, distinct_id, find_distinct_id)
        self.events = settings.events
        self.event_properties = settings.event_properties
        self.profile_properties = settings.profile_properties
        self.profile_meta_properties = settings.profile_meta_properties
        self.group_properties = settings.group_properties
        self.global_event_props: Properties = global_event_props or {}
        self.official: DeferredMixpanel | None = None
        self.recording_cio: OfficialCustomerIO | None = None

    @property
    def api(self) -> DeferredMixpanel:
        """The official library's object; its calls obey the deferral too."""
        if self.official is None:
            from mixpanel_pyramid.official_api import official_api

            settings = self.settings
            counts = None if settings.refuses_invalid else settings.invalid_counts
            self.official = official_api(self.token, self.consumer, counts)
        return self.official

    @property
    def cio(self) -> OfficialCustomerIO | None:
        """The official ``customerio`` library's client; None without such settings.

        Its calls are made at once. While recording they are recorded instead.

        Raises:
            MissingExtraError: If the library is not installed.
        """
        account = self.settings.customerio
        if account is None:
            return None
        if self.recording_cio is not None:
            return self.recording_cio
        library = customerio_library()
        client: OfficialCustomerIO
        if self.is_recording:
            client = library.RecordingCustomerIO(account, self.consumer)
            self.recording_cio = client
        else:
            timeout = self.settings.request_timeout
            client = library.shared_customerio(account, timeout)
        return client

    @property
    def mocked_messages(self) -> list[dict[str, object]]:
        """What was recorded; there is such a thing only while recording."""
        if not isinstance(self.consumer, MockedConsumer):
            message = (
                "mocked_messages is there only while recording; "
                "set mixpanel.token to false to record"
            )
            raise AttributeError(message)
        return cast("list[dict[str, object]]", self.consumer.mocked_messages)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until what this process handed over so far is delivered.

        In a request it does nothing, as messages leave when the request is over.

        Args:
            timeout: Seconds to wait at most.

        Returns:
            Whether nothing of it waits any more.
        """
        return self.consumer.flush(timeout)

    def __enter__(self) -> MixpanelTrack:
        return self

    def __exit__(self, *exception: object) -> None:
        timeout = self.settings.flush_timeout
        if not self.flush(timeout):
            text = "Mixpanel messages still wait after mixpanel.flush_timeout, %g s"
            logger.warning(text, timeout)


def mixpanel_init(request: Request) -> MixpanelTrack:
    """Give the tracker of a request, as pyramid_mixpanel's function of this name.

    ``config.include`` makes it on first use. A request that has none, such as the
    ``DummyRequest`` of a test, gets one of its own from the settings of its registry.
    """
    tracker = getattr(request, "mixpanel", None)
    if isinstance(tracker, MixpanelTrack):
        return tracker
    user = getattr(request, "user", None)
    distinct_id = getattr(user, "distinct_id", None)
    return MixpanelTrack(request.registry.settings, distinct_id)


def stand_alone_consumer(settings: TrackingSettings) -> TrackerConsumer:
    """Make the consumer of a tracker that belongs to no request."""
    if settings.structlog:
        log_through_structlog()
    if settings.token is None:
        return MockedConsumer(journal=journal_of_process())
    from mixpanel_pyramid.dispatch import dispatch_for
    from mixpanel_pyramid.start_up import take_up_backlog

    delivery = dispatch_for(settings)
    take_up_backlog(delivery)
    return BufferConsumer(
        settings.token, delivery.put, wait_for_delivery=delivery.flush
    )


def customerio_library() -> ModuleType:
    """Import what needs the official ``customerio`` library."""
    try:
        from mixpanel_pyramid import official_customerio
    except ModuleNotFoundError as error:
        if error.name != "customerio":
            raise
        raise MissingExtraError("request.mixpanel.cio", "customerio") from error
    return official_customerio
