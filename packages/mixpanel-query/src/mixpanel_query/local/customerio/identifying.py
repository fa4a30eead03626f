"""Adding and updating a person.

https://docs.customer.io/integrations/api/track/#operation/identify
"""

from __future__ import annotations

from typing import Any, Final

from mixpanel_query.local.customerio.event_changes import EventChanges
from mixpanel_query.local.customerio.identifiers import Identifier
from mixpanel_query.local.customerio.limits import MOST_ATTRIBUTES
from mixpanel_query.local.customerio.operations import Operation
from mixpanel_query.local.customerio.people import People, Person
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["apply_identify", "change_relationships"]

TOPICS: Final = "cio_subscription_preferences.topics."


def apply_identify(
    people: People, events: EventChanges, operation: Operation, now_ms: int
) -> tuple[Person | None, list[str]]:
    """Add or update a person.

    Returns:
        The person, or None if nothing was done; and what is to be said of it.
    """
    person = person_to_update(people, operation)
    if person is None:
        return None, [why_nobody(operation)]
    problems = give_identifiers(people, person, operation)
    time = operation.timestamp
    at = now_ms if time is None else time * 1000
    for name, value in operation.attributes.items():
        if name not in ("id", "email", "cio_id"):
            problems += set_attribute(person, name, value, at)
        elif value in (None, "") and person.value_of(name):
            rests_on("customerio-empty-attribute")
            problems.append(f"an empty {name} does not remove the one that is set")
    anonymous = operation.attributes.get("anonymous_id")
    if isinstance(anonymous, str) and anonymous:
        rests_on("customerio-event-merging")
        events.link(anonymous, person.cio_id)
    change_relationships(person, operation)
    people.touch(person)
    return person, problems


def person_to_update(people: People, operation: Operation) -> Person | None:
    """Return the person that is meant, who may be new; None if there is nobody."""
    named = operation.identifiers
    by_cio_id = [each for each in named if each.kind == "cio_id"]
    if by_cio_id:
        return people.find(by_cio_id[-1])
    who = named[0]
    if person := people.find(who):
        return person
    for each in named[1:]:
        if person := people.find(each):
            people.give(person, who)
            return person
    return None if operation.must_exist else people.add(who)


def why_nobody(operation: Operation) -> str:
    """Say why an update is dropped."""
    if any(each.kind == "cio_id" for each in operation.identifiers):
        return "nobody has this cio_id; the request is dropped"
    return "_update is true and there is nobody to update; nobody is added"


def give_identifiers(people: People, person: Person, operation: Operation) -> list[str]:
    """Give a person the identifiers of a request, where that is allowed."""
    problems = []
    named = operation.identifiers
    may_change = any(each.kind == "cio_id" for each in named)
    for each in named:
        if each.kind == "cio_id":
            continue
        owner = people.find(each)
        if owner and owner is not person:
            problems.append(f"{each.kind} belongs to somebody else: {FAILURE}")
        elif is_settled(person, each) and not may_change:
            rests_on("customerio-workspace")
            problems.append(f"{each.kind} is set, only a cio_id changes it: {FAILURE}")
        else:
            people.give(person, each)
    return problems


FAILURE: Final = "Attribute Update Failure"


def is_settled(person: Person, new: Identifier) -> bool:
    """Tell whether a person has another identifier of the kind."""
    old = person.value_of(new.kind)
    return bool(old) and Identifier(new.kind, old).key != new.key


def set_attribute(person: Person, name: str, value: Any, at: int) -> list[str]:  # noqa: ANN401 - JSON
    """Set an attribute, unless it was set by a later update."""
    if at < person.updated.get(name, 0):
        rests_on("customerio-timestamp-order")
        return [f"{name} was updated later than this _timestamp; it stays"]
    known = name in person.attributes
    if value is None or value == "":
        rests_on("customerio-empty-attribute")
        person.attributes.pop(name, None)
    elif name.startswith(TOPICS):
        set_topic(person, name.removeprefix(TOPICS), value)
    elif not known and len(person.attributes) >= MOST_ATTRIBUTES:
        rests_on("customerio-attributes-of-person")
        return [f"{name} would be one attribute more than {MOST_ATTRIBUTES}"]
    else:
        person.attributes[name] = is_true(value) if name == "unsubscribed" else value
    person.updated[name] = at
    return []


def change_relationships(person: Person, operation: Operation) -> None:
    """Relate a person to the objects that are named, or no longer."""
    for each in operation.relationships:
        about = each["identifiers"]
        person.relationships = [
            kept for kept in person.relationships if kept["identifiers"] != about
        ]
        if not operation.parts:
            person.relationships.append(dict(each))


def set_topic(person: Person, topic: str, value: object) -> None:
    """Set one subscription of a person, and leave the others."""
    kept = person.attributes.get("cio_subscription_preferences")
    kept = kept if isinstance(kept, dict) else {}
    topics = kept.get("topics")
    topics = topics if isinstance(topics, dict) else {}
    changed = {**kept, "topics": {**topics, topic: value}}
    person.attributes["cio_subscription_preferences"] = changed


def is_true(value: object) -> bool:
    """Tell whether a value of ``unsubscribed`` means that somebody is.

    >>> is_true("tRUe"), is_true("1"), is_true(1), is_true("yes"), is_true(2)
    (True, True, True, False, False)
    """
    return str(value).lower() in ("true", "1")
