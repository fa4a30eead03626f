"""What scanned code declares: the names behind ``Events.site_deployed`` and its like.

A tracking plan knows names, not the attributes that code uses. They are read from the
declarations in the scanned files; those of classes declared elsewhere come from the
classes themselves. What is in neither is taken for the name written with underscores:
``site_deployed`` for "Site Deployed".
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mixpanel_schema.catalogues import Catalogue, members
from mixpanel_schema.events import Event
from mixpanel_schema.name_words import split_words
from mixpanel_schema.properties import Property

__all__ = ["Declarations", "Place", "TypedClass", "last_part", "text_of"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a scanned file.

    Attributes:
        path: The file, as reached from the path that was scanned.
        line: The line, counted from 1.

    >>> str(Place("app/views.py", 12))
    'app/views.py:12'
    """

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(slots=True)
class TypedClass:
    """A typed event, or a base that several share, as its class statement says.

    Attributes:
        event: Name of the event; empty for a base.
        bases: Names of the classes that it inherits from.
        fields: Property names by field.
        given: Fields that are set even when the caller leaves them out.
    """

    event: str
    bases: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)


class Declarations:
    """Everything that was declared, by the attributes that code uses.

    Attributes:
        events: Names of events by attribute; several where classes differ.
        properties: Names of properties by attribute.
        classes: Members of each catalogue class: event or property names by attribute.
        bodies: What each class defines, of whatever sort, and its bases' names.
        typed: Typed events by class.
        places: Where a name was declared first, by sort and name.
    """

    def __init__(self) -> None:
        self.events: dict[str, set[str]] = {}
        self.properties: dict[str, set[str]] = {}
        self.classes: dict[str, dict[str, str]] = {}
        self.bodies: dict[str, tuple[set[str], set[str]]] = {"object": (set(), set())}
        self.typed: dict[str, TypedClass] = {}
        self.places: dict[tuple[str, str], Place] = {}

    def add_catalogue(self, catalogue: type[Catalogue] | Catalogue) -> None:
        """Read the attributes of a class that is at hand."""
        owner = catalogue if isinstance(catalogue, type) else type(catalogue)
        known = self.classes.setdefault(owner.__name__, {})
        for base in owner.__mro__:
            self.body(base.__name__)[0].update(dir(base))
        for attribute, event in members_of(catalogue, Event):
            self.events.setdefault(attribute, set()).add(event.name)
            known[attribute] = event.name
        for attribute, prop in members_of(catalogue, Property):
            self.properties.setdefault(attribute, set()).add(prop.name)
            known[attribute] = prop.name

    def add_names(self, events: Iterable[str], properties: Iterable[str]) -> None:
        """Let names that no class declares be reached by what they read like."""
        for names, known in ((events, self.events), (properties, self.properties)):
            declared = set().union(*known.values())
            for name in names:
                if name not in declared:
                    attribute = "_".join(split_words(name)).lower()
                    known.setdefault(attribute, set()).add(name)

    def read(self, tree: ast.Module, path: str) -> None:
        """Read the class statements of a file."""
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self.read_class(node, path)

    def read_class(self, node: ast.ClassDef, path: str) -> None:
        """Read one class statement, whether it is a catalogue or a typed event."""
        event = next(
            (text_of(word.value) for word in node.keywords if word.arg == "event_name"),
            "",
        )
        typed = TypedClass(event, tuple(last_part(base) for base in node.bases))
        names, bases = self.body(node.name)
        names.update(*map(names_defined, node.body))
        bases.update(typed.bases)
        catalogue: dict[str, str] = {}
        for attribute, call in declared_calls(node):
            maker, name = last_part(call.func), text_of(call.args[0])
            place = Place(path, call.lineno)
            if maker == "prop":
                typed.fields[attribute] = name
                if sets_by_itself(call):
                    typed.given.add(attribute)
            elif maker in {"Event", "Property"}:
                known = self.events if maker == "Event" else self.properties
                known.setdefault(attribute, set()).add(name)
                catalogue[attribute] = name
            else:
                continue
            sort = "event" if maker == "Event" else "property"
            self.places.setdefault((sort, name), place)
        if catalogue:
            self.classes.setdefault(node.name, {}).update(catalogue)
        if event or typed.fields or set(typed.bases) & {"TypedEvent", *self.typed}:
            self.typed[node.name] = typed
        if event:
            self.places.setdefault(("event", event), Place(path, node.lineno))

    def body(self, class_name: str) -> tuple[set[str], set[str]]:
        """Give what a class defines, and its bases, both to be added to."""
        return self.bodies.setdefault(class_name, (set(), set()))

    def attributes_of(self, class_name: str) -> set[str] | None:
        """Give all attributes of a class; None where a base was not seen."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = {class_name}
        while waiting:
            name = waiting.pop()
            if name not in self.bodies:
                return None
            seen.add(name)
            names, bases = self.bodies[name]
            found |= names
            waiting |= bases - seen
        return found

    def fields_of(self, class_name: str) -> tuple[dict[str, str], set[str]]:
        """Give a typed event's fields, inherited ones too, and those set by default."""
        found = self.typed.get(class_name)
        if found is None:
            return {}, set()
        fields: dict[str, str] = {}
        given: set[str] = set()
        for base in found.bases:
            if base != class_name:
                inherited, inherited_given = self.fields_of(base)
                fields.update(inherited)
                given |= inherited_given
        return {**fields, **found.fields}, (given - found.fields.keys()) | found.given


def members_of(
    catalogue: type[Catalogue] | Catalogue, kind: type[Event] | type[Property]
) -> Iterator[tuple[str, Event | Property]]:
    """List what a catalogue holds, nothing if it holds the other kind."""
    owner = catalogue if isinstance(catalogue, type) else type(catalogue)
    values = (value for base in owner.__mro__ for value in vars(base).values())
    if any(isinstance(value, kind) for value in values):
        yield from members(catalogue, kind).items()


def declared_calls(node: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    """List the attributes of a class that are made by a call with a literal name."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        call = statement.value
        if isinstance(call, ast.Call) and call.args and text_of(call.args[0]):
            yield from (
                (target.id, call) for target in targets if isinstance(target, ast.Name)
            )


def names_defined(statement: ast.stmt) -> set[str]:
    """List the names that a statement in the body of a class defines."""
    inner = {getattr(node, "name", None) for node in ast.walk(statement)}
    stored = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return stored | {name for name in inner if isinstance(name, str)}


def sets_by_itself(call: ast.Call) -> bool:
    """Tell whether a ``prop(…)`` has a default other than None."""
    return any(
        word.arg == "default"
        and not (isinstance(word.value, ast.Constant) and word.value.value is None)
        for word in call.keywords
    )


def last_part(node: ast.AST) -> str:
    """Give the last identifier of a dotted expression; empty for anything else.

    >>> last_part(ast.parse("request.mixpanel.events", mode="eval").body)
    'events'
    """
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return ""


def text_of(node: ast.AST) -> str:
    """Give the text of a literal; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""
