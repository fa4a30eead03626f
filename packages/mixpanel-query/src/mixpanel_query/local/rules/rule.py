"""What a rule is: one behaviour of a local project, and how it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["DOCS", "GRADES", "REFERENCE", "Grade", "Rule"]

Grade: TypeAlias = Literal["documented", "observed", "assumed", "refused"]

GRADES: Final[tuple[Grade, ...]] = ("documented", "observed", "assumed", "refused")

REFERENCE: Final = "https://developer.mixpanel.com/reference/"
DOCS: Final = "https://docs.mixpanel.com/docs/"


@dataclass(frozen=True, slots=True)
class Rule:
    """One behaviour of a local project.

    Attributes:
        rule_id: Its short name, in words with hyphens.
        grade: ``documented`` by Mixpanel, ``observed`` in other clients, ``assumed``
            here, or ``refused``: always answered 501.
        behaviour: What a local project does, in one sentence.
        source: Where it is documented, or was observed; of an assumption, what the
            documentation leaves open.
    """

    rule_id: str
    grade: Grade
    behaviour: str
    source: str
