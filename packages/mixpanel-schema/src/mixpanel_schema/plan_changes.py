"""Changes of a tracking plan: their kinds, what they break, and how they are shown.

A change is breaking when a call that was right is refused by the new plan, or when a
report that was built on a name no longer finds it. ``KINDS`` says it kind by kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

__all__ = ["KINDS", "Change", "PlanDiff"]

KINDS: Mapping[str, str] = {
    "added": "Not breaking: nothing used the name before.",
    "removed": "Breaking: calls are refused, and reports on the name stand still.",
    "renamed": "Not breaking: the old name stands in renamed_from, so that reports can "
    "join the two. Without renamed_from it is a removal and an addition.",
    "property-added": "Not breaking: the event may carry more than before.",
    "property-removed": "Breaking: calls that set it are refused.",
    "properties-listed": "Breaking: the event took any property and now takes those it "
    "lists.",
    "properties-opened": "Not breaking: the event takes any property of the plan.",
    "made-required": "Breaking: calls that leave the property out are refused.",
    "made-optional": "Not breaking: calls that set the property are still right.",
    "type-changed": "Breaking, unless the new type takes every value of the old one: "
    "int to float, a further choice of a Literal, a type to any.",
    "description-changed": "Not breaking: no call and no report reads it.",
    "pii-changed": "Not breaking: it only changes what is masked outside Mixpanel.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two plans.

    Attributes:
        kind: What happened, one of ``KINDS``.
        name: Name of the event or property, the new one where it was renamed.
        detail: The change in words.
        breaking: Whether it breaks calls or reports.
        scope: What is named: ``event``, ``event property``, ``profile property``,
            ``profile meta property`` or ``group property``.
        event: The event that a property changed for; empty where the change is not
            about one event's properties, or about all events that list none.
    """

    kind: str
    name: str
    detail: str
    breaking: bool
    scope: str = "event"
    event: str = ""

    def to_json(self) -> dict[str, str | bool]:
        """Give the change as a JSON-ready dict."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Everything that differs between two plans; false when nothing does.

    Printed it is its text.

    Attributes:
        changes: The changes, those of events first, in the plans' order.
    """

    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __str__(self) -> str:
        return self.to_text()

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that break calls or reports."""
        return tuple(change for change in self.changes if change.breaking)

    def to_text(self) -> str:
        """Write a line for each change, breaking ones with an exclamation mark."""
        lines = [
            f"{'!' if change.breaking else ' '} {titled(change)}: {change.detail}"
            for change in self.changes
        ]
        return "\n".join([*lines, summary(self)])

    def to_markdown(self) -> str:
        """Write a table of the changes, breaking ones first."""
        lines = [f"**{summary(self)}**"]
        if self.changes:
            lines += ["", "| Breaking | What | Change |", "| --- | --- | --- |"]
        for change in sorted(self.changes, key=lambda change: not change.breaking):
            breaking = "yes" if change.breaking else ""
            cells = (breaking, cell(titled(change, "`")), cell(change.detail))
            lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Give the changes as a JSON-ready dict."""
        return {
            "breaking": bool(self.breaking),
            "changes": [change.to_json() for change in self.changes],
        }


def titled(change: Change, quote: str = "'") -> str:
    """Write what a change is about."""
    where = f" of {quote}{change.event}{quote}" if change.event else ""
    return f"{change.scope} {quote}{change.name}{quote}{where}"


def cell(text: str) -> str:
    """Write a text so that it stays in one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def summary(found: PlanDiff) -> str:
    """Count the changes."""
    if not found.changes:
        return "no changes"
    count, breaking = len(found.changes), len(found.breaking)
    changes = "1 change" if count == 1 else f"{count} changes"
    return f"{changes}, {breaking or 'none'} breaking"
