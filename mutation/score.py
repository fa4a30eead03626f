"""The score: how many of the mutants of an area were killed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mutation.explained import Change, Explanation

__all__ = ["LEAST", "AreaScore", "faults", "is_doubtful", "survivors", "table"]

LEAST = 90.0  # per cent of all mutants that were made
# Of which the first run proves nothing: mutmut says "timeout" where tests lacked time,
# and where they could not be run. They only count as killed if it happens twice.
DOUBTFUL = {"timeout", "segfault"}
KILLED = {"killed", *DOUBTFUL}


@dataclass
class AreaScore:
    """What became of the mutants of one area.

    Attributes:
        area: Its name.
        mutants: How many there are.
        survivors: What the others changed that were not killed, by mutmut's names.
        explained: Those of them that are explained.
        timeouts: How many of the killed ran out of time, twice.
    """

    area: str
    mutants: int = 0
    survivors: dict[str, Change] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)
    timeouts: int = 0

    @property
    def killed(self) -> int:
        """How many were killed."""
        return self.mutants - len(self.survivors)

    @property
    def percent(self) -> float:
        """The part that was killed; survivors with an explanation are survivors."""
        return 100 * self.killed / self.mutants if self.mutants else 0.0

    def explain(self, explanations: Iterable[Explanation]) -> None:
        """Note which survivors are explained."""
        known = {change for one in explanations for change in one.changes}
        found = {name for name, change in self.survivors.items() if change in known}
        self.explained |= found


def survivors(results: Mapping[str, str]) -> list[str]:
    """List the mutants that were not killed, of which no test may have heard.

    >>> survivors({"a": "killed", "b": "survived", "c": "no tests", "d": "timeout"})
    ['b', 'c']
    """
    return [name for name, status in results.items() if status not in KILLED]


def is_doubtful(status: str) -> bool:
    """Tell whether a mutant is to be run a second time, alone.

    >>> is_doubtful("timeout"), is_doubtful("killed")
    (True, False)
    """
    return status in DOUBTFUL


def table(scores: Iterable[AreaScore]) -> list[str]:
    """Write the scores, a line each, and all of them together."""
    rows = list(scores)
    whole = AreaScore("all", sum(row.mutants for row in rows))
    whole.timeouts = sum(row.timeouts for row in rows)
    for row in rows:
        whole.survivors |= row.survivors
        whole.explained |= row.explained
    lines = ["area       mutants  killed  timeouts  survived  explained   score"]
    for row in (*rows, whole):
        lines.append(
            f"{row.area:<9} {row.mutants:8} {row.killed:7} {row.timeouts:9}"
            f" {len(row.survivors):9} {len(row.explained):10} {row.percent:6.1f}%"
        )
    return lines


def faults(
    scores: Iterable[AreaScore],
    explanations: Iterable[Explanation],
    modules: Iterable[str],
) -> list[str]:
    """Say what is wrong with scores: each a line that says what to do.

    Args:
        scores: One for each area that was run.
        explanations: All there are.
        modules: What was mutated.
    """
    rows, found = list(scores), []
    for row in rows:
        for name in sorted(row.survivors.keys() - row.explained):
            change = row.survivors[name]
            found.append(
                f"{change.place}: no test fails where {change.was!r} becomes "
                f"{change.becomes!r} ({name}); write one, or explain it"
            )
    total = sum(row.mutants for row in rows)
    killed = sum(row.killed for row in rows)
    if 100 * killed < LEAST * total or not total:
        found.append(
            f"{killed} of {total} mutants were killed; {LEAST:.0f}% are needed"
        )
    left = {change for row in rows for change in row.survivors.values()}
    mutated = tuple(f"{module}." for module in modules)
    found += [
        f"{change.place}: what is explained does not survive: {change.becomes!r}; "
        "take the explanation out"
        for one in explanations
        for change in one.changes
        if change.place.startswith(mutated) and change not in left
    ]
    return found
