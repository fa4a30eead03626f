"""Tests of mixpanel_query.command.json_lines."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from mixpanel_query import ExportedEvent
from mixpanel_query.command.json_lines import write_events
from mixpanel_query.exported_events import read_event

Row = Callable[..., bytes]


@pytest.fixture
def events(row: Row) -> Iterator[ExportedEvent]:
    """Three thousand events."""
    return (read_event(row(number)) for number in range(3000))


def test_signs_are_escaped(row: Row, tmp_path: Path) -> None:
    """A reader that splits lines as text does still finds one event a line."""
    target = tmp_path / "a.jsonl"
    event = read_event(row(1, text="\u2028č\ud800"))

    assert write_events([event], target) == 1
    (line,) = target.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == event.to_dict()


def test_number_that_python_cannot_hold(tmp_path: Path) -> None:
    """A line of plain ASCII is written as it came, with numbers of any size."""
    line = b'{"event":"A","properties":{"time":1,"huge":1e400}}'

    write_events([read_event(line)], tmp_path / "out.jsonl")

    assert (tmp_path / "out.jsonl").read_bytes() == line + b"\n"


def test_old_file_stays_until_the_new_one_is_whole(
    events: Iterator[ExportedEvent], tmp_path: Path
) -> None:
    """An export that fails leaves the file of the one before."""
    target = tmp_path / "a.jsonl"
    target.write_text("old")

    def cut() -> Iterator[ExportedEvent]:
        yield next(events)
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        write_events(cut(), target)

    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_file_is_replaced(events: Iterator[ExportedEvent], tmp_path: Path) -> None:
    """An export that works replaces the file of the one before."""
    target = tmp_path / "a.jsonl"
    target.write_text("old")

    assert write_events(events, target) == 3000
    assert len(target.read_bytes().splitlines()) == 3000


def test_link_is_followed(events: Iterator[ExportedEvent], tmp_path: Path) -> None:
    """A link stays one; what it points at is replaced."""
    target, link = tmp_path / "a.jsonl", tmp_path / "latest"
    link.symlink_to(target)

    write_events(events, link)

    assert link.is_symlink()
    assert target.exists()


def test_device_is_not_replaced(events: Iterator[ExportedEvent]) -> None:
    """/dev/null is written to and stays what it is."""
    write_events(events, Path(os.devnull))

    assert not Path(os.devnull).is_file()


def test_folder_that_is_not_there(
    events: Iterator[ExportedEvent], tmp_path: Path
) -> None:
    """A place that cannot be written to is one line with its name."""
    with pytest.raises(
        click.ClickException, match=r"week\.jsonl' cannot be written: No"
    ):
        write_events(events, tmp_path / "nowhere" / "week.jsonl")


def test_progress_for_a_person(
    events: Iterator[ExportedEvent],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On a terminal, every thousandth event is counted aloud."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    write_events(events, tmp_path / "a.jsonl")

    assert capsys.readouterr().err == ("\r1,000 events\r2,000 events\r3,000 events\n")


def test_no_progress_for_a_file(
    events: Iterator[ExportedEvent],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where nobody watches, nothing is counted aloud."""
    write_events(events, tmp_path / "a.jsonl")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["", "x" * 300, "loop", "/dev/full"])
def test_place_that_cannot_be_written(
    name: str,
    events: Iterator[ExportedEvent],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A folder, a long name, links in a circle, a full disk: each is one line."""
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")

    with pytest.raises(click.ClickException, match="cannot be written: "):
        write_events(events, Path(name))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_leaves_no_part(
    number: int, events: Iterator[ExportedEvent], tmp_path: Path
) -> None:
    """A process that is told to end cleans up as after Ctrl-C."""

    def ended() -> Iterator[ExportedEvent]:
        yield next(events)
        os.kill(os.getpid(), number)
        yield from events

    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        write_events(ended(), tmp_path / "a.jsonl")

    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(number) is before
