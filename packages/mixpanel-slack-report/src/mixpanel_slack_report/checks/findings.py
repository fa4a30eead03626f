"""What a check found: that something is well, or how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill
from typing import Literal

__all__ = ["Finding", "findings_document", "findings_text", "is_well", "mend", "ok"]

# What is left beside the first two columns at the least, however narrow a terminal.
NARROWEST = 9
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


def findings_text(findings: Iterable[Finding], *, width: int | None = None) -> str:
    """Write findings so that their columns stand under one another.

    Args:
        findings: What was found.
        width: How many columns there are, where long lines are folded under their
            beginning; None for a line for each finding, as a pipe has it.

    >>> found = [ok("webhook", "takes messages")]
    >>> print(findings_text(found), end="")
    ok       webhook       takes messages
    >>> print(findings_text(found, width=32), end="")
    ok       webhook       takes
                           messages
    """
    return "".join(f"{finding_text(each, width)}\n" for each in findings)


def finding_text(finding: Finding, width: int | None) -> str:
    """Write one finding, folded if there is a width; no word is parted."""
    head = f"{finding.state:<8} {finding.subject:<13} "
    if width is None:
        return head + finding.line
    return fill(
        finding.line,
        max(width, len(head) + NARROWEST),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
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
