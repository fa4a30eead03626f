"""The tracker: ``request.mixpanel``."""

from __future__ import annotations

import os
import time as clocks
from collections.abc import Callable, Mapping
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, cast

from mixpanel_pyramid.alias_messages import alias_message
from mixpanel_pyramid.consumer import BufferConsumer, MockedConsumer, TrackerConsumer
from mixpanel_pyramid.exceptions import MissingExtraError
from mixpanel_pyramid.group_updates import GroupUpdates
from mixpanel_pyramid.membership import check_event, unfolded
from mixpanel_pyramid.message_keeping import Build, Properties
from mixpanel_pyramid.profile_updates import ProfileUpdates
from mixpanel_pyramid.replication import event_replica
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_schema import Event, InvalidValueError, TypedEvent, event_message
from mixpanel_schema.json_values import Json

if TYPE_CHECKING:
    from mixpanel_pyramid.official_api import DeferredMixpanel
    from mixpanel_pyramid.official_customerio import OfficialCustomerIO

__all__ = ["MixpanelTrack", "stand_alone_consumer"]


class MixpanelTrack(ProfileUpdates, GroupUpdates):
    """Tracks events and changes profiles, with names from the application's plan.

    In a view it is ``request.mixpanel``, and what is tracked waits for the end of
    the request. Made by hand, for a script, it hands over at each call; then call
    ``mixpanel_pyramid.flush`` or let the process exit in the ordinary way.

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
        consumer = consumer or stand_alone_consumer(settings)
        super().__init__(settings, consumer, distinct_id, find_distinct_id)
        self.events = settings.events
        self.event_properties = settings.event_properties
        self.profile_properties = settings.profile_properties
        self.profile_meta_properties = settings.profile_meta_properties
        self.group_properties = settings.group_properties
        self.global_event_props: Properties = global_event_props or {}
        self.official: DeferredMixpanel | None = None

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
        library = customerio_library()
        client: OfficialCustomerIO
        if self.is_recording:
            client = library.RecordingCustomerIO(account, self.consumer)
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

    def track(
        self,
        event: Event | TypedEvent,
        props: Properties | None = None,
        skip_customerio: bool = False,
        *,
        distinct_id: str | None = None,
        time: float | datetime | None = None,
        insert_id: str | None = None,
    ) -> None:
        """Track an event.

        Args:
            event: A member of ``events``, or a typed event of the setting
                ``mixpanel.typed_events``, which brings its properties with it.
            props: What is said of it; keys are members of ``event_properties``, or
                of what the event itself lists, and values win over
                ``global_event_props``. Nothing in it is changed, and later changes
                to it do not matter.
            skip_customerio: Do not replicate to Customer.io. It has an effect only
                where Customer.io is configured.
            distinct_id: Whose event it is, if not the tracker's.
            time: When it happened: epoch seconds, or a datetime (naive ones are
                UTC); now by default. Mixpanel takes at most five days.
            insert_id: What makes it this event and no other, to count once what is
                tracked twice: up to 36 of A-Z, a-z, 0-9 and ``-``; random by default.

        Raises:
            DistinctIdMissingError: If it is not known whose event it is.
            UndeclaredNameError: If the event or a property is not in the plan.
            InvalidValueError: While recording, if something cannot be sent. In
                production text is cut, other values are left out, and it is logged.
        """
        build, carried = self.prepared(event, props, distinct_id, time, insert_id)
        replicate = event_replica if self.replicates(skip_customerio) else None
        self.keep("events", build, carried, replicate=replicate)

    def track_now(
        self,
        event: Event | TypedEvent,
        props: Properties | None = None,
        skip_customerio: bool = False,
        *,
        distinct_id: str | None = None,
        time: float | datetime | None = None,
        insert_id: str | None = None,
    ) -> None:
        """Track an event that stands, whatever becomes of the request.

        It is handed to the delivery at once, past the verdict on the request and on
        those around it, as for a "Login Failed" before ``raise HTTPForbidden``.
        Nothing is sent while the view waits. Arguments and errors are as for
        ``track``.
        """
        build, carried = self.prepared(event, props, distinct_id, time, insert_id)
        replicate = event_replica if self.replicates(skip_customerio) else None
        self.keep("events", build, carried, now=True, replicate=replicate)

    def alias(self, alias_id: str, original: str | None = None) -> None:
        """Say that another id is of the same user, in a project of Original ID Merge.

        What was or will be tracked under the alias is the user's. It waits for the end
        of the request like everything else, and travels alone, in its place in the
        order. Where a project has Simplified ID Merge, Mixpanel ignores it:
        https://docs.mixpanel.com/docs/tracking-methods/id-management

        Args:
            alias_id: The further id; it can stand for one user only, for good.
            original: Whose it is, if not the tracker's distinct id.

        Raises:
            DistinctIdMissingError: If it is not known whose it is.
            InvalidValueError: While recording, if one of the two is no id, or both are
                the same. In production it is not sent then, and logged.
        """
        who, now, unique = self.whose(original), clocks.time(), os.urandom(16).hex()

        def build(properties: Properties) -> dict[str, Json]:
            return alias_message(
                str(alias_id), who, token=self.token, time=now, insert_id=unique
            )

        self.keep("events", build, {})

    def prepared(
        self,
        event: Event | TypedEvent,
        props: Properties | None,
        distinct_id: str | None,
        time: float | datetime | None,
        insert_id: str | None,
    ) -> tuple[Build, Properties]:
        """Settle all of an event but its properties, which may yet need mending.

        Returns:
            What builds the message of properties, and the properties.
        """
        who = self.whose(distinct_id)
        when = clocks.time() if time is None else time
        unique = os.urandom(16).hex() if insert_id is None else insert_id
        declared, carried = unfolded(event, props)
        everywhere = self.global_event_props
        if everywhere:
            carried = {**everywhere, **carried}

        def build(properties: Properties) -> dict[str, Json]:
            check_event(self.settings.plan, declared, properties, everywhere)
            if not unique:
                raise InvalidValueError("insert_id is empty; give one, or leave it out")
            return event_message(
                declared,
                properties,
                token=self.token,
                distinct_id=who,
                time=when,
                insert_id=unique,
            )

        return build, carried


def stand_alone_consumer(settings: TrackingSettings) -> TrackerConsumer:
    """Make the consumer of a tracker that belongs to no request."""
    if settings.token is None:
        return MockedConsumer()
    from mixpanel_pyramid.dispatch import dispatch_for

    return BufferConsumer(settings.token, dispatch_for(settings).put)


def customerio_library() -> ModuleType:
    """Import what needs the official ``customerio`` library."""
    try:
        from mixpanel_pyramid import official_customerio
    except ModuleNotFoundError as error:
        if error.name != "customerio":
            raise
        raise MissingExtraError("request.mixpanel.cio", "customerio") from error
    return official_customerio
