"""Which rules an answer rests on, and what becomes of one that rests on a guess.

While a request is answered, whatever uses a rule that is not documented says so with
`rests_on`. The answer then has a header, and the project remembers the rule; a project
that must not assume anything answers 501 instead.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.rules.table import RULES, Rule

__all__ = [
    "HEADER",
    "Assumptions",
    "Basis",
    "answering",
    "graded_error",
    "never_answered",
    "rests_on",
]

HEADER = "Local-Project-Basis"


class Assumptions:
    """The rules that are not documented and were used; any thread may use it.

    Args:
        allowed: Whether answers may rest on such rules.
    """

    def __init__(self, *, allowed: bool = True) -> None:
        self.allowed = allowed
        self._used: dict[str, Rule] = {}
        self._lock = threading.Lock()

    def add(self, rule: Rule) -> None:
        """Remember that a rule was used."""
        with self._lock:
            self._used.setdefault(rule.rule_id, rule)

    def listed(self) -> list[Rule]:
        """Return the rules that were used, in the order of their first use."""
        with self._lock:
            return list(self._used.values())

    def clear(self) -> None:
        """Forget which were used."""
        with self._lock:
            self._used.clear()


class Basis:
    """The rules that one answer rests on; the threads that work on it share it."""

    def __init__(self, assumptions: Assumptions) -> None:
        self._assumptions = assumptions
        self._used: dict[str, Rule] = {}

    def add(self, rule: Rule) -> None:
        """Let the answer rest on a rule.

        Raises:
            RequestRefusedError: 501, if the project must not assume anything.
        """
        if rule.grade == "documented":
            return
        if not self._assumptions.allowed:
            raise RequestRefusedError(
                501,
                f"the answer would rest on {rule.rule_id!r}, which is {rule.grade}, "
                f"not documented: {rule.behaviour} Let the project assume it, or do "
                "without",
            )
        self._used[rule.rule_id] = rule
        self._assumptions.add(rule)

    @property
    def header(self) -> str:
        """What the header of the answer says; empty if all is documented."""
        return ", ".join(
            f"{rule.grade}; rule={rule.rule_id}" for rule in list(self._used.values())
        )


PRESENT: ContextVar[Basis | None] = ContextVar("PRESENT", default=None)


@contextmanager
def answering(basis: Basis) -> Iterator[None]:
    """Let `rests_on` write into a basis, here and in threads that are started."""
    token = PRESENT.set(basis)
    try:
        yield
    finally:
        PRESENT.reset(token)


def rests_on(rule_id: str) -> None:
    """Say that the answer that is being worked on rests on a rule of the table.

    Outside of an answer it does nothing.

    Raises:
        RequestRefusedError: 501, if the rule is not documented and the project must
            not assume anything.
        KeyError: If the table has no such rule.
    """
    rule = RULES[rule_id]
    basis = PRESENT.get()
    if basis is not None:
        basis.add(rule)


def graded_error(
    error: RequestRefusedError, rule_id: str = "error-texts"
) -> RequestRefusedError:
    """Return an error whose words are not documented, once it is known to rest on that.

    It is a 501 that says what was wrong, if the project must not assume anything.

    Args:
        error: The error; what is none of a client's is returned as it is.
        rule_id: What its words rest on. A failed script has a rule of its own.
    """
    if not 400 <= error.status < 500:
        return error
    try:
        rests_on("jql-error-status" if error.status == 412 else rule_id)
    except RequestRefusedError as refusal:
        wrong = f"The error would be {error.status}: {error.message}"
        return RequestRefusedError(501, f"{refusal.message}. {wrong}")
    return error


def never_answered(rule_id: str, given: str) -> RequestRefusedError:
    """Return the error for what a local project has nothing like.

    Args:
        rule_id: The refused rule of the table.
        given: What was asked for, in a few words.
    """
    behaviour = RULES[rule_id].behaviour
    return RequestRefusedError(
        501, f"the local project does not answer {given}: {behaviour} (rule {rule_id})"
    )
