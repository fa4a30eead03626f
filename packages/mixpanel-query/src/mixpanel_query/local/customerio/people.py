"""The people that a request is about, as they are while it is worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from mixpanel_query.local.customerio.identifiers import Identifier

__all__ = ["People", "Person"]


@dataclass(slots=True)
class Person:
    """A person of the workspace.

    Attributes:
        cio_id: The id that the workspace gave, which never changes.
        id: The app's own id; empty if there is none.
        email: The email address as it was written; empty if there is none.
        attributes: All others.
        updated: When each attribute was updated, in epoch milliseconds.
        devices: The devices, by their tokens.
        relationships: The objects that the person belongs to.
    """

    cio_id: str
    id: str = ""
    email: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    relationships: list[dict[str, Any]] = field(default_factory=list)

    @property
    def identifiers(self) -> list[Identifier]:
        """Everything that the person is known by."""
        pairs = [("cio_id", self.cio_id), ("id", self.id), ("email", self.email)]
        return [Identifier(kind, value) for kind, value in pairs if value]

    @property
    def name(self) -> str:
        """What a test finds the person by: the first of id, email and cio_id."""
        return self.id or self.email or f"cio_{self.cio_id}"

    def value_of(self, kind: str) -> str:
        """Return one of the identifiers; empty if there is none of the kind."""
        return str(getattr(self, kind))


class People:
    """The people that some identifiers name, and what becomes of them.

    Args:
        found: The people who are there.
        suppressed: The identifiers that must not be used, each with the number of the
            suppression that it belongs to.
        new_cio_id: Makes the id of a new person.

    Attributes:
        changed: Who was changed or added, by ``cio_id``.
        removed: Who is no more.
        suppressed: The identifiers that must not be used now.
    """

    def __init__(
        self,
        found: Iterable[Person],
        suppressed: dict[Identifier, str],
        new_cio_id: Callable[[], str],
    ) -> None:
        self.changed: dict[str, Person] = {}
        self.removed: set[str] = set()
        self.suppressed = suppressed
        self._new_cio_id = new_cio_id
        self._known: dict[Identifier, Person] = {}
        for person in found:
            self._know(person)

    def find(self, who: Identifier) -> Person | None:
        """Return the person with an identifier, if there is one."""
        return self._known.get(who.key)

    def add(self, who: Identifier) -> Person:
        """Add a person who has an id or an email address."""
        person = Person(self._new_cio_id())
        self.give(person, who)
        return person

    def give(self, person: Person, who: Identifier) -> None:
        """Give a person an identifier, in place of the one of its kind."""
        old = Identifier(who.kind, person.value_of(who.kind))
        self._known.pop(old.key, None)
        setattr(person, who.kind, who.value)
        self._know(person)
        self.changed[person.cio_id] = person

    def touch(self, person: Person) -> None:
        """Say that a person was changed."""
        self.changed[person.cio_id] = person

    def remove(self, person: Person) -> None:
        """Remove a person, whose identifiers are free then."""
        for each in person.identifiers:
            self._known.pop(each.key, None)
        self.changed.pop(person.cio_id, None)
        self.removed.add(person.cio_id)

    def is_suppressed(self, identifiers: Iterable[Identifier]) -> bool:
        """Tell whether one of the identifiers must not be used."""
        return any(each.key in self.suppressed for each in identifiers)

    def suppress(self, identifiers: Iterable[Identifier]) -> None:
        """Let identifiers not be used from now on, which are one person's."""
        number = self._new_cio_id()
        for each in identifiers:
            self.suppressed[each.key] = number

    def unsuppress(self, who: Identifier) -> None:
        """Let an identifier be used again, and those suppressed together with it."""
        number = self.suppressed.get(who.key)
        self.suppressed = {
            each: its for each, its in self.suppressed.items() if its != number
        }

    def _know(self, person: Person) -> None:
        """Find the person by all identifiers from now on."""
        for each in person.identifiers:
            self._known[each.key] = person
