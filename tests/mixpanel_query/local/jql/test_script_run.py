"""The process of a script, and what its errors become."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.javascript import child
from mixpanel_query.local.javascript.limits import ScriptLimits
from mixpanel_query.local.javascript.runtime_files import runtime_for
from mixpanel_query.local.javascript.script_errors import died, refused
from mixpanel_query.local.javascript.script_run import ScriptRun

LIMITS = ScriptLimits(memory_bytes=1 << 20, step_seconds=2, run_seconds=9)


def test_without_the_engine_scripts_are_501(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    monkeypatch.delitem(sys.modules, "quickjs", raising=False)
    importlib.invalidate_caches()

    with pytest.raises(RequestRefusedError, match="pip install quickjs-ng") as caught:
        ScriptRun("function main() {}", "{}", LIMITS)

    assert caught.value.status == 501


def test_items_are_pieces_of_an_array() -> None:
    """Rows that come in leave as one JSON array."""
    script = "function main() { return People().map(u => u.properties.n); }"
    batch = '[["a", "b"], [null, null]]\x1e{"n": 1}\x1e{"n": 2}'
    with ScriptRun(script, "{}", ScriptLimits()) as run:
        assert run.sources() == {"people": {}}
        run.feed(b"P", [batch, batch])
        assert b"".join(run.items()) == b"[1,2,1,2]"


def test_script_that_fails_among_its_rows() -> None:
    """Its error comes out, however many rows are still to be sent."""
    script = "function main() { return People().map(u => u.properties.n.x); }"
    batches = ('[["a"], [null]]\x1e{"y": "' + "x" * 100_000 + '"}' for _ in range(100))
    with ScriptRun(script, "{}", ScriptLimits()) as run:
        run.sources()

        def feed_all() -> list[bytes]:
            run.feed(b"P", batches)
            return list(run.items())

        with pytest.raises(RequestRefusedError, match="cannot read property 'x'"):
            feed_all()


def test_process_ends_with_the_block() -> None:
    """Even when nobody listened to it."""
    with ScriptRun("function main() {}", "{}", ScriptLimits()) as run:
        process = run.process_id

    if Path("/proc/self").exists():
        assert not Path(f"/proc/{process}").exists()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            "JSException",
            "TypeError: x\n    at f (<input>:1000017:1)\n    at main (<input>:2:12)\n",
            "TypeError: x (line 2, column 12 of the script)",
        ),
        ("JSException", "abc\nundefined", "abc"),
        (
            "JSException",
            "[object Object]\nundefined",
            "the script threw an object; throw an Error, which says why",
        ),
        (
            "JSException",
            "InternalError: interrupted\n    at main (<input>:1:1)\n",
            "the script took more than 2 seconds over one batch of rows; "
            "look for a loop without an end",
        ),
        (
            "JSException",
            "null\n",
            "the script needs more than 1 MiB of memory; keep less of each item, "
            "or ask for fewer days",
        ),
    ],
)
def test_error_of_the_engine(kind: str, text: str, expected: str) -> None:
    """It becomes one line, with the place in the script and not in the runtime."""
    error = refused(kind, text, LIMITS)

    assert (error.status, error.message) == (412, expected)


@pytest.mark.parametrize(
    ("status", "is_late", "expected"),
    [
        (-27, False, "the script took more than 2 seconds over one batch of rows"),
        (-9, True, "the script took more than 9 seconds"),
        (1, True, "the script took more than 9 seconds"),
        (-9, False, "the process of the script broke down, with exit status -9"),
    ],
)
def test_process_that_ended(status: int, is_late: bool, expected: str) -> None:
    """How it ended tells why."""
    assert died(status, LIMITS, is_late=is_late).message.startswith(expected)


def test_place_of_a_long_error_is_kept() -> None:
    """What is left out is its middle."""
    script = "\nfunction main() { throw new Error('x'.repeat(1000000)); }"
    with (
        ScriptRun(script, "{}", ScriptLimits()) as run,
        pytest.raises(RequestRefusedError) as caught,
    ):
        run.sources()

    assert len(caught.value.message) < 600
    assert "(line 2, column" in caught.value.message


def test_runtime_is_one_function() -> None:
    """Scripts see none of its names, and may use them all."""
    runtime = runtime_for("function main() {}")

    assert runtime.startswith("(function () {")
    assert runtime.endswith("})()")


def test_process_alone_says_what_it_lacks(tmp_path: Path) -> None:
    """Without the engine it answers with the error, and not with a traceback."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", child.__file__, str(tmp_path)],
        input=b"S\x00\x00\x00\x02{}",
        capture_output=True,
        check=False,
    )

    assert done.stdout[:1] == b"X"
    assert b"ModuleNotFoundError" in done.stdout
    assert done.stderr == b""
