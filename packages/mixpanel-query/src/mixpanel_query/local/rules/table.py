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
        "surrogate-pairs",
        "observed",
        "In base64, a character beyond U+FFFF may be written as the two halves of its "
        "surrogate pair, in three bytes each.",
        "mixpanel-browser writes them so: "
        "https://github.com/mixpanel/mixpanel-js/blob/master/src/utils.js",
    ),
    Rule(
        "page-origins",
        "documented",
        "A web page of any origin may use /track, /engage, /groups, /flags, /record, "
        "/settings and /decide, with credentials, and no other endpoint.",
        "https://docs.mixpanel.com/docs/tracking-methods/sdks/javascript",
    ),
    Rule(
        "page-headers",
        "assumed",
        "A web page may send those endpoints every header that it asks for first.",
        "The documentation does not say which ones; a page that posted JSON to /track "
        "was once refused its Content-Type: "
        "https://github.com/mixpanel/mixpanel-js/issues/364",
    ),
    Rule(
        "no-feature-flags",
        "assumed",
        "GET /flags answers that the project has no feature flags.",
        "The documentation does not show the answer of a project without any.",
    ),
    Rule(
        "large-property",
        "assumed",
        "A list or an object of more than 8 KB of JSON, or 256 KB in a profile, is "
        "left out of what is kept.",
        "The documentation has the limits, and not what happens beyond them.",
    ),
    Rule(
        "numbers-as-ids",
        "assumed",
        "A number as distinct_id is made a text, but by /import with strict=1.",
        "The documentation says that ids are texts, and not what happens to others.",
    ),
    Rule(
        "insert-ids-unless-strict",
        "assumed",
        "An event whose $insert_id is too long, or has other signs than letters, "
        "digits and hyphens, is refused by /track and /import with strict=0 too.",
        "The documentation has the rule for /import with strict=1.",
    ),
    Rule(
        "invalid-ids-in-any-case",
        "assumed",
        "Ids that stand for nobody, such as undefined, are refused in capitals too.",
        "The documentation lists them in small letters.",
    ),
    Rule(
        "no-places",
        "assumed",
        "No address or position is looked up; $city, $region and the country stay as "
        "they were sent.",
        "The documentation does not say which place an address gives.",
    ),
    Rule(
        "jql-error-status",
        "assumed",
        "A script that fails is answered with status 412.",
        "The documentation names no status for it.",
    ),
)

RULES: Final[dict[str, Rule]] = {rule.rule_id: rule for rule in TABLE}
