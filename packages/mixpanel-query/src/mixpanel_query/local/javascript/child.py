"""The process of one script: rows come in at stdin, the answer leaves at stdout.

It is started by `script_run`, as a file and with nothing but the folder of the engine,
so it imports no more than that. A script sees the language and what ``runtime/``
gives it: no files, no network, no clock but the date, nothing of Python.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

__all__ = ["read_frame", "write_frame"]

# A frame is one letter that says what it holds, the size of that, and UTF-8.
HEADER = struct.Struct(">cI")

# How much later than the engine the system ends a step, so that the engine may say why.
GRACE_SECONDS = 0.25

# Nobody has so much to ask for, or to say of an error.
LARGEST_PLAN = 1 << 20
LONGEST_ERROR = 10_000

# The runtime is moved to these lines, which tells its errors from the script's.
RUNTIME_LINE = 1_000_000


class OutputTooLargeError(Exception):
    """The answer of the script is larger than it may be."""


def write_frame(stream: IO[bytes], kind: bytes, text: str) -> None:
    """Write a frame."""
    body = text.encode()
    stream.write(HEADER.pack(kind, len(body)) + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Read a frame; its letter is empty at the end of the stream."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return b"", b""
    kind, size = HEADER.unpack(head)
    return kind, stream.read(size)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Let the system end this process if a step takes too long.

    The engine minds its own limit, except inside a single operation on huge values.
    """
    if not hasattr(signal, "setitimer"):  # Windows has no such timer
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds + GRACE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class Script:
    """A script in the engine; for one thread."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Start the engine with the runtime, and let the script define ``main``.

        Args:
            given: ``runtime``, ``script`` and ``params`` as text, and the limits.
        """
        import quickjs

        self._seconds = given["step_seconds"]
        context = quickjs.Context()
        context.set_memory_limit(given["memory_bytes"])
        context.set_time_limit(self._seconds)
        self._runtime = context.eval("\n" * RUNTIME_LINE + given["runtime"])
        context.set("params", None)
        context.eval("(text) => { params = JSON.parse(text); }")(given["params"])
        with limited(self._seconds):
            context.eval(given["script"])
            self._main = context.eval("typeof main === 'undefined' ? undefined : main")
        self._context = context

    def call(self, name: str, *given: object) -> str | None:
        """Call a function of the runtime."""
        with limited(self._seconds):
            text: str | None = self._runtime(name, *given)
        return text

    def plan(self) -> str:
        """Run ``main``, and return the sources that it asks for, as JSON.

        Raises:
            ValueError: If it asks for too much.
        """
        text = self.call("plan", self._main) or ""
        if len(text) > LARGEST_PLAN:
            message = f"main() asks for more than {LARGEST_PLAN:,} letters can say"
            raise ValueError(message)
        return text


class Output:
    """The items of an answer, as pieces of a JSON array without its brackets."""

    def __init__(self, most_bytes: int) -> None:
        self.pieces: list[str] = []
        self._left = most_bytes

    def add(self, items: str | None) -> None:
        """Add a JSON array of items.

        Raises:
            OutputTooLargeError: If it is too much.
        """
        if items is None or items == "[]":
            return
        self._left -= len(items)
        if self._left < 0:
            raise OutputTooLargeError
        self.pieces.append(items[1:-1])


def run(source: IO[bytes], target: IO[bytes]) -> None:
    """Run the script that comes in: say its sources, take their rows, give its items.

    Frames in: the script (``S``); rows of people (``P``) and events (``E``); the end
    (``.``). Frames out: sources (``S``), the rules that were used (``N``), items
    (``R``) and the end (``.``).
    """
    given = json.loads(read_frame(source)[1])
    script = Script(given)
    write_frame(target, b"S", script.plan())
    output = Output(given["output_bytes"])
    kinds = {b"P": "people", b"E": "events"}
    while (frame := read_frame(source))[0] in kinds:
        output.add(script.call("feed", kinds[frame[0]], frame[1].decode()))
    if frame[0] != b".":
        return
    while (items := script.call("more")) is not None:
        output.add(items)
    write_frame(target, b"N", script.call("notes") or "[]")
    for piece in output.pieces:
        write_frame(target, b"R", piece)
    write_frame(target, b".", "")


def answer(work: Callable[[], None], target: IO[bytes]) -> None:
    """Do the work, and report its error as a frame (``X``: its class and its text)."""
    try:
        work()
    except BrokenPipeError:
        return
    # Whatever it is, the parent tells it.
    except Exception as error:
        said = shortened(str(error))
        write_frame(target, b"X", json.dumps([type(error).__name__, said]))


def shortened(text: str) -> str:
    """Return an error without its middle, if it is very long; its end says where."""
    if len(text) <= LONGEST_ERROR:
        return text
    half = LONGEST_ERROR // 2
    return f"{text[:half]}\n{text[-half:]}"


if __name__ == "__main__":
    sys.path.append(sys.argv[1])
    answer(lambda: run(sys.stdin.buffer, sys.stdout.buffer), sys.stdout.buffer)
