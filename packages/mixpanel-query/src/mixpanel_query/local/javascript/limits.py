"""What a script may use."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ScriptLimits"]

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class ScriptLimits:
    """How much a script may use before it is ended; threads may share it.

    Mixpanel lets a query run for two minutes:
    https://developer.mixpanel.com/reference/query-jql

    Attributes:
        memory_bytes: What all its values may take.
        step_seconds: Processor time that it may use without taking a new batch of
            rows or giving some. Five endless scripts at once, on two processors, are
            ended within five seconds; a machine that is busy ends no others.
        run_seconds: Time it may run in all, by the clock on the wall.
        output_bytes: Size of its answer.
    """

    memory_bytes: int = 512 * MEBIBYTE
    step_seconds: float = 1.5
    run_seconds: float = 120
    output_bytes: int = 512 * MEBIBYTE
