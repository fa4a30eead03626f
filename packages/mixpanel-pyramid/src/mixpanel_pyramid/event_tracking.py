"""The tracker's calls that track events."""

from __future__ import annotations

import os
import time as clocks
from datetime import datetime

from mixpanel_pyramid.membership import check_event, unfolded
from mixpanel_pyramid.message_keeping import Build, MessageKeeper, Properties
from mixpanel_pyramid.replication import event_replica
from mixpanel_schema import Event, InvalidValueError, TypedEvent, event_message
from mixpanel_schema.json_values import Json
from mixpanel_schema.messages import library_version
from mixpanel_schema.plain_values import carry_plain

__all__ = ["EventTracking"]


class EventTracking(MessageKeeper):
    """Tracks events of the user whose messages it keeps.

    Attributes:
        global_event_props: Properties that every event carries.
    """

    global_event_props: Properties

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
        if (
            self.takes_short_way
            and type(event) is Event
            and distinct_id is None
            and time is None
            and insert_id is None
            and self.keep_shortly(event, props, skip_customerio)
        ):
            return
        self.keep_event(
            event,
            props,
            skip_customerio,
            distinct_id=distinct_id,
            time=time,
            insert_id=insert_id,
        )

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
        self.keep_event(
            event,
            props,
            skip_customerio,
            distinct_id=distinct_id,
            time=time,
            insert_id=insert_id,
            now=True,
        )

    def keep_shortly(
        self, event: Event, props: Properties | None, skip_customerio: bool
    ) -> bool:
        """Keep an event that needs no closer look; tell whether it was one."""
        who = self.taken_id
        if who is None or who is not self.known_distinct_id:
            who = self.plain_id()
        if who is None or self.global_event_props:
            return False
        settings, consumer = self.settings, self.consumer
        replicated = settings.customerio is not None and not skip_customerio
        body: dict[str, Json]
        if not replicated and consumer.DROP_SYSTEM_MESSAGE_PROPERTIES:
            body = {"distinct_id": who}
        else:
            body = {
                "distinct_id": who,
                "time": clocks.time(),
                "$insert_id": os.urandom(16).hex(),
                "mp_lib": "python",
                "$lib_version": library_version(),
            }
        values = props if type(props) is dict else dict(props or ())
        name = event.name
        kinds = settings.plan.event_kinds.get(name)
        if kinds is None or not carry_plain(values, kinds, body):
            return False
        if not replicated:
            consumer.keep_event(name, body)
        elif consumer.replicates_itself and settings.replicas.take_event(
            who, name, values
        ):
            consumer.keep_event(name, body, replicated=True)
        else:
            message: dict[str, Json] = {"event": name, "properties": body}
            self.keep_both("events", message, values, event_replica)
        return True

    def keep_event(
        self,
        event: Event | TypedEvent,
        props: Properties | None,
        skip_customerio: bool,
        *,
        distinct_id: str | None,
        time: float | datetime | None,
        insert_id: str | None,
        now: bool = False,
    ) -> None:
        """Build an event and keep it."""
        replicate = event_replica if self.replicates(skip_customerio) else None
        build, carried = self.prepared(event, props, distinct_id, time, insert_id)
        self.keep("events", build, carried, now=now, replicate=replicate)

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
