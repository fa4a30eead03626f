"""Properties that need no closer look: declared, of their declared type, and small.

Nearly all that an app tracks is of this kind, and is checked and copied in one pass.
Whatever is not goes the long way, which tells what is wrong with it, if anything is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType

from mixpanel_schema.declarations import Property
from mixpanel_schema.json_values import Json

__all__ = [
    "ASCII_FITS",
    "FEW",
    "LEAST",
    "MOST",
    "PlainKinds",
    "carry_plain",
    "plain_kinds",
]

ASCII_FITS = 255  # so many ASCII characters are as many bytes, which are kept
LEAST, MOST = -(2**53), 2**53  # numbers between are exact for all readers of JSON
FEW = 100  # so many properties, each within its limits, are together within theirs
SCALARS = (str, bool, int, float, NoneType)

# By property name, the classes whose instances are of the declared type.
PlainKinds = Mapping[str, frozenset[type]]


def plain_kinds(
    checks: Mapping[str, tuple[frozenset[type], object, Property]],
) -> PlainKinds:
    """List which classes of scalars each property may surely have."""
    return {
        name: frozenset(kind for kind in SCALARS if kind in exact)
        for name, (exact, _, _) in checks.items()
    }


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
    try:
        for prop, value in properties.items():
            name, kind = prop.name, type(value)
            if kind not in kinds[name] or type(prop) is not Property:
                return False
            if kind is str:
                if len(value) > ASCII_FITS or not value.isascii():  # type: ignore[arg-type, attr-defined]  # it is text
                    return False
            elif value is not None and not LEAST < value < MOST:  # type: ignore[operator]  # a number
                return False
            body[name] = value  # type: ignore[assignment]  # a scalar
    except (AttributeError, KeyError, TypeError):  # no property, or not declared
        return False
    # A property may have taken the place of an id, or of the time.
    return len(body) == before + len(properties) <= FEW
