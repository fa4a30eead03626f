"""Properties that need no closer look: declared, of their declared type, and small.

Nearly all that an app tracks is of this kind, and is checked and copied in one pass.
Whatever is not goes the long way, which tells what is wrong with it, if anything is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import NamedTuple

from mixpanel_schema.declarations import Property
from mixpanel_schema.json_values import Json

__all__ = [
    "ASCII_FITS",
    "FEW",
    "LEAST",
    "MOST",
    "OWN_NAMES",
    "PlainKinds",
    "carry_plain",
    "plain_kinds",
]

ASCII_FITS = 255  # so many ASCII characters are as many bytes, which are kept
LEAST, MOST = -(2**53), 2**53  # numbers between are exact for all readers of JSON
# What every event's message has of its own.
OWN_NAMES = frozenset(
    {"token", "distinct_id", "time", "$insert_id", "mp_lib", "$lib_version"}
)
FEW = 100  # so many properties, each within its limits, are together within theirs
# Classes of scalars, and as what their values are looked at.
SCALARS: dict[type, type] = {
    str: str,
    bool: NoneType,
    int: int,
    float: int,
    NoneType: NoneType,
}


class PlainKinds(NamedTuple):
    """Which values properties may surely have, of those that may stand in one place.

    Attributes:
        texts: The names of those that may be text.
        looks: By name, how to look at values of the classes that are of its type.
    """

    texts: frozenset[str]
    looks: Mapping[str, Mapping[type, type]]


def plain_kinds(
    checks: Mapping[str, tuple[frozenset[type], object, Property]],
    without: frozenset[str] = frozenset(),
) -> PlainKinds:
    """List which classes of scalars each property may surely have.

    Args:
        checks: What is declared.
        without: Names that always want a closer look.
    """
    looks = {
        name: {kind: look for kind, look in SCALARS.items() if kind in exact}
        for name, (exact, _, _) in checks.items()
        if name not in without
    }
    return PlainKinds(frozenset(name for name in looks if str in looks[name]), looks)


def carry_plain(
    properties: dict[Property, object], kinds: PlainKinds, body: dict[str, Json]
) -> bool:
    """Copy properties, if none of them needs a closer look.

    Args:
        properties: Values by property.
        kinds: What is declared, and of which classes values may be.
        body: Takes values by name; of no use where the answer is False.

    Returns:
        Whether all of them are declared, of their type, and within every limit.
    """
    before = len(body)
    texts, looks = kinds
    try:
        for prop, value in properties.items():
            name = prop.property_name
            body[name] = value  # type: ignore[assignment]  # a scalar, or of no use
            if type(value) is str:  # as most are
                if len(value) > ASCII_FITS or not value.isascii() or name not in texts:
                    return False
            elif looks[name][type(value)] is int and not LEAST < value < MOST:  # type: ignore[operator]  # a number
                return False
    except (AttributeError, KeyError):  # no property, not declared, or not plain
        return False
    # A property may have taken the place of an id, or of the time.
    return len(body) == before + len(properties) <= FEW
