"""Takes checked values out of a TOML table and gathers everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

__all__ = ["TomlTable", "timezone_name"]

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class TomlTable:
    """A table whose keys are taken one by one; what is left over is unknown.

    Every method gives its default for a key that is absent or wrong, and notes what
    is wrong; the caller raises in the end.

    Attributes:
        table: The decoded table.
        where: The file, and the place in it, for messages.
        problems: What was wrong so far, shared with inner tables.
    """

    def __init__(
        self, table: Mapping[str, object], *, where: str, problems: list[str]
    ) -> None:
        self.table = table
        self.where = where
        self.problems = problems
        self.allowed: list[str] = []

    def take(self, key: str) -> object:
        """Return the value of ``key``, or None, and remember that it is allowed."""
        self.allowed.append(key)
        return self.table.get(key)

    def refuse(self, key: str, allowed: str) -> None:
        """Note that the value of ``key`` is not what is ``allowed``."""
        given = f"is {shown(self.table[key])}" if key in self.table else "is missing"
        self.problems.append(f"{self.where}: {key} {given}; {allowed}")

    def refuse_unknown(self) -> None:
        """Note every key that was never taken."""
        for key in self.table:
            if key not in self.allowed:
                allowed = ", ".join(self.allowed)
                self.problems.append(
                    f"{self.where}: {shown(key)} is no key here; allowed are {allowed}"
                )

    def text(self, key: str, *, is_needed: bool = True) -> str:
        """Return a text; an empty one if it is absent and not needed."""
        value = self.take(key)
        if value is None and not is_needed:
            return ""
        if isinstance(value, str) and value.strip():
            return value
        self.refuse(key, "give a text")
        return ""

    def texts(self, key: str, *, is_needed: bool = True) -> tuple[str, ...]:
        """Return one text, or several; none if they are absent and not needed."""
        value = self.take(key)
        if value is None and not is_needed:
            return ()
        given = value if isinstance(value, list) else [value]
        texts = tuple(item for item in given if isinstance(item, str) and item.strip())
        if not texts or len(texts) < len(given):
            self.refuse(key, "give a name, or a list of names")
        return texts

    def number(self, key: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both allowed."""
        value = self.take(key)
        if value is None:
            return default
        # isinstance would let true pass for 1.
        if type(value) is int and low <= value <= high:
            return value
        self.refuse(key, f"give a whole number from {low} to {high}")
        return default

    def amount(self, key: str, *, low: int, high: int) -> int | float | None:
        """Return a number from ``low`` to ``high``, both allowed; None if absent."""
        value = self.take(key)
        if value is None:
            return None
        # isinstance would let true pass for 1.
        number = value if isinstance(value, (int, float)) else None
        if number is not None and type(value) is not bool and low <= number <= high:
            return number
        self.refuse(key, f"give a number from {low:,} to {high:,}")
        return None

    def flag(self, key: str) -> bool:
        """Return whether something is switched on; it is off if absent."""
        value = self.take(key)
        if not isinstance(value, (bool, type(None))):
            self.refuse(key, "give true or false")
        return value is True

    def day(self, key: str, default: date) -> date:
        """Return a date that is written without quotes and without a time."""
        value = self.take(key)
        if value is None:
            return default
        if type(value) is date:
            return value
        self.refuse(key, "give a date without quotes, such as 2026-01-05")
        return default

    def weekday(self, key: str, default: int) -> int:
        """Return the number of a weekday that is given by name, Monday being 0."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, str) and value.lower() in WEEKDAYS:
            return WEEKDAYS.index(value.lower())
        self.refuse(key, f"give one of {', '.join(WEEKDAYS)}")
        return default

    def timezone(self, key: str) -> str | None:
        """Return the name of a timezone, or None."""
        value = self.take(key)
        if value is None:
            return None
        try:
            return timezone_name(value if isinstance(value, str) else "")
        except ValueError as error:
            self.refuse(key, str(error))
            return None

    def inner(self, value: object, *, where: str) -> TomlTable:
        """Return the reader of a table inside this one; empty if it is no table."""
        table = value if isinstance(value, dict) else {}
        if table is not value:
            self.problems.append(f"{where} is {shown(value)}; write a table of keys")
        return TomlTable(table, where=where, problems=self.problems)


def timezone_name(text: str) -> str:
    """Check the IANA name of a timezone and return it.

    Raises:
        ValueError: If no timezone has that name.

    >>> timezone_name("Europe/London")
    'Europe/London'
    """
    try:
        return ZoneInfo(text).key
    # A folder of the timezone database gives IsADirectoryError or PermissionError.
    except (LookupError, ValueError, OSError) as error:
        raise ValueError("use an IANA name such as Europe/London") from error


def shown(value: object) -> str:
    """Show what was given, short enough for one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
