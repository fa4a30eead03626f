"""Compare what a package lets callers import, between two states of its sources.

`griffe <https://mkdocstrings.github.io/griffe/>`_ reads the sources; nothing is
imported. Public is what the ``__all__`` of the modules below names, with the public
members of each class. Commands, settings, HTTP answers and files are none of it: what
changes in them has to be in the changelog.
"""

from __future__ import annotations

from pathlib import Path

import griffe

__all__ = ["PUBLIC", "additions", "breaks", "load"]

# The modules beside a package's root whose names callers may import.
PUBLIC = {
    "mixpanel_schema": {"catalogues", "exceptions", "limits", "reserved"},
    "mixpanel_query": {"exceptions", "jql", "local"},
    "mixpanel_pyramid": {"celery_tasks", "debugtoolbar", "exceptions", "testing"},
    "mixpanel_slack_report": {"exceptions"},
}


def load(source: Path, package: str) -> griffe.Module:
    """Read a package below a folder, and mark which of its modules are public."""
    loader = griffe.GriffeLoader(search_paths=[source])
    root = loader.load(package, try_relative_path=False)
    loader.resolve_aliases(implicit=False, external=False)
    if not isinstance(root, griffe.Module):
        raise TypeError(f"{package} is no package of Python sources")
    mark_rooms(root, PUBLIC[package])
    return root


def mark_rooms(module: griffe.Module, public: set[str]) -> None:
    """Say of each module in a module whether callers may import from it."""
    for name, member in module.members.items():
        if isinstance(member, griffe.Module):
            member.public = name in public
            mark_rooms(member, set())


def breaks(old: griffe.Module, new: griffe.Module) -> list[str]:
    """List what callers of the old state cannot do in the new one."""
    gone = public_names(old) - public_names(new)
    found = [f"{name}: is there no more" for name in sorted(gone)]
    found += [
        f"{breakage.obj.path}: {breakage.kind.value.lower()}"
        for breakage in griffe.find_breaking_changes(old, new)
        if breakage.kind is not griffe.BreakageKind.OBJECT_REMOVED
        or breakage.obj.name.startswith("__")
    ]
    return list(dict.fromkeys(found))


def additions(old: griffe.Module, new: griffe.Module) -> list[str]:
    """List the public names that the new state has and the old one lacks."""
    return sorted(public_names(new) - public_names(old))


def public_names(holder: griffe.Object | griffe.Alias) -> set[str]:
    """List the dotted names of what is public below a module or class."""
    found = set()
    for name, member in holder.all_members.items():
        if not member.is_public or name.startswith("__") or unresolved(member):
            continue
        found.add(f"{holder.path}.{name}")
        if member.is_class or member.is_module:
            below = public_names(member)
            found |= {
                f"{holder.path}.{name}{path.removeprefix(member.path)}"
                for path in below
            }
    return found


def unresolved(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether a name leads out of the package, to what griffe did not read."""
    return isinstance(member, griffe.Alias) and not member.resolved
