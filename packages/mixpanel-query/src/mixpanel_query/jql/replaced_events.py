"""The events of a query, as the calls of a client name them."""

from __future__ import annotations

from dataclasses import dataclass

from mixpanel_query.jql.sources import Events
from mixpanel_query.window import Window

__all__ = ["EventChoice"]


@dataclass(frozen=True, slots=True)
class EventChoice:
    """Which events a query is about.

    Attributes:
        window: The days.
        names: The names; empty for all events.
        where: The condition that all of them must meet; None for none.
    """

    window: Window
    names: tuple[str, ...]
    where: str | None

    @classmethod
    def of(cls, source: Events) -> EventChoice | None:
        """Read selectors; None if no call could say the same."""
        conditions = {each.get("selector") for each in source.selectors}
        names = [each["event"] for each in source.selectors if "event" in each]
        is_mixed = bool(names) and len(names) < len(source.selectors)
        if any("label" in each for each in source.selectors):
            return None
        if is_mixed or len(conditions) > 1:
            return None
        where = next(iter(conditions), None)
        return cls(source.window, tuple(dict.fromkeys(names)), where)

    @property
    def days(self) -> tuple[str, str]:
        """The two dates, as they are written."""
        return self.window.from_date.isoformat(), self.window.to_date.isoformat()

    def export(self) -> str:
        """Return the call that exports the events."""
        events = {"events": list(self.names) or None, "where": self.where}
        return call("export", self.days, **events)

    def events(self, unit: str) -> str | None:
        """Return the call that counts several events; it takes no condition."""
        if not self.names or self.where is not None:
            return None
        return call("events", (list(self.names), *self.days), unit=unit)

    def segmentation(self, name: str = "segmentation", **options: object) -> str | None:
        """Return a call that counts one event; there must be exactly one."""
        if len(self.names) != 1:
            return None
        arguments = (self.names[0], *self.days)
        return call(name, arguments, where=self.where, **options)


def call(name: str, arguments: tuple[object, ...], **options: object) -> str:
    """Return a call as it is written; options that are None are left out."""
    given = [repr(argument) for argument in arguments]
    given += [f"{key}={value!r}" for key, value in options.items() if value is not None]
    return f"client.{name}({', '.join(given)})"
