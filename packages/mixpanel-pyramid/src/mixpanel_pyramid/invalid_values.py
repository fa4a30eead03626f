"""What happens in production to values that Mixpanel does not take.

While recording, such a value raises, so that a test finds it. In production it is not
worth an error page, nor the loss of the whole message: text that is too long is cut,
what cannot be sent at all is left out, and both are logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.json_values import json_value

__all__ = ["LONGEST_TEXT", "leave_out_invalid", "mended"]

# In bytes: https://docs.mixpanel.com/docs/data-structure/property-reference/data-type
LONGEST_TEXT = 255

logger = logging.getLogger(__name__)
Key = TypeVar("Key", bound=Hashable)


def mended(
    values: Mapping[Key, object], try_out: Callable[[Mapping[Key, object]], object]
) -> dict[Key, object]:
    """Copy properties, each cut or left out if it cannot be sent as it is.

    Args:
        values: Values by property.
        try_out: Raises InvalidValueError for properties that cannot be sent.
    """
    kept: dict[Key, object] = {}
    for key, value in values.items():
        problem: InvalidValueError | None = None
        for candidate in candidates(value):
            try:
                try_out({key: candidate})
            except InvalidValueError as error:
                problem = problem or error
                continue
            kept[key] = candidate
            break
        if problem is not None:
            done = "cut in" if key in kept else "left out of"
            logger.warning("%s a Mixpanel message: %s", done, problem)
    return kept


def candidates(value: object) -> Iterator[object]:
    """Give a value, and what could stand in for it."""
    yield value
    if isinstance(value, str):
        yield value.encode(errors="ignore")[:LONGEST_TEXT].decode(errors="ignore")


def leave_out_invalid(values: Mapping[Key, object]) -> dict[Key, object]:
    """Copy values without those that have no form in JSON, and log those.

    >>> leave_out_invalid({"Price": 9.5, "Discount": float("nan")})
    {'Price': 9.5}
    """
    return mended(values, all_json)


def all_json(values: Mapping[Key, object]) -> None:
    """Refuse values that have no form in JSON."""
    for key, value in values.items():
        json_value(value, getattr(key, "name", str(key)))
