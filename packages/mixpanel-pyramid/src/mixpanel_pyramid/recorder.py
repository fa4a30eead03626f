"""The recorder: what an application tracked, and assertions about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from mixpanel_pyramid.assertion_texts import (
    TRACKED,
    differences,
    missing_event,
    missing_update,
    title_of,
    unexpected_event,
)
from mixpanel_pyramid.journal import Entry
from mixpanel_pyramid.membership import unfolded
from mixpanel_pyramid.recorded_messages import (
    GroupUpdate,
    ProfileUpdate,
    TrackedEvent,
    group_update,
    profile_update,
    tracked_event,
)
from mixpanel_schema import Event, Property, TypedEvent
from mixpanel_schema.json_values import Json

__all__ = ["Recorder"]

AnyEvent = Event | TypedEvent | type[TypedEvent]
Properties = Mapping[Property, object]
Update = TypeVar("Update")


class Recorder:
    """What an application's requests tracked, from any thread.

    Only what was released counts: what a failed request tracked is not there, but the
    failure of ``assert_tracked`` says what became of it. Where the test itself holds
    a transaction open around the request, nothing is ever committed; what the request
    would have committed counts until the test aborts the transaction.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def __repr__(self) -> str:
        return f"<Recorder: {len(self.released())} messages>"

    @property
    def messages(self) -> list[dict[str, Json]]:
        """What was released, in that order, as ``{"endpoint": …, "msg": {…}}``.

        As in ``mocked_messages``, without token, time and insert id.
        """
        return [
            {"endpoint": entry.endpoint, "msg": dict(entry.document)}
            for entry in self.released()
        ]

    @property
    def events(self) -> list[TrackedEvent]:
        """All events that were released."""
        return [tracked_event(entry) for entry in self.released("events")]

    @property
    def profile_updates(self) -> list[ProfileUpdate]:
        """All changes of users' profiles that were released."""
        return [profile_update(entry) for entry in self.released("people")]

    @property
    def group_updates(self) -> list[GroupUpdate]:
        """All changes of groups' profiles that were released."""
        return [group_update(entry) for entry in self.released("groups")]

    @property
    def customerio_messages(self) -> list[dict[str, Json]]:
        """All copies for Customer.io that were released."""
        return [dict(entry.document) for entry in self.released("customer.io")]

    def released(self, endpoint: str = "") -> list[Entry]:
        """Give the entries of what was released, in that order."""
        found = [
            entry
            for entry in list(self.entries)
            if entry.state in TRACKED and endpoint in ("", entry.endpoint)
        ]
        return sorted(found, key=lambda entry: entry.departure)

    def clear(self) -> None:
        """Forget what was recorded so far."""
        self.entries.clear()

    def tracked(self, event: AnyEvent) -> list[TrackedEvent]:
        """Give all that was released of an event.

        Args:
            event: The event, or the class of a typed event. Of an instance, only
                events with its values are given.
        """
        declared, expected = looked_for(event, None)
        return [
            found
            for found in self.events
            if found.name == declared.name
            and not differences(expected, found.properties)
        ]

    def assert_tracked(
        self,
        event: AnyEvent,
        props: Properties | None = None,
        *,
        distinct_id: str | None = None,
    ) -> None:
        """Fail unless an event was tracked, and released.

        Args:
            event: The event, or a typed event: its class, or an instance whose values
                the event must carry.
            props: What it must carry; it may carry more.
            distinct_id: Whose it must be, if that matters.

        Raises:
            AssertionError: If it was not; it says what was tracked instead.
        """
        __tracebackhide__ = True
        declared, expected = looked_for(event, props)
        found = [e for e in self.events if e.name == declared.name]
        if not found:
            raise AssertionError(missing_event(declared.name, list(self.entries)))
        wrong = []
        for one in found:
            problems = differences(expected, one.properties)
            if distinct_id not in (None, one.distinct_id):
                problems.append(f"it is of {one.distinct_id!r}, not {distinct_id!r}")
            if not problems:
                return
            wrong.append(f"\n  {one.where}: {'; '.join(problems)}")
        raise AssertionError(
            f"{declared.name!r} was tracked, but not so:{''.join(wrong[:20])}"
        )

    def assert_not_tracked(self, event: AnyEvent) -> None:
        """Fail if an event was tracked, and released.

        Args:
            event: The event, or a typed event: its class, or an instance whose values
                no event may carry.

        Raises:
            AssertionError: If it was; it says where, and what it carried.
        """
        __tracebackhide__ = True
        declared, expected = looked_for(event, None)
        found = [
            entry
            for entry in self.released("events")
            if title_of(entry) == declared.name
            and not differences(expected, tracked_event(entry).properties)
        ]
        if found:
            raise AssertionError(unexpected_event(declared.name, found))

    def assert_profile_updated(
        self,
        props: Properties,
        operation: str = "$set",
        *,
        distinct_id: str | None = None,
    ) -> None:
        """Fail unless a user's profile was changed so.

        Args:
            props: What the change must hold; it may hold more.
            operation: What is done with it, such as ``"$add"``.
            distinct_id: Whose profile it must be, if that matters.

        Raises:
            AssertionError: If it was not; it says what was changed instead.
        """
        __tracebackhide__ = True
        who = "" if distinct_id is None else f" of {distinct_id!r}"
        expect(
            self.profile_updates,
            lambda update: (
                update.operation == operation
                and distinct_id in (None, update.distinct_id)
                and not differences(props, update.values)
            ),
            lambda: missing_update(
                f"no profile{who} was changed by {operation} {shown(props)}",
                list(self.entries),
                "people",
            ),
        )

    def assert_group_updated(
        self, group_key: str, group_id: str, props: Properties, operation: str = "$set"
    ) -> None:
        """Fail unless a group's profile was changed so.

        Args:
            group_key: The kind of group.
            group_id: Which group.
            props: What the change must hold; it may hold more.
            operation: What is done with it, such as ``"$union"``.

        Raises:
            AssertionError: If it was not; it says what was changed instead.
        """
        __tracebackhide__ = True
        group = (group_key, group_id, operation)
        expect(
            self.group_updates,
            lambda update: (
                (update.group_key, update.group_id, update.operation) == group
                and not differences(props, update.values)
            ),
            lambda: missing_update(
                f"{group_key} {group_id!r} was not changed by {operation} "
                f"{shown(props)}",
                list(self.entries),
                "groups",
            ),
        )


def expect(
    updates: list[Update], is_it: Callable[[Update], bool], failure: Callable[[], str]
) -> None:
    """Fail unless one of the updates is the expected one."""
    __tracebackhide__ = True
    if not any(map(is_it, updates)):
        raise AssertionError(failure())


def shown(props: Properties) -> dict[str, object]:
    """Give properties by their names."""
    return {prop.name: value for prop, value in props.items()}


def looked_for(event: AnyEvent, props: Properties | None) -> tuple[Event, Properties]:
    """Settle which event a test asks for, and what it is to carry."""
    if isinstance(event, type) and issubclass(event, TypedEvent):
        return event.__event__, props or {}
    if isinstance(event, (Event, TypedEvent)):
        return unfolded(event, props)
    given = f"event {event!r} is a {type(event).__name__}"
    raise TypeError(f"{given}; give an Event, or a typed event")
