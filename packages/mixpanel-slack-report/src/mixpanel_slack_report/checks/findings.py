"""What a check found: that something is well, or how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "findings_document", "findings_text", "is_well", "mend", "ok"]

State = Literal["ok", "mend", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check.

    Attributes:
        subject: What was looked at, in one or two words.
        state: ``"ok"``, ``"mend"`` if somebody has to act, ``"skipped"`` if it could
            not be looked at, or need not be.
        line: What was found and, unless it is well, what to do; no secret is in it.
    """

    subject: str
    state: State
    line: str


def ok(subject: str, line: str) -> Finding:
    """Report that something is well."""
    return Finding(subject, "ok", line)


def mend(subject: str, line: str) -> Finding:
    """Report that somebody has to act."""
    return Finding(subject, "mend", line)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether nobody has to act."""
    return all(finding.state != "mend" for finding in findings)


def findings_text(findings: Iterable[Finding]) -> str:
    """Write findings as lines whose columns stand under one another.

    >>> print(findings_text([ok("webhook", "takes messages")]), end="")
    ok       webhook       takes messages
    """
    return "".join(
        f"{each.state:<8} {each.subject:<13} {each.line}\n" for each in findings
    )


def findings_document(findings: Iterable[Finding]) -> dict[str, object]:
    """Make the JSON-ready document of findings."""
    listed = tuple(findings)
    return {
        "ok": is_well(listed),
        "findings": [
            {"subject": each.subject, "state": each.state, "line": each.line}
            for each in listed
        ],
    }
