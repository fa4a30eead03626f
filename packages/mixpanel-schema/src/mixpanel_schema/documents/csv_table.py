"""The tracking plan as a CSV table, to be filtered in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.documents.readable_types import readable_type
from mixpanel_schema.events import Event
from mixpanel_schema.properties import (
    EventProperties,
    GroupProperties,
    ProfileProperties,
    Property,
)
from mixpanel_schema.tracking_plan import TrackingPlan

__all__ = ["COLUMNS", "to_csv"]

COLUMNS = (
    "kind",
    "event",
    "event description",
    "property",
    "type",
    "required",
    "personal data",
    "description",
)
# Spreadsheets take a cell that starts so for a formula, and run it:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # the wide forms count too


def to_csv(plan: TrackingPlan) -> str:
    """Write a plan as CSV, with a header and a row for each property of each event.

    An event that lists no properties has one row without a property; what all such
    events may carry follows, with an empty ``event``, then what profiles and groups
    may have. Properties that the plan merely inherits from the built-in catalogues
    are left out. A cell that a spreadsheet would run as a formula starts with ``'``.

    >>> print(to_csv(TrackingPlan()).splitlines()[1])
    event,Page Viewed,A page was shown.,,,,,
    """
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(safe, row) for row in rows(plan))
    return file.getvalue()


def rows(plan: TrackingPlan) -> Iterator[Iterable[str]]:
    """Give the rows of the table, the columns in their order."""
    for event in plan.events.values():
        about = ("event", event.name, event.description)
        if not event.properties:
            yield *about, *[""] * 5
        for prop in event.properties or ():
            yield *about, *cells(prop, event)
    for kind, properties, built_in in (
        ("any event", plan.shared_event_properties, EventProperties),
        ("profile", plan.profile_properties, ProfileProperties),
        ("group", plan.group_properties, GroupProperties),
    ):
        own, _ = own_and_inherited(properties, built_in)
        for prop in own:
            yield kind, "", "", *cells(prop)


def cells(prop: Property, event: Event | None = None) -> tuple[str, ...]:
    """Give the cells that describe a property."""
    required = "" if event is None else yes_or_no(prop.name in event.required)
    kind = readable_type(prop)
    return prop.name, kind, required, yes_or_no(prop.pii), prop.description


def yes_or_no(claim: bool) -> str:  # it is what is said
    """Write a claim in a word."""
    return "yes" if claim else "no"


def safe(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula, and lines from breaking."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{lines}" if lines.startswith(FORMULA_SIGNS) else lines
