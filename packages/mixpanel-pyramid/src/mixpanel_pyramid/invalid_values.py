"""What becomes of values that Mixpanel does not take, where they do not raise.

While recording, such a value raises, so that a test finds it. In production it is not
worth an error page, nor the loss of the whole message: text that is too long is cut,
what cannot be sent at all is left out. Both are counted, and logged with the property's
name and never with its value: the first time as a warning, then for debugging only, as
whoever asks for long addresses shall not fill the log. The setting
``mixpanel.on_invalid`` has it otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping
from threading import Lock
from typing import TypeVar

from mixpanel_pyramid.forks import at_fork
from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.json_values import json_bytes, json_value, mapping
from mixpanel_schema.limits import fit

__all__ = ["InvalidCounts", "leave_out_invalid", "mended"]

logger = logging.getLogger(__name__)
Key = TypeVar("Key", bound=Hashable)
MOST_TOLD = 1000  # different warnings in a process

counting = Lock()


def renew_lock() -> None:
    """Give a forked child a lock of its own; the parent may have held it."""
    global counting
    counting = Lock()


at_fork(after_in_child=renew_lock)


class InvalidCounts:
    """Counts what Mixpanel would not have taken, in any number of threads.

    Attributes:
        mended: Values that were cut or left out of messages.
        invalid: Messages that could not be mended, and are not sent.
    """

    def __init__(self) -> None:
        self.mended = 0
        self.invalid = 0
        self.told: set[str] = set()

    def level(self, what: str, first: int = logging.WARNING) -> int:
        """Say at which level to log something: the first time, and as DEBUG then."""
        if what in self.told or len(self.told) >= MOST_TOLD:
            return logging.DEBUG
        self.told.add(what)
        return first

    def add(self, *, mended: int = 0, invalid: int = 0) -> None:
        """Count so many more."""
        with counting:
            self.mended += mended
            self.invalid += invalid


def mended(
    values: Mapping[Key, object],
    try_out: Callable[[Mapping[Key, object]], object],
    counts: InvalidCounts,
    stand_ins: Callable[[object, object], Iterator[object]] | None = None,
    service: str = "Mixpanel",
) -> dict[Key, object]:
    """Copy properties, each cut or left out if it cannot be sent as it is.

    Args:
        values: Values by property.
        try_out: Raises InvalidValueError for properties that cannot be sent.
        counts: Counts those that are cut or left out.
        stand_ins: Gives, of a property and its value, the values to try in turn.
        service: Where they would be sent.
    """
    kept: dict[Key, object] = {}
    for key, value in values.items():
        problem: InvalidValueError | None = None
        for candidate in (stand_ins or candidates)(key, value):
            try:
                try_out({key: candidate})
            except InvalidValueError as error:
                problem = problem or error
                continue
            kept[key] = candidate
            break
        if problem is not None:
            done = "cut in" if key in kept else "left out of"
            what = f"property {name_of(key)!r} is {done} a {service} message"
            logger.log(counts.level(what), "%s: %s", what, problem)
            counts.add(mended=1)
    return kept


def candidates(key: object, value: object) -> Iterator[object]:
    """Give a value, and what could stand in for it: the same with its text cut."""
    yield value
    name = name_of(key)
    try:
        fitted, cuts = fit({"event": "", "properties": {name: json_value(value, name)}})
    except InvalidValueError:
        return
    if cuts:
        yield from mapping(fitted["properties"], "properties").values()


def name_of(key: object) -> str:
    """Give the name that a property, or a key of the official library, has."""
    return str(getattr(key, "name", key))


def leave_out_invalid(
    values: Mapping[Key, object], counts: InvalidCounts
) -> dict[Key, object]:
    """Copy values without those that have no form in JSON; log and count those.

    >>> leave_out_invalid({"Price": 9.5, "Discount": float("nan")}, InvalidCounts())
    {'Price': 9.5}
    """
    return mended(values, all_json, counts)


def all_json(values: Mapping[Key, object]) -> None:
    """Refuse values that have no form in JSON."""
    for key, value in values.items():
        json_bytes(json_value(value, name_of(key)))
