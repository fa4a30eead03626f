"""What one file of scanned code tracks and sets, read from its syntax tree.

Nothing is run or imported.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from mixpanel_schema.usage_declarations import Place, last_part, text_of
from mixpanel_schema.usage_expressions import EventNames

__all__ = ["CallReader", "Found"]

# Where the event stands: in calls of request.mixpanel and of the official library.
TRACKING = frozenset({"track", "track_now", "event_message", "import_data"})
EVENT_WORDS = frozenset({"event", "event_name", "name"})
# https://github.com/mixpanel/mixpanel-python, import_data
IMPORTED_EVENT = 2
SETTING = ("profile_", "people_", "group_")
NO_USE = frozenset({"TrackingPlan"})


@dataclass(slots=True)
class Found:
    """What was found in all files so far.

    Attributes:
        tracked: Where each event is tracked.
        mentioned: Events that appear outside their declaration.
        set_properties: Properties that are set somewhere.
        inline: Where events are made on the spot, by name.
        loose: Where properties are given by a literal name: scope, name, place.
        missing: Where attributes are given that their catalogue lacks: kind of
            finding, class, attribute, place.
        unresolved: Tracking calls whose event is only known at run time.
    """

    tracked: dict[str, list[Place]] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)
    set_properties: set[str] = field(default_factory=set)
    inline: list[tuple[str, Place]] = field(default_factory=list)
    loose: list[tuple[str, str, Place]] = field(default_factory=list)
    missing: list[tuple[str, str, str, Place]] = field(default_factory=list)
    unresolved: list[Place] = field(default_factory=list)


class CallReader(ast.NodeVisitor):
    """Reads one file after all declarations are known."""

    def __init__(self, path: str, names: EventNames, found: Found) -> None:
        self.path = path
        self.names = names
        self.known = names.known
        self.found = found

    def visit_Module(self, node: ast.Module) -> None:
        """Read a file with the variables that it assigns."""
        with self.names.within(node):
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Read a function with the variables that it assigns."""
        with self.names.within(node):
            self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Read a coroutine likewise."""
        with self.names.within(node):
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Read what a class does; the events and properties it declares are no use."""
        for statement in node.body:
            call = getattr(statement, "value", None)
            maker = last_part(call.func) if isinstance(call, ast.Call) else ""
            if self.names.named(maker) not in {"Event", "Property", "prop"}:
                self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        """Note what a call tracks, makes or sets."""
        called = self.names.named(last_part(node.func))
        if called in NO_USE:
            return
        if called in TRACKING:
            self.note_tracked(node, called)
        elif called.startswith(SETTING):
            self.note_loose(node, called.partition("_")[0])
        if called in {"Event", "Property"} and node.args:
            self.note_made(node, called)
            return
        if called in self.known.typed:
            self.note_typed(node, called)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note a mention of a declared event or property."""
        owner = self.names.named(last_part(node.value))
        if owner in self.known.classes or owner.lower().endswith("events"):
            names = self.names.members(owner, node.attr, self.known.events)
            self.found.mentioned |= names
        if owner in self.known.classes or owner.lower().endswith(
            ("properties", "props")
        ):
            names = self.names.members(owner, node.attr, self.known.properties)
            self.found.set_properties |= names
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """Note a mention of a typed event."""
        typed = self.known.typed.get(self.names.named(node.id))
        if typed is not None:
            self.found.mentioned.add(typed.event)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Note a mention by name."""
        if isinstance(node.value, str):
            self.found.mentioned.add(node.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Note properties that are given by name, whoever the dict is for."""
        self.found.set_properties |= {text_of(key) for key in node.keys if key}
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Note a property that is put into a dict by name."""
        if isinstance(node.ctx, ast.Store):
            self.found.set_properties.add(text_of(node.slice))
        self.generic_visit(node)

    def note_tracked(self, node: ast.Call, called: str) -> None:
        """Note the event of a tracking call, and the properties given by name."""
        place = Place(self.path, node.lineno)
        event = self.event_of(node, called)
        if event is None:
            return
        missing = self.names.missing(event)
        names = None if missing else self.names.resolve(event)
        if missing:
            self.found.missing.append(("undeclared-event", *missing, place))
        elif names is None:
            self.found.unresolved.append(place)
        for name in sorted(names or ()):
            self.found.tracked.setdefault(name, []).append(place)
        self.note_loose(node, "event")

    def event_of(self, node: ast.Call, called: str) -> ast.expr | None:
        """Find the argument that is the event; None if the call has none."""
        for word in node.keywords:
            if word.arg in EVENT_WORDS:
                return word.value
        if called == "import_data":
            return (
                node.args[IMPORTED_EVENT] if len(node.args) > IMPORTED_EVENT else None
            )
        if called != "event_message" and len(node.args) > 1:
            # The official library takes the distinct_id first.
            second = node.args[1]
            third = node.args[2] if len(node.args) > 2 else None
            if self.names.resolve(second) or isinstance(third, ast.Dict):
                return second
        if not node.args or isinstance(node.args[0], ast.Starred):
            return None
        return node.args[0]

    def note_made(self, node: ast.Call, called: str) -> None:
        """Note an event or property that is made on the spot."""
        name = text_of(node.args[0])
        if called == "Property":
            self.found.set_properties.add(name)
        elif name and len(self.names.scopes) > 1:
            self.found.inline.append((name, Place(self.path, node.lineno)))

    def note_typed(self, node: ast.Call, called: str) -> None:
        """Note the properties that a typed event is made with."""
        fields, given = self.known.fields_of(called)
        words = {word.arg for word in node.keywords}
        used = fields if None in words else [*given, *words]
        self.found.set_properties |= {
            fields[word] for word in used if word and word in fields
        }

    def note_loose(self, node: ast.Call, scope: str) -> None:
        """Note properties given as literal names in the dict of a call."""
        values = [*node.args, *(w.value for w in node.keywords if w.arg != "meta")]
        keys = [
            key for given in values if isinstance(given, ast.Dict) for key in given.keys
        ]
        for key in keys:
            if key is None:
                continue
            name, place = self.name_of_key(key), Place(self.path, key.lineno)
            if name:
                self.found.loose.append((scope, name, place))
            missing = self.names.missing(key)
            if missing:
                self.found.missing.append(("undeclared-property", *missing, place))

    def name_of_key(self, key: ast.expr) -> str:
        """Give the name in ``"Plan"`` or ``Property("Plan")``; empty otherwise."""
        if isinstance(key, ast.Call) and key.args:
            made = self.names.named(last_part(key.func)) == "Property"
            return text_of(key.args[0]) if made else ""
        return text_of(key)
