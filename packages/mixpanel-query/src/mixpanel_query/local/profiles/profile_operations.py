"""What operations do to the properties of a profile, but for those of lists.

https://developer.mixpanel.com/reference/profile-set and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

__all__ = ["DELETE", "OPERATIONS", "Properties", "is_number"]

Properties: TypeAlias = dict[str, Any]
Operation: TypeAlias = Callable[[Properties, Any], None]


def set_all(properties: Properties, value: Properties) -> None:
    """Set properties, over what they were."""
    properties.update(value)


def set_once(properties: Properties, value: Properties) -> None:
    """Set properties that are not set yet."""
    for name, item in value.items():
        properties.setdefault(name, item)


def add(properties: Properties, value: Properties) -> None:
    """Add to numbers; what is missing, or is no number, counts as 0."""
    for name, amount in value.items():
        present = properties.get(name)
        properties[name] = (present if is_number(present) else 0) + amount


def unset(properties: Properties, value: list[str]) -> None:
    """Remove properties."""
    for name in value:
        properties.pop(name, None)


OPERATIONS: Final[dict[str, Operation]] = {
    "$set": set_all,
    "$set_once": set_once,
    "$add": add,
    "$unset": unset,
}

# It leaves nothing of a profile.
DELETE: Final = "$delete"


def is_number(value: object) -> bool:
    """Tell whether a JSON value is a number that sums can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -1e300 < value < 1e300
