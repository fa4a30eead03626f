"""What the process of a script writes for what it reads, frame by frame."""

from __future__ import annotations

import io
import json

import pytest

from mixpanel_query.local.javascript import child
from mixpanel_query.local.javascript.runtime_files import runtime_for

pytest.importorskip("quickjs", reason="needs the extra local")
PEOPLE = "function main() { return People().map(u => u.properties.n); }"
BATCH = '[["a", "b"], [null, null]]\x1e{"n": 1}\x1e{"n": 2}'
Frames = list[tuple[bytes, str]]


def answered(script: str, *rows: tuple[bytes, str], most_bytes: int = 1000) -> Frames:
    """Run a script over rows, and return the frames that it writes."""
    given = {
        "runtime": runtime_for(script),
        "script": script,
        "params": "{}",
        "memory_bytes": 1 << 24,
        "step_seconds": 5,
        "output_bytes": most_bytes,
    }
    source, target = io.BytesIO(), io.BytesIO()
    for kind, text in ((b"S", json.dumps(given)), *rows):
        child.write_frame(source, kind, text)
    source.seek(0)
    child.answer(lambda: child.run(source, target), target)
    target.seek(0)
    frames: Frames = []
    while (frame := child.read_frame(target))[0]:
        frames.append((frame[0], frame[1].decode()))
    return frames


def test_sources_items_and_the_end() -> None:
    """What is asked for comes first, and an end says that nothing was lost."""
    sources, *others = answered(PEOPLE, (b"P", BATCH), (b".", ""))

    assert (sources[0], json.loads(sources[1])) == (b"S", {"people": {}})
    items = [text for kind, text in others if kind == b"R"]
    assert json.loads(f"[{','.join(items)}]") == [1, 2]
    assert others[-1] == (b".", "")


def test_rows_that_end_too_early_have_no_answer() -> None:
    """Whoever gave them is gone, and half of an answer is none."""
    frames = answered(PEOPLE, (b"P", BATCH))

    assert [kind for kind, _ in frames] == [b"S"]


@pytest.mark.parametrize(
    ("script", "rows", "name"),
    [
        ("function main() { return ", (), "JSException"),
        ("function main() { throw new Error('no'); }", (), "JSException"),
        (PEOPLE, ((b"P", BATCH), (b".", "")), "OutputTooLargeError"),
    ],
    ids=["no script", "an error", "too much"],
)
def test_an_error_is_the_last_frame(
    script: str, rows: tuple[tuple[bytes, str], ...], name: str
) -> None:
    """With its class, by which the parent tells what to say of it."""
    kind, text = answered(script, *rows, most_bytes=1)[-1]

    assert kind == b"X"
    assert json.loads(text)[0] == name


def test_a_plan_that_is_too_long_is_an_error() -> None:
    """A million letters are more than anybody has to ask for."""
    script = (
        "function main() { return Events({from_date: '2026-11-09', "
        "to_date: '2026-11-15', event_selectors: [{event: 'x'.repeat(2000000)}]}); }"
    )

    kind, text = answered(script)[-1]

    assert kind == b"X"
    assert "main() asks for more than 1,048,576 letters can say" in json.loads(text)[1]


def test_nobody_is_told_of_an_error_where_nobody_listens() -> None:
    """The parent has closed its end."""

    def gone() -> None:
        raise BrokenPipeError

    target = io.BytesIO()
    child.answer(gone, target)

    assert target.getvalue() == b""


def test_a_very_long_error_keeps_its_beginning_and_its_end() -> None:
    """5,000 letters of each; its end says where it was."""
    text = child.shortened("a" * 9000 + "b" * 9000)

    assert text == "a" * 5000 + "\n" + "b" * 5000
    assert child.shortened("a" * 10_000) == "a" * 10_000
