"""Running one script in a process of its own: what it asks for, its rows, its items."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.javascript import child
from mixpanel_query.local.javascript.limits import ScriptLimits
from mixpanel_query.local.javascript.runtime_files import runtime_for
from mixpanel_query.local.javascript.script_errors import died, refused, too_deep
from mixpanel_query.local.records.bodies import DEEPEST, is_deeper
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["ScriptRun"]


class ScriptRun:
    """A script that runs, for as long as its ``with`` lasts; for one thread at a time.

    Call `sources`, then `feed` for each batch of rows, then `items`.
    """

    def __init__(self, script: str, params: str, limits: ScriptLimits) -> None:
        """Start the process.

        Args:
            script: Its text.
            params: A JSON object, which it reads as ``params``.
            limits: What it may use.

        Raises:
            RequestRefusedError: 501, if the engine is not installed.
        """
        self._limits = limits
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-S", child.__file__, engine_folder()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=bare_environment(),
        )
        self._is_late = False
        self._timer = threading.Timer(limits.run_seconds, self._end_in_time)
        self._timer.daemon = True
        self._timer.start()
        self._given = {
            "runtime": runtime_for(script),
            "script": script,
            "params": params,
            "memory_bytes": limits.memory_bytes,
            "step_seconds": limits.step_seconds,
            "output_bytes": limits.output_bytes,
        }

    def __enter__(self) -> ScriptRun:
        try:
            self._send(b"S", json.dumps(self._given))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def close(self) -> None:
        """End the process, whatever it does."""
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                close_quietly(stream)

    def sources(self) -> dict[str, Any]:
        """Return what the script asks for: ``events``, ``people`` and ``join``.

        Raises:
            RequestRefusedError: 412, if the script is wrong or uses too much.
        """
        kind, body = self._receive()
        if kind != b"S":
            raise self._died()
        try:
            asked: dict[str, Any] = json.loads(body)
        except RecursionError as error:
            raise too_deep() from error
        # How deep Python reads depends on its version.
        if is_deeper(asked, DEEPEST):
            raise too_deep()
        return asked

    def feed(self, kind: bytes, batches: Iterable[str]) -> None:
        """Hand over rows: of people (``P``) or events (``E``).

        Raises:
            RequestRefusedError: 412, if the script fails, or uses too much.
        """
        for batch in batches:
            self._send(kind, batch)

    def items(self) -> Iterator[bytes]:
        """Let the script finish, and yield its items as pieces of one JSON array.

        Nothing is yielded before the script is done.

        Raises:
            RequestRefusedError: 412, if the script fails, or uses too much.
        """
        self._send(b".", "")
        kind, body = self._receive()
        if kind == b"N":
            for rule_id in json.loads(body):
                rests_on(rule_id)
            kind, body = self._receive()
        before = b"["
        while kind == b"R":
            yield before + body
            before = b","
            kind, body = self._receive()
        if kind != b".":
            raise self._died()
        yield b"[]" if before == b"[" else b"]"

    def _end_in_time(self) -> None:
        """End the process, which has run for as long as it may; in another thread."""
        self._is_late = True
        self._process.kill()

    def _send(self, kind: bytes, text: str) -> None:
        """Send a frame, or raise what kept the script from taking it."""
        try:
            child.write_frame(stream_of(self._process.stdin), kind, text)
        except OSError:
            # It has ended; its last words say why.
            while self._receive()[0]:
                pass
            raise self._died() from None

    def _receive(self) -> tuple[bytes, bytes]:
        """Return the next frame, or raise the error that it is."""
        kind, body = child.read_frame(stream_of(self._process.stdout))
        if kind == b"X":
            name, text = json.loads(body)
            raise refused(name, text, self._limits)
        return kind, body

    def _died(self) -> RequestRefusedError:
        """Return the error for a process that ended without a word."""
        return died(self._process.wait(), self._limits, is_late=self._is_late)


def stream_of(stream: IO[bytes] | None) -> IO[bytes]:
    """Return a pipe of the process, which is there because `Popen` was told so."""
    assert stream is not None
    return stream


def close_quietly(stream: IO[bytes]) -> None:
    """Close a pipe whose other end may be gone."""
    try:
        stream.close()
    except OSError:
        return


def engine_folder() -> str:
    """Return the folder of the engine, which the process alone imports.

    Raises:
        RequestRefusedError: 501, if it is not installed.
    """
    spec = find_spec("quickjs")
    if spec is None or spec.origin is None:
        raise RequestRefusedError(
            501,
            "JQL needs quickjs-ng, which is not installed here; "
            "run: pip install quickjs-ng",
        )
    return str(Path(spec.origin).parents[1])


def bare_environment() -> dict[str, str]:
    """Return the environment of the process, which holds no secret of this one."""
    # Windows starts no Python without it.
    kept = ("SYSTEMROOT",)
    return {name: os.environ[name] for name in kept if name in os.environ}
