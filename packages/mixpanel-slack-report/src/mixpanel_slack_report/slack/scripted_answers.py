"""What a stand-in for Slack is told to answer, in place of what Slack would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ScriptedAnswer"]


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """One answer that a stand-in gives in place of its own.

    Attributes:
        status: The HTTP status; None for the answer that Slack would give.
        body: What is answered with that status.
        headers: Further headers, such as ``Retry-After``.
        delay: Seconds to wait before the answer.
        reset: When to cut the connection in place of an answer: ``"before"`` the
            message was read, or ``"after"``.
        posted: Whether the message is posted all the same, where the answer is not
            the one that Slack would give.

    >>> ScriptedAnswer(503, posted=True)  # posted, and an error all the same
    ScriptedAnswer(status=503, body='', headers={}, delay=0.0, reset='', posted=True)
    """

    status: int | None = None
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    reset: Literal["", "before", "after"] = ""
    posted: bool = False
