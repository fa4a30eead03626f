"""The manifest of a folder: which export it holds, and how far each day has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any, Final, Literal

__all__ = ["DayRecord", "ExportIdentity", "Manifest", "read_manifest"]

VERSION: Final = 1
NoneType: Final = type(None)
State = Literal["pending", "replacing", "complete"]


@dataclass(frozen=True, slots=True)
class ExportIdentity:
    """What makes two exports the same one; days of the same one share a folder.

    Attributes:
        host: Host that is asked, and its port if it has one.
        project_id: Number of the project; None with a project secret.
        events: Names of the events, sorted; None for all.
        where: Expression that an event must meet; None for none.
        format: Of the day files.
        time_in_ms: Whether times of rows are in milliseconds.
        local_timezone: Timezone of a project from before 2023, whose days are those
            of its timezone; None for UTC.
    """

    host: str
    project_id: int | None
    events: tuple[str, ...] | None
    where: str | None
    format: str
    local_timezone: str | None
    time_in_ms: bool = False

    def difference(self, other: ExportIdentity) -> str:
        """Say the first thing in which another export differs; empty if in nothing."""
        for name in (each.name for each in fields(self)):
            ours, others = getattr(self, name), getattr(other, name)
            if ours != others:
                return f"{name} {shown(ours)}, not {shown(others)}"
        return ""


@dataclass(frozen=True, slots=True)
class DayRecord:
    """How far a day has come.

    Attributes:
        state: ``pending`` until it was fetched once, ``complete`` when its file holds
            all that Mixpanel had, ``replacing`` while a newer file takes its place.
        fetched_at: When it was asked for, in UTC; None while it is pending.
        rows: How many events its file holds.
        repeats: How many copies of them were left out.
        bytes: Length of the file.
        digest: SHA-256 of the file.
    """

    state: State = "pending"
    fetched_at: datetime | None = None
    rows: int = 0
    repeats: int = 0
    bytes: int = 0
    digest: str = ""

    def is_late(self, day: date, *, refresh_days: int, zone: tzinfo) -> bool:
        """Tell whether events may have arrived since it was fetched.

        Args:
            day: The day.
            refresh_days: How long after its end events of the day may arrive.
            zone: Where its days end.
        """
        if self.fetched_at is None:
            return True
        try:
            after = datetime.combine(day, datetime.min.time(), zone) + timedelta(days=1)
        except OverflowError:  # the last day of all
            return True
        return self.fetched_at - after < timedelta(days=refresh_days)


@dataclass(slots=True)
class Manifest:
    """Everything that a folder says of itself; it holds no secret.

    Attributes:
        identity: Which export it is.
        days: The days that were asked for so far.
    """

    identity: ExportIdentity
    days: dict[date, DayRecord] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the manifest as it is kept."""
        document = {
            "version": VERSION,
            "export": asdict(self.identity),
            "days": {
                day.isoformat(): day_document(self.days[day])
                for day in sorted(self.days)
            },
        }
        return json.dumps(document, indent=1) + "\n"


def read_manifest(text: str) -> Manifest:
    """Read a manifest.

    Raises:
        ValueError: If it is none, or of a version that is not known here.
    """
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(document, dict) or "version" not in document:
        raise ValueError("it is no manifest of an export")
    if document["version"] != VERSION:
        raise ValueError(f"its version is {document['version']}, not {VERSION}")
    try:
        export = dict(document["export"])
        if export["events"] is not None:
            export["events"] = tuple(export["events"])
            check_kinds(dict(enumerate(export["events"])), str)
        check_kinds(export, str, ("host", "format"))
        check_kinds(export, (str, NoneType), ("where", "local_timezone"))
        check_kinds(export, (int, NoneType), ("project_id",))
        days = {
            date.fromisoformat(day): read_day(entry)
            for day, entry in document["days"].items()
        }
        return Manifest(ExportIdentity(**export), days)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"it misses or has too much ({error})") from error


def day_document(record: DayRecord) -> dict[str, object]:
    """Return a day as it is kept."""
    if record.fetched_at is None:
        return {"state": record.state}
    when = record.fetched_at.astimezone(timezone.utc).isoformat()
    return {**asdict(record), "fetched_at": when}


def read_day(entry: Mapping[str, object]) -> DayRecord:
    """Read how far a day has come."""
    given = dict(entry)
    if given["state"] not in ("pending", "replacing", "complete"):
        raise ValueError(f"the state {given['state']!r} is unknown")
    if "fetched_at" in given:
        fetched_at = datetime.fromisoformat(str(given["fetched_at"]))
        if fetched_at.tzinfo is None:
            raise ValueError(f"the time {given['fetched_at']} has no offset")
        try:
            given["fetched_at"] = fetched_at.astimezone(timezone.utc)
        except OverflowError as error:
            problem = f"the time {given['fetched_at']} is too far away"
            raise ValueError(problem) from error
    elif given["state"] == "complete":
        raise ValueError("a complete day does not say when it was fetched")
    check_kinds(given, int, ("rows", "repeats", "bytes"))
    check_kinds(given, str, ("digest",))
    return DayRecord(**given)  # type: ignore[arg-type]  # read back what was written


def check_kinds(
    given: Mapping[Any, object],
    kinds: type | tuple[type, ...],
    names: Iterable[str] | None = None,
) -> None:
    """Refuse values, where there are any, that are not what was written.

    Raises:
        ValueError: If one is not.
    """
    for name in given if names is None else names:
        if name in given and not isinstance(given[name], kinds):
            raise ValueError(f"{name} is {given[name]!r}")


def shown(value: object) -> str:
    """Return a part of an identity for a message."""
    if value is None:
        return "none"
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return repr(text if len(text) <= 100 else text[:100] + "…")
