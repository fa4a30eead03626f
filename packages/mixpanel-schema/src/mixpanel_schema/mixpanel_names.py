"""Names that Mixpanel gives a meaning to, which an app takes as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from mixpanel_schema.catalogues import Catalogue, members
from mixpanel_schema.events import Event, Events
from mixpanel_schema.properties import (
    EventProperties,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)
from mixpanel_schema.reserved import RESERVED

__all__ = ["KINDS", "OWN_PREFIXES", "is_mixpanels"]

# A dollar sign before a digit is money.
OWN_PREFIXES = re.compile(r"\$(?!\d)|mp_|utm_")

# Kind: the plan's attribute, and the built-in catalogue of that kind.
KINDS: Mapping[str, tuple[str, type[Catalogue]]] = {
    "event": ("events", Events),
    "event property": ("event_properties", EventProperties),
    "profile property": ("profile_properties", ProfileProperties),
    "profile meta property": ("profile_meta_properties", ProfileMetaProperties),
    "group property": ("group_properties", GroupProperties),
}


def is_mixpanels(name: str, kind: str) -> bool:
    """Tell whether Mixpanel gives a name its meaning, or a built-in catalogue holds it.

    Args:
        name: The name.
        kind: What it names, as in ``Finding.kind``.
    """
    if OWN_PREFIXES.match(name):
        return True
    if name in RESERVED:
        scopes = {scope.scope for scope in RESERVED[name].scopes}
        if ("event_name" in scopes) == (kind == "event"):
            return True
    return name in built_in(kind)


@cache
def built_in(kind: str) -> frozenset[str]:
    """List the names that the built-in catalogue of a kind holds."""
    catalogue = KINDS[kind][1]
    if kind == "event":
        return frozenset(event.name for event in members(catalogue, Event).values())
    return frozenset(prop.name for prop in members(catalogue, Property).values())
