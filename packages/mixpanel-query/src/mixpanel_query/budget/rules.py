"""The limits of Mixpanel's APIs, which hold for a project as a whole.

https://developer.mixpanel.com/reference/rate-limits
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mixpanel_query.wire import Limit

__all__ = ["BITS", "HOUR", "RULES", "Rule"]

HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit.

    Attributes:
        count: How many requests there may be in ``seconds``.
        seconds: Length of the rolling span in which they are counted.
        at_once: How many may be under way; None for any number.
        a_second: How many may begin within a second; None for any number.
        noun: What is counted, in the plural.
    """

    count: int
    seconds: float
    at_once: int | None
    a_second: int | None
    noun: str


RULES: Final[dict[Limit, Rule]] = {
    "query": Rule(60, HOUR, 5, None, "queries"),
    # A request of JQL counts against the queries too: it names both limits.
    "jql": Rule(60, HOUR, 5, None, "JQL queries"),
    "export": Rule(60, HOUR, 100, 3, "exports"),
    # https://developer.mixpanel.com/reference/lexicon-schemas-api
    "lexicon": Rule(5, 60.0, None, None, "Lexicon requests"),
}
# How a record of a call says which limits it counts against.
BITS: Final[dict[Limit, int]] = {name: 1 << i for i, name in enumerate(RULES)}
