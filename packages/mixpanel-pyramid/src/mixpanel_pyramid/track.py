"""The tracker: ``request.mixpanel``."""

from __future__ import annotations

import logging
import os
import time as clocks
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from mixpanel_pyramid.consumer import BufferConsumer, MockedConsumer, TrackerConsumer
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.invalid_values import leave_out_invalid, mended
from mixpanel_pyramid.membership import check_event, check_profile, unfolded
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_schema import (
    Event,
    InvalidValueError,
    Property,
    TypedEvent,
    event_message,
    profile_message,
)
from mixpanel_schema.json_values import Json

if TYPE_CHECKING:
    from mixpanel_pyramid.official_api import DeferredMixpanel

__all__ = ["MixpanelTrack", "stand_alone_consumer"]

logger = logging.getLogger(__name__)

RECORDING_TOKEN = "testing"  # noqa: S105  # stands where a token would

Properties = Mapping[Property, object]


class MixpanelTrack:
    """Tracks events and sets profiles, with names from the application's plan.

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
        self.settings = settings
        self.events = settings.events
        self.event_properties = settings.event_properties
        self.profile_properties = settings.profile_properties
        self.profile_meta_properties = settings.profile_meta_properties
        self.global_event_props: Properties = global_event_props or {}
        self.consumer = consumer or stand_alone_consumer(settings)
        self.find_distinct_id = None if distinct_id else find_distinct_id
        self.known_distinct_id: object = distinct_id
        self.official: DeferredMixpanel | None = None

    @property
    def distinct_id(self) -> object:
        """Whose events these are; None while nobody is known."""
        if self.find_distinct_id is not None:
            self.known_distinct_id = self.find_distinct_id()
            if self.known_distinct_id:
                self.find_distinct_id = None
        return self.known_distinct_id

    @distinct_id.setter
    def distinct_id(self, value: object) -> None:
        self.find_distinct_id = None
        self.known_distinct_id = value

    @property
    def is_recording(self) -> bool:
        """Whether messages are recorded instead of sent."""
        return self.settings.token is None

    @property
    def api(self) -> DeferredMixpanel:
        """The official library's object; its calls obey the deferral too."""
        if self.official is None:
            from mixpanel_pyramid.official_api import official_api

            self.official = official_api(
                self.token, self.consumer, strict=self.is_recording
            )
        return self.official

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

    @property
    def token(self) -> str:
        """The token that messages carry."""
        return self.settings.token or RECORDING_TOKEN

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

        self.keep("events", build, carried)

    def profile_set(
        self,
        props: Properties,
        meta: Properties | None = None,
        skip_customerio: bool = False,
    ) -> None:
        """Set properties of the user's profile, which is made if there is none.

        Args:
            props: The properties; keys are members of ``profile_properties``.
                Nothing in it is changed, and later changes to it do not matter.
            meta: What is said of the update itself, such as ``$ip``; keys are members
                of ``profile_meta_properties``.
            skip_customerio: Do not replicate to Customer.io. It has an effect only
                where Customer.io is configured.

        Raises:
            DistinctIdMissingError: If it is not known whose profile it is.
            UndeclaredNameError: If a property is not in the plan.
            InvalidValueError: While recording, if something cannot be sent. In
                production text is cut, other values are left out, and it is logged.
        """
        who = self.whose(None)
        now = clocks.time()
        if meta and not self.is_recording:
            meta = leave_out_invalid(meta)

        def build(properties: Properties) -> dict[str, Json]:
            check_profile(self.settings.plan, properties, meta)
            return profile_message(
                "$set",
                properties,
                token=self.token,
                distinct_id=who,
                time=now,
                meta=meta,
            )

        self.keep("people", build, props)

    def keep(
        self,
        endpoint: str,
        build: Callable[[Properties], dict[str, Json]],
        props: Properties,
    ) -> None:
        """Build a message and give it to the consumer.

        Args:
            endpoint: Where the message goes.
            build: Makes the message of properties.
            props: The properties.

        Raises:
            InvalidValueError: While recording, if a value cannot be sent; else it is
                mended or left out, and logged.
        """
        try:
            message = build(props)
        except InvalidValueError:
            if self.is_recording:
                raise
            try:
                message = build(mended(props, build))
            except InvalidValueError as error:
                logger.error("a Mixpanel message is not sent: %s", error)
                return
        self.consumer.keep(endpoint, message)

    def whose(self, distinct_id: str | None) -> str:
        """Settle whose message it is; ids are text in Mixpanel."""
        who = self.distinct_id if distinct_id is None else distinct_id
        if not who:
            raise DistinctIdMissingError
        return who if type(who) is str else str(who)


def stand_alone_consumer(settings: TrackingSettings) -> TrackerConsumer:
    """Make the consumer of a tracker that belongs to no request."""
    if settings.token is None:
        return MockedConsumer()
    from mixpanel_pyramid.background import shared_consumer

    return BufferConsumer(shared_consumer(settings.destination()).put)
