"""What each operation does to people and their events.

https://docs.customer.io/integrations/api/track/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from mixpanel_query.local.customerio.event_changes import EventChanges
from mixpanel_query.local.customerio.identifiers import Identifier
from mixpanel_query.local.customerio.identifying import (
    apply_identify,
    change_relationships,
)
from mixpanel_query.local.customerio.operations import Operation
from mixpanel_query.local.customerio.people import People, Person
from mixpanel_query.local.records.verdicts import Outcome
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["Done", "Workspace", "apply_operation"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the operations of a request work on.

    Attributes:
        people: The people whom they name.
        events: What becomes of events.
        now_ms: When the request arrived, in epoch milliseconds.
    """

    people: People
    events: EventChanges
    now_ms: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an operation.

    Attributes:
        outcome: As a verdict says it.
        problems: What is to be said of it.
        kept: What was kept, for somebody who looks at verdicts.
    """

    outcome: Outcome
    problems: tuple[str, ...] = ()
    kept: Any = None

    @property
    def properties(self) -> str:
        """The JSON text of what was kept; empty if nothing was."""
        return "" if self.kept is None else json.dumps(self.kept, ensure_ascii=False)


def apply_operation(space: Workspace, operation: Operation) -> Done:
    """Do one operation, and say what became of it."""
    if operation.action not in ("suppress", "unsuppress") and (
        space.people.is_suppressed(operation.identifiers)
    ):
        return Done("ignored", ("the person is suppressed",))
    return ACTIONS[operation.action](space, operation)


def identify(space: Workspace, operation: Operation) -> Done:
    """Add or update a person."""
    person, problems = apply_identify(
        space.people, space.events, operation, space.now_ms
    )
    said = (*operation.problems, *problems)
    if person is None:
        return Done("ignored", said)
    return Done("changed" if said else "kept", said, dict(operation.attributes))


def delete(space: Workspace, operation: Operation) -> Done:
    """Remove a person with all that is known of them."""
    person = space.people.find(whom(operation))
    if person is None:
        return Done("ignored", ("there is nobody to delete",))
    remove(space, person)
    return Done("kept")


def remove(space: Workspace, person: Person) -> None:
    """Remove a person and their events."""
    space.people.remove(person)
    space.events.forget(person.cio_id)


def event(space: Workspace, operation: Operation) -> Done:
    """Add an event."""
    happened = operation.event
    assert happened is not None
    cio_id = ""
    if operation.who is not None:
        person = find_or_add(space.people, operation.who)
        if person is None:
            return Done("ignored", ("nobody has this cio_id; the event is dropped",))
        cio_id = person.cio_id
    if not space.events.add(cio_id, happened):
        return Done("ignored", (f"it repeats the event {happened.ulid}",))
    said = operation.problems
    return Done("changed" if said else "kept", said, dict(happened.data))


def add_device(space: Workspace, operation: Operation) -> Done:
    """Add a device to a person, or update it."""
    person = find_or_add(space.people, whom(operation))
    if person is None:
        return Done("ignored", ("nobody has this cio_id; the device is dropped",))
    token = str(operation.device["id"])
    person.devices[token] = {**person.devices.get(token, {}), **operation.device}
    space.people.touch(person)
    return Done("kept", kept=person.devices[token])


def delete_device(space: Workspace, operation: Operation) -> Done:
    """Remove a device from a person."""
    person = space.people.find(whom(operation))
    if person is None or person.devices.pop(operation.device["id"], None) is None:
        return Done("ignored", ("the person has no such device",))
    space.people.touch(person)
    return Done("kept")


def suppress(space: Workspace, operation: Operation) -> Done:
    """Remove a person, and let nobody have their id and email address again."""
    who = whom(operation)
    person = space.people.find(who)
    named = [who] if person is None else person.identifiers
    if person:
        remove(space, person)
    space.people.suppress(named)
    return Done("kept")


def unsuppress(space: Workspace, operation: Operation) -> Done:
    """Let an identifier be used again; the person does not come back."""
    who = whom(operation)
    if not space.people.is_suppressed([who]):
        return Done("ignored", ("the person is not suppressed",))
    space.people.unsuppress(who)
    return Done("kept")


def merge(space: Workspace, operation: Operation) -> Done:
    """Move what a person has to another one who lacks it, and remove them.

    https://docs.customer.io/journeys/people/manage/merge-people/
    """
    people = space.people
    primary = people.find(whom(operation))
    secondary = people.find(operation.other) if operation.other else None
    if primary is None or secondary is None or primary is secondary:
        return Done("ignored", ("there are not two people to merge",))
    people.remove(secondary)
    for name, value in secondary.attributes.items():
        if primary.attributes.get(name) in (None, ""):
            primary.attributes[name] = value
            primary.updated[name] = secondary.updated.get(name, 0)
    for each in secondary.identifiers:
        if not primary.value_of(each.kind):
            rests_on("customerio-merge-identifiers")
            people.give(primary, each)
    space.events.move(secondary.cio_id, primary.cio_id)
    people.touch(primary)
    return Done("kept", kept=dict(primary.attributes))


def relate(space: Workspace, operation: Operation) -> Done:
    """Relate a person to objects, or no longer."""
    person = find_or_add(space.people, whom(operation))
    if person is None:
        return Done("ignored", ("nobody has this cio_id; nothing is related",))
    change_relationships(person, operation)
    space.people.touch(person)
    return Done("kept", kept=list(operation.relationships))


def find_or_add(people: People, who: Identifier) -> Person | None:
    """Return a person, who is added if that is possible."""
    person = people.find(who)
    if person is None and who.kind != "cio_id":
        rests_on("customerio-creates-person")
        return people.add(who)
    return person


def whom(operation: Operation) -> Identifier:
    """Return whom an operation is done to, which is known of all but events."""
    assert operation.who is not None
    return operation.who


ACTIONS: Final[dict[str, Callable[[Workspace, Operation], Done]]] = {
    "identify": identify,
    "delete": delete,
    "event": event,
    "add_device": add_device,
    "delete_device": delete_device,
    "suppress": suppress,
    "unsuppress": unsuppress,
    "merge": merge,
    "add_relationships": relate,
    "delete_relationships": relate,
}
