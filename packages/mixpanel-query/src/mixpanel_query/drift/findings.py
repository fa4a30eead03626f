"""What is found when a tracking plan is compared with what arrives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from mixpanel_query.tables import Tabular

__all__ = ["DRIFT_KINDS", "Drift", "DriftFinding", "DriftKind"]

DriftKind: TypeAlias = Literal[
    "unknown event",
    "misspelt event",
    "former event",
    "dead event",
    "unknown property",
    "misspelt property",
    "missing property",
    "wrong type",
]
DRIFT_KINDS: Final[tuple[DriftKind, ...]] = get_args(DriftKind)


@dataclass(frozen=True, slots=True)
class DriftFinding:
    """One difference between the plan and what arrives.

    Attributes:
        kind: What is different: one of ``DRIFT_KINDS``.
        event: Name of the event, as it arrives; of a dead one, as it is declared.
        property: Name of the property, as it arrives, or as it is declared where it
            is missing; None where the event itself is meant.
        nearest: The declared name that was probably meant; None where none is near.
        detail: What was seen, in words; never a value.

    >>> print(DriftFinding("misspelt event", "Sing Up", nearest="Sign Up"))
    misspelt event 'Sing Up': nearest is 'Sign Up'
    """

    kind: DriftKind
    event: str
    property: str | None = None
    nearest: str | None = None
    detail: str = ""

    def __str__(self) -> str:
        """Return the finding in one line."""
        where = repr(self.event)
        if self.property is not None:
            where += f" {self.property!r}"
        near = None if self.nearest is None else f"nearest is {self.nearest!r}"
        said = "; ".join(part for part in (self.detail, near) if part)
        return f"{self.kind} {where}: {said}" if said else f"{self.kind} {where}"

    def to_dict(self) -> dict[str, object]:
        """Return the finding as a row."""
        return {
            "kind": self.kind,
            "event": self.event,
            "property": self.property,
            "nearest": self.nearest,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Drift(Tabular):
    """Everything that was found, and what could not be seen.

    Attributes:
        findings: The differences: events first, then properties, event by event.
        sampled: How many events were looked at for properties and types.
        calls: How many requests it took.
        unseen: What the comparison could not see, one sentence each. A finding may
            hide there: the absence of findings proves nothing about it.
    """

    findings: tuple[DriftFinding, ...]
    sampled: int
    calls: int
    unseen: tuple[str, ...]

    def of_kinds(self, kinds: Iterable[str]) -> tuple[DriftFinding, ...]:
        """Return the findings of some kinds."""
        wanted = set(kinds)
        return tuple(each for each in self.findings if each.kind in wanted)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every finding."""
        return [finding.to_dict() for finding in self.findings]
