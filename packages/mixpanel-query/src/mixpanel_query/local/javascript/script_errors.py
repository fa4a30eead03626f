"""What becomes of a script that fails: the error that its sender gets."""

from __future__ import annotations

import re

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.javascript.child import RUNTIME_LINE
from mixpanel_query.local.javascript.limits import MEBIBYTE, ScriptLimits

__all__ = ["died", "refused", "too_deep"]

# Seen by other clients; Mixpanel documents no status for scripts that fail.
SCRIPT_ERROR = 412
LONGEST = 500

# How a process ends that used too much of the processor.
SIGPROF = 27


def refused(kind: str, text: str, limits: ScriptLimits) -> RequestRefusedError:
    """Return the error for what the engine raised.

    Args:
        kind: Name of the class of the error.
        text: What it says, with the lines where it happened.
        limits: What the script may use.
    """
    first = text.partition("\n")[0].strip()
    if "InternalError: interrupted" in first:
        return too_slow(limits.step_seconds)
    if "out of memory" in first or (kind == "JSException" and first in ("null", "")):
        return RequestRefusedError(
            SCRIPT_ERROR,
            f"the script needs more than {limits.memory_bytes // MEBIBYTE} MiB of "
            "memory; keep less of each item, or ask for fewer days",
        )
    if kind == "OutputTooLargeError":
        return RequestRefusedError(
            SCRIPT_ERROR,
            f"the answer is larger than {limits.output_bytes:,} bytes; "
            "reduce it, or ask for fewer days",
        )
    if first == "[object Object]":
        first = "the script threw an object; throw an Error, which says why"
    return RequestRefusedError(SCRIPT_ERROR, f"{first[:LONGEST]}{place_of(text)}")


def place_of(text: str) -> str:
    r"""Return where in the script an error happened; empty if it does not say so.

    >>> place_of("TypeError: x\n    at main (<input>:2:12)\n")
    ' (line 2, column 12 of the script)'
    """
    for line, column in re.findall(r"<input>:(\d+):(\d+)", text):
        if int(line) < RUNTIME_LINE:
            return f" (line {line}, column {column} of the script)"
    return ""


def too_slow(seconds: float) -> RequestRefusedError:
    """Return the error for a script that takes too long over one batch of rows."""
    return RequestRefusedError(
        SCRIPT_ERROR,
        f"the script took more than {seconds:g} seconds over one batch of rows; "
        "look for a loop without an end",
    )


def too_deep() -> RequestRefusedError:
    """Return the error for a script whose sources nobody could read."""
    return RequestRefusedError(
        SCRIPT_ERROR,
        "what main() asks for is nested too deeply; give Events() and People() dates "
        "and selectors alone",
    )


def died(
    exit_status: int, limits: ScriptLimits, *, is_late: bool
) -> RequestRefusedError:
    """Return the error for a script whose process was ended, or broke down.

    Args:
        exit_status: Negative for the signal that ended it.
        limits: What the script may use.
        is_late: Whether it ran for as long as it may.
    """
    if exit_status == -SIGPROF:
        return too_slow(limits.step_seconds)
    if is_late:
        return RequestRefusedError(
            SCRIPT_ERROR,
            f"the script took more than {limits.run_seconds:g} seconds; "
            "ask for fewer days, or for events by their names",
        )
    return RequestRefusedError(
        SCRIPT_ERROR,
        f"the process of the script broke down, with exit status {exit_status}; "
        "let it do less at a time",
    )
