"""The table of rules: how a local project behaves, and how that is known.

docs/local-project-rules.md shows this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["RULES", "Grade", "Rule"]

Grade: TypeAlias = Literal["documented", "observed", "assumed"]

REFERENCE: Final = "https://developer.mixpanel.com/reference/"


@dataclass(frozen=True, slots=True)
class Rule:
    """One behaviour of a local project.

    Attributes:
        rule_id: Its short name, in words with hyphens.
        grade: ``documented`` by Mixpanel, ``observed`` in other clients, or
            ``assumed`` here.
        behaviour: What a local project does, in one sentence.
        source: Where it is documented, or was observed; of an assumption, what the
            documentation leaves open.
    """

    rule_id: str
    grade: Grade
    behaviour: str
    source: str


TABLE: Final = (
    Rule(
        "event-deduplication",
        "documented",
        "Events with the same event, distinct_id, time and $insert_id count once in "
        "questions; the export gives each of them.",
        f"{REFERENCE}event-deduplication",
    ),
    Rule(
        "jql-error-status",
        "assumed",
        "A script that fails is answered with status 412.",
        "The documentation names no status for it.",
    ),
)

RULES: Final[dict[str, Rule]] = {rule.rule_id: rule for rule in TABLE}
