"""The usage scan: which declared names a code base uses, and what it uses undeclared.

The scan reads Python files and never imports or runs them. It is the one module of the
package that reads files.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.exceptions import MixpanelSchemaError
from mixpanel_schema.mixpanel_names import KINDS as NAME_KINDS
from mixpanel_schema.mixpanel_names import is_mixpanels
from mixpanel_schema.tracking_plan import TrackingPlan
from mixpanel_schema.usage_calls import CallReader, Found
from mixpanel_schema.usage_declarations import Declarations, Place
from mixpanel_schema.usage_expressions import EventNames
from mixpanel_schema.usage_report import KINDS, UsageFinding, UsageReport

__all__ = ["KINDS", "Place", "UsageFinding", "UsageReport", "find_usages"]

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})


def find_usages(
    paths: Paths,
    plan: TrackingPlan,
    *,
    catalogues: Iterable[type[Catalogue] | Catalogue] = (),
) -> UsageReport:
    """Scan code for what it tracks and sets, and compare that with a plan.

    Tracked is what is given to ``track``, ``track_now``, ``event_message`` or the
    official library's ``track`` and ``import_data``: a catalogue's attribute, a typed
    event, an ``Event``, or a text. Where the event of some call is only known at run
    time, every event that is mentioned anywhere is taken to be tracked. A property is
    set where its attribute, or its name in a dict, appears outside declarations.

    Args:
        paths: Files and folders. Hidden folders, virtual environments,
            ``node_modules`` and files that do not end in ``.py`` are skipped.
        plan: The plan.
        catalogues: Catalogue classes that are declared outside ``paths``; those
            inside are read from there.

    Raises:
        MixpanelSchemaError: If a path does not exist.
    """
    trees: dict[str, ast.Module] = {}
    unreadable = []
    for path in python_files(paths):
        try:
            trees[str(path)] = parsed(path)
        except (SyntaxError, ValueError, RecursionError, OSError) as error:
            unreadable.append(not_read(path, error))
    known = Declarations()
    for catalogue in (*(built_in for _, built_in in NAME_KINDS.values()), *catalogues):
        known.add_catalogue(catalogue)
    for name, tree in trees.items():
        known.read(tree, name)
    known.add_names(plan.events, properties_of(plan))
    found = Found()
    for name, tree in trees.items():
        CallReader(name, EventNames(known, tree), found).visit(tree)
    return UsageReport(
        findings=(*unreadable, *compared(plan, known, found)),
        tracked={name: tuple(places) for name, places in found.tracked.items()},
        unresolved=tuple(found.unresolved),
        files=len(trees),
    )


def python_files(paths: Paths) -> Iterator[Path]:
    """List the Python files to scan, each once.

    Raises:
        MixpanelSchemaError: If a path does not exist.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    seen = set()
    for start in map(Path, given):
        if not start.exists():
            raise MixpanelSchemaError(f"nothing at {start}; give a file or a folder")
        for path in [start] if start.is_file() else files_below(start):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def files_below(folder: Path) -> Iterator[Path]:
    """List the Python files of a folder and of those in it, by name."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in SKIPPED
            and not Path(where, name, "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("."):
                yield Path(where, name)


def parsed(path: Path) -> ast.Module:
    """Parse a file, leaving what is only worth a warning to those who run it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(path.read_bytes(), str(path))


def not_read(path: Path, error: Exception) -> UsageFinding:
    """Say why a file was not read."""
    line = getattr(error, "lineno", None) or 0
    why = getattr(error, "msg", None) or getattr(error, "strerror", None) or str(error)
    message = f"not scanned: {why}; its names are missing here"
    return UsageFinding("unreadable-file", path.name, message, str(path), line)


def properties_of(plan: TrackingPlan) -> dict[str, str]:
    """Give the kind of each property of a plan."""
    return {
        name: kind
        for kind, (place, _) in NAME_KINDS.items()
        if kind != "event"
        for name in getattr(plan, place)
    }


def compared(
    plan: TrackingPlan, known: Declarations, found: Found
) -> Iterator[UsageFinding]:
    """Compare what was found with the plan."""
    yield from undeclared_events(plan, found)
    yield from undeclared_properties(plan, found)
    yield from missing_attributes(known, found)
    # A call whose event is unknown may track any event that the code mentions.
    tracked = found.tracked.keys() | (found.mentioned if found.unresolved else set())
    for name in plan.events:
        if name not in tracked and not is_mixpanels(name, "event"):
            message = "declared and never tracked; track it, or take it out of the plan"
            place = known.places.get(("event", name), Place("", 0))
            yield found_at("never-tracked", name, message, place)
    for name, kind in properties_of(plan).items():
        if name not in found.set_properties and not is_mixpanels(name, kind):
            message = f"{kind} that is never set; set it, or take it out of the plan"
            place = known.places.get(("property", name), Place("", 0))
            yield found_at("never-set", name, message, place)


def undeclared_events(plan: TrackingPlan, found: Found) -> Iterator[UsageFinding]:
    """List the events that are tracked, or made on the spot, beside the plan."""
    used = [(name, place) for name in found.tracked for place in found.tracked[name]]
    for name, place in sorted({*used, *found.inline}, key=lambda one: (one[1], one[0])):
        if name not in plan.events and not is_mixpanels(name, "event"):
            message = f"not in the plan; {remedy(name, plan.events)}"
            yield found_at("undeclared-event", name, message, place)


def undeclared_properties(plan: TrackingPlan, found: Found) -> Iterator[UsageFinding]:
    """List the properties that are given by a literal name beside the plan."""
    declared = {
        "event": (plan.event_properties, "event property"),
        "profile": (plan.profile_properties, "profile property"),
        "people": (plan.profile_properties, "profile property"),
        "group": (plan.group_properties, "group property"),
    }
    for scope, name, place in found.loose:
        names, kind = declared[scope]
        if name not in names and not is_mixpanels(name, kind):
            message = f"{kind} that is not in the plan; {remedy(name, names)}"
            yield found_at("undeclared-property", name, message, place)


def missing_attributes(known: Declarations, found: Found) -> Iterator[UsageFinding]:
    """List the attributes that code takes from a catalogue which lacks them."""
    for kind, owner, attribute, place in found.missing:
        names = known.events if kind == "undeclared-event" else known.properties
        held = (known.attributes_of(owner) or set()) & names.keys()
        near = get_close_matches(attribute, sorted(held), 1)
        use = f"use {f'{owner}.{near[0]}'!r}, or declare it" if near else "declare it"
        what = kind.removeprefix("undeclared-")
        message = f"{owner} has no such {what}; {use}"
        yield found_at(kind, f"{owner}.{attribute}", message, place)


def remedy(name: str, known: Iterable[str]) -> str:
    """Say what to do about a name, and which one was probably meant if one is like it.

    >>> remedy("Order Complet", ["Order Completed"]), remedy("Poked", ["Left"])
    ("use 'Order Completed', or declare it", 'declare it there')
    """
    near = get_close_matches(name, known, 1)
    return f"use {near[0]!r}, or declare it" if near else "declare it there"


def found_at(kind: str, name: str, message: str, place: Place) -> UsageFinding:
    """Make a finding at a place."""
    return UsageFinding(kind, name, message, place.path, place.line)
