"""The tracking plan: everything that may be tracked, and the check against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from mixpanel_schema.catalogues import Catalogue, members
from mixpanel_schema.definitions import by_name, marked, refuse_problems
from mixpanel_schema.events import Event, Events
from mixpanel_schema.exceptions import UndeclaredNameError
from mixpanel_schema.json_values import Json
from mixpanel_schema.messages import event_message
from mixpanel_schema.plain_values import OWN_NAMES, PlainKinds, plain_kinds
from mixpanel_schema.plan_checks import (
    Checks,
    TypedChecks,
    as_values,
    check_properties,
    compared,
    property_checks,
    undeclared,
)
from mixpanel_schema.profile_messages import group_message, profile_message
from mixpanel_schema.properties import (
    EventProperties,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)
from mixpanel_schema.typed_events import (
    TypedEvent,
    declared_event,
    typed_class,
    typed_values,
)

__all__ = ["TrackingPlan"]

Catalogues = type[Catalogue] | Catalogue


class TrackingPlan:
    """Every event and property that an app may send.

    Build one at start-up and share it: it never changes, so that any number of
    threads may use it at once. A check costs the same however large the plan is.

    Args:
        events: Catalogue of events, class or instance, like all of them.
        event_properties: Catalogue of properties that events may carry, where an
            event does not list its own.
        profile_properties: Catalogue of properties that profiles may have.
        profile_meta_properties: Catalogue of what may stand beside an update.
        group_properties: Catalogue of properties that groups may have.
        typed_events: Classes of typed events.
        lint_ignore: Rules of the naming lint that do not hold in this plan, each with
            the reason: ``{"title-case": "…"}``, or for one name alone
            ``{"title-case: iPhone Paired": "…"}``.

    Attributes:
        events: Every event, by name, typed ones included.
        event_properties: Every property of events, by name.
        shared_event_properties: Those of them that an event without a list of its own
            may carry, by name.
        profile_properties: Every property of profiles, by name.
        profile_meta_properties: Everything that may stand beside an update, by name.
        group_properties: Every property of groups, by name.
        event_kinds: By event name, what ``plain_values.carry_plain`` copies into its
            message.
        profile_kinds: The same for what a profile is to have.

    Raises:
        DuplicateNameError: If one name is declared with conflicting definitions;
            all problems are reported together.
        ReservedNameError: If a name is one that only Mixpanel's server may set.
        MixpanelSchemaError: If a catalogue holds what does not belong there.

    >>> class MyEvents(Events):
    ...     site_deployed = Event("Site Deployed")
    >>> plan = TrackingPlan(events=MyEvents)
    >>> plan.check_event(MyEvents.site_deployed, {EventProperties.title: "Home"})
    >>> plan.check_event(Event("Site Deplyed"))
    Traceback (most recent call last):
    mixpanel_schema.exceptions.UndeclaredNameError: event 'Site Deplyed' is not in \
