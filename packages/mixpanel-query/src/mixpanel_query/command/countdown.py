"""Says on standard error how long a question waits, and why."""

from __future__ import annotations

import sys
import threading

__all__ = ["Countdown"]

SHORTEST = 1.0
# Takes away what stands on the line of a terminal, as a bar of progress.
ERASE = "\x1b[K"


class Countdown:
    """Shows a wait: on a terminal one line that counts down, else one line a wait.

    Threads may share it. Waits below a second are not shown. On a terminal the line
    is gone once the wait is over.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown = ""
        self._told: str | None = None

    def __call__(self, seconds: float, reason: str) -> None:
        """Show what is left of a wait; 0 seconds end it."""
        if sys.stderr is None or sys.stderr.closed:
            return
        with self._lock:
            if seconds <= 0:
                self._clear()
            elif sys.stderr.isatty():
                # Whoever waits for a place does not know how long that takes.
                left = f" {seconds:.0f} seconds" if seconds >= SHORTEST else ""
                self._write(f"Waiting{left}: {reason}")
            elif self._told != reason and seconds >= SHORTEST:
                self._told = reason
                sys.stderr.write(f"Waiting {seconds:.0f} seconds: {reason}\n")
                sys.stderr.flush()

    def _write(self, line: str) -> None:
        """Write over the line that is shown."""
        sys.stderr.write(f"\r{ERASE}{line}")
        sys.stderr.flush()
        self._shown = line

    def _clear(self) -> None:
        """Take the line away that is shown."""
        self._told = None
        if self._shown:
            self._write("")
