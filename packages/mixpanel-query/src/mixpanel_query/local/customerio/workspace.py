"""What a workspace of Customer.io holds, for tests and whoever asks over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final

from mixpanel_query.local.customerio.people import Person
from mixpanel_query.local.customerio.people_store import read_person
from mixpanel_query.local.engine.kept_json import read_kept
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["CustomerEvent", "CustomerioWorkspace", "list_workspace"]

EVERY: Final = 2**62
MOST_LISTED: Final = 1000

PEOPLE: Final = """
SELECT cio_id, document FROM customers ORDER BY cio_id LIMIT $most
"""
EVENTS: Final = """
SELECT number, customers.cio_id, customers.document, anonymous_id, ulid, time_ms,
    customer_events.document
FROM customer_events LEFT JOIN customers USING (cio_id)
ORDER BY number DESC LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class CustomerEvent:
    """An event that Customer.io's Track API took.

    Attributes:
        customer: Who did it, as `LocalProject.customers` names people; empty for
            nobody who is identified.
        anonymous_id: Who did it, if that person was not identified.
        type: ``event``, ``page`` or ``screen``.
        name: Its name.
        id: What tells it from a repeat of itself; empty if nothing does.
        time: When it happened.
        data: What is said of it.
    """

    customer: str
    anonymous_id: str
    type: str
    name: str
    id: str
    time: datetime
    data: Mapping[str, Any]

    def as_json(self) -> dict[str, object]:
        """Return what JSON says of it."""
        return {
            "customer": self.customer,
            "anonymous_id": self.anonymous_id,
            "type": self.type,
            "name": self.name,
            "id": self.id,
            "time": self.time.isoformat(),
            "data": dict(self.data),
        }


class CustomerioWorkspace:
    """The part of a local project that stands for Customer.io; see `LocalProject`."""

    def _store(self) -> tuple[Engine, ProjectSettings]:
        """Return what people and events are kept in."""
        raise NotImplementedError

    @property
    def customers(self) -> dict[str, dict[str, Any]]:
        """The attributes of each person, identifiers among them.

        People are named by their id; without one by their email address, or else by
        their ``cio_id``.

        Raises:
            LocalProjectError: If the project does not serve.
        """
        people = find_people(self._store()[0], EVERY)
        return {each.name: attributes_of(each) for each in people}

    @property
    def customer_devices(self) -> dict[str, list[dict[str, Any]]]:
        """The devices of each person who has some.

        Raises:
            LocalProjectError: If the project does not serve.
        """
        people = find_people(self._store()[0], EVERY)
        return {
            each.name: list(each.devices.values()) for each in people if each.devices
        }

    @property
    def customer_events(self) -> list[CustomerEvent]:
        """The events, in the order in which they arrived.

        Raises:
            LocalProjectError: If the project does not serve.
        """
        return find_events(self._store()[0], EVERY)


def list_workspace(engine: Engine) -> dict[str, object]:
    """Return what JSON says of the first 1,000 people and of the last 1,000 events."""
    return {
        "customers": [
            {
                "attributes": attributes_of(each),
                "devices": list(each.devices.values()),
                "relationships": each.relationships,
            }
            for each in find_people(engine, MOST_LISTED)
        ],
        "events": [each.as_json() for each in find_events(engine, MOST_LISTED)],
    }


def find_people(engine: Engine, most: int) -> list[Person]:
    """Return so many people, those who came first."""
    return [read_person(*row) for row in engine.rows(PEOPLE, {"most": most})]


def find_events(engine: Engine, most: int) -> list[CustomerEvent]:
    """Return so many events, those that came last, in the order of their arrival."""
    rows = engine.rows(EVENTS, {"most": most})
    return [event_of(row) for row in reversed(rows)]


def event_of(row: tuple[Any, ...]) -> CustomerEvent:
    """Return an event of the store."""
    _, cio_id, person, anonymous_id, ulid, time_ms, document = row
    words = read_kept(document)
    return CustomerEvent(
        customer=read_person(cio_id, person).name if person else "",
        anonymous_id=anonymous_id,
        type=words["type"],
        name=words["name"],
        id=ulid,
        time=datetime.fromtimestamp(time_ms / 1000, timezone.utc),
        data=words["data"],
    )


def attributes_of(person: Person) -> dict[str, Any]:
    """Return all that is known of a person, as a test wants to see it."""
    named = {each.kind: each.value for each in person.identifiers}
    return {**named, **person.attributes}