the tracking plan; nearest is 'Site Deployed': declare it in the plan's catalogue
    """

    refuses_server_names: ClassVar[bool] = True

    def __init__(
        self,
        *,
        events: Catalogues = Events,
        event_properties: Catalogues = EventProperties,
        profile_properties: Catalogues = ProfileProperties,
        profile_meta_properties: Catalogues = ProfileMetaProperties,
        group_properties: Catalogues = GroupProperties,
        typed_events: Iterable[type[TypedEvent]] = (),
        lint_ignore: Mapping[str, str] | None = None,
    ) -> None:
        self.lint_ignore: Mapping[str, str] = dict(lint_ignore or {})
        conflicts: list[str] = []
        typed_events = tuple(map(typed_class, typed_events))
        typed = [(cls.__qualname__, cls.__event__) for cls in typed_events]
        known = by_name("event", [*members(events, Event).items(), *typed], conflicts)
        shared = members(event_properties, Property)
        listed = {
            f"{event.name}.{prop.name}": prop
            for event in known.values()
            for prop in event.properties or ()
        }
        self.event_properties: Mapping[str, Property] = by_name(
            "event property", [*shared.items(), *listed.items()], conflicts
        )
        self.events: Mapping[str, Event] = {
            name: marked(event, self.event_properties) for name, event in known.items()
        }
        self.profile_properties, self.profile_meta_properties, self.group_properties = (
            by_name(kind, members(given, Property).items(), conflicts)
            for kind, given in (
                ("profile property", profile_properties),
                ("profile meta property", profile_meta_properties),
                ("group property", group_properties),
            )
        )
        names: Mapping[str, Iterable[str]] = {
            "event": self.events,
            "event property": self.event_properties,
            "profile property": self.profile_properties,
            "profile meta property": self.profile_meta_properties,
            "group property": self.group_properties,
        }
        refuse_problems(conflicts, names if self.refuses_server_names else {})
        self.shared_event_properties: Mapping[str, Property] = {
            prop.name: self.event_properties[prop.name] for prop in shared.values()
        }
        common = property_checks(self.shared_event_properties.values())
        self._event_checks: Mapping[str, Checks] = {
            name: common
            if event.properties is None
            else property_checks(event.properties)
            for name, event in self.events.items()
        }
        self._typed_checks: Mapping[object, TypedChecks] = {
            cls: TypedChecks(cls) for cls in typed_events
        }
        self._profile_checks = property_checks(self.profile_properties.values())
        self._meta_checks = property_checks(self.profile_meta_properties.values())
        self._group_checks = property_checks(self.group_properties.values())
        shared_kinds = plain_kinds(common, OWN_NAMES)
        self.event_kinds: Mapping[str, PlainKinds] = {
            name: shared_kinds
            if event.properties is None
            else plain_kinds(self._event_checks[name], OWN_NAMES)
            for name, event in self.events.items()
        }
        self.profile_kinds = plain_kinds(self._profile_checks)

    def check_event(
        self,
        event: Event | TypedEvent | type[TypedEvent],
        properties: Mapping[Property, object] | Iterable[Property] | None = None,
    ) -> None:
        """Refuse an event, or a property of it, that the plan does not hold.

        Args:
            event: The event; a typed event brings its properties with it.
            properties: What it carries: properties with their values, or properties
                alone where the values are not yet known.

        Raises:
            UndeclaredNameError: If the event or a property is not in the plan, or a
                property is not among those that the event lists.
            InvalidValueError: If a value is not of the property's declared type.
        """
        if type(event) is not Event:
            own = self._typed_checks.get(type(event))
            if own is not None:
                own.check(vars(event).values())
                if not properties:
                    return
            elif isinstance(event, TypedEvent):
                # Of a class that is not in the plan, though its name may be.
                properties = dict(typed_values(event)) | dict(as_values(properties))
            event = declared_event(event, self.events)
        found = self._event_checks.get(event.name)
        if found is None:
            raise UndeclaredNameError(undeclared("event", event, self.events))
        if properties:
            check_properties("event property", properties, found)

    def check_profile(
        self,
        properties: Mapping[Property, object] | Iterable[Property],
        meta: Mapping[Property, object] | Iterable[Property] | None = None,
    ) -> None:
        """Refuse profile or meta properties that the plan does not hold.

        Raises:
            UndeclaredNameError: If one of them is not in the plan.
            InvalidValueError: If a value is not of the property's declared type.
        """
        check_properties("profile property", properties, self._profile_checks)
        if meta:
            check_properties("profile meta property", meta, self._meta_checks)

    def check_group(
        self, properties: Mapping[Property, object] | Iterable[Property]
    ) -> None:
        """Refuse group properties that the plan does not hold.

        Raises:
            UndeclaredNameError: If one of them is not in the plan.
            InvalidValueError: If a value is not of the property's declared type.
        """
        check_properties("group property", properties, self._group_checks)

    def event_message(
        self,
        event: Event | TypedEvent | type[TypedEvent],
        properties: Mapping[Property, object] | None = None,
        *,
        token: str,
        distinct_id: str,
        time: float | datetime,
        insert_id: str,
    ) -> dict[str, Json]:
        """Check an event and build its message, in one call.

        Arguments and errors are those of ``check_event`` and of
        ``mixpanel_schema.event_message``.

        >>> TrackingPlan().event_message(
        ...     Event("Page Veiwed"), token="t", distinct_id="u1", time=0, insert_id="i"
        ... )
        Traceback (most recent call last):
        mixpanel_schema.exceptions.UndeclaredNameError: event 'Page Veiwed' is not in \
the tracking plan; nearest is 'Page Viewed': declare it in the plan's catalogue
        """
        self.check_event(event, properties)
        return event_message(
            event,
            properties,
            token=token,
            distinct_id=distinct_id,
            time=time,
            insert_id=insert_id,
        )

    def profile_message(
        self,
        operation: str,
        value: Mapping[Property, object] | Iterable[Property] | None = None,
        *,
        token: str,
        distinct_id: str,
        time: float | datetime,
        meta: Mapping[Property, object] | None = None,
    ) -> dict[str, Json]:
        """Check a change of a profile and build its message, in one call.

        Arguments and errors are those of ``mixpanel_schema.profile_message`` and of
        ``check_profile``. What ``$append`` and ``$remove`` take is one item of a list,
        so that their values are not compared with the declared type.
        """
        value, checked = compared(operation, value)
        self.check_profile(checked, meta)
        return profile_message(
            operation, value, token=token, distinct_id=distinct_id, time=time, meta=meta
        )

    def group_message(
        self,
        operation: str,
        value: Mapping[Property, object] | Iterable[Property] | None = None,
        *,
        token: str,
        group_key: str,
        group_id: str,
        time: float | datetime,
    ) -> dict[str, Json]:
        """Check a change of a group and build its message, as ``profile_message`` does.

        Arguments are those of ``mixpanel_schema.group_message``.
        """
        value, checked = compared(operation, value)
        self.check_group(checked)
        return group_message(
            operation,
            value,
            token=token,
            group_key=group_key,
            group_id=group_id,
            time=time,
        )
