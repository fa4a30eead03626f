"""What is looked at once: is there a backlog, and can threads run?"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.dispatch import Dispatch, dispatch_for
from mixpanel_pyramid.message import event_message
from mixpanel_pyramid.outbox_rows import OutboxRow
from mixpanel_pyramid.settings import read_settings
from mixpanel_pyramid.start_up import has_backlog, lacks_threads, look_around

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink


def dispatch(sink: Sink, **more: object) -> Dispatch:
    """Make what takes the messages of an app."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url, **more}
    return dispatch_for(read_settings(settings))


@pytest.mark.parametrize(
    ("options", "lacks"),
    [
        ({}, True),
        ({b"http": b":8080", b"master": True}, True),
        ({b"enable-threads": True}, False),
        ({"enable-threads": "true"}, False),
        ({b"threads": b"4"}, False),
    ],
)
def test_uwsgi_says_whether_threads_run(
    monkeypatch: pytest.MonkeyPatch, options: dict[object, object], lacks: bool
) -> None:
    """It hands its options to Python, keys and values as bytes."""
    monkeypatch.setitem(sys.modules, "uwsgi", SimpleNamespace(opt=options))

    assert lacks_threads() is lacks


def test_elsewhere_threads_run() -> None:
    """The module is there only inside of uWSGI."""
    assert "uwsgi" not in sys.modules
    assert not lacks_threads()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        (
            "",
            "messages may stay in memory; set enable-threads = true, or set "
            "mixpanel.outbox and run `mixpanel-outbox send --follow`",
        ),
        (
            "outbox.sqlite",
            "messages may stay in the outbox; set enable-threads = true, or run "
            "`mixpanel-outbox send --follow --ini FILE` beside it",
        ),
    ],
)
def test_uwsgi_without_threads_is_told_of(
    sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, advice: str
) -> None:
    """And what to do about it."""
    more = {"mixpanel.outbox": str(tmp_path / name)} if name else {}
    target = dispatch(sink, **more)
    monkeypatch.setitem(sys.modules, "uwsgi", SimpleNamespace(opt={}))

    assert look_around(target) == [
        "uWSGI runs without enable-threads, where no thread is sure to run, so that "
        + advice
    ]


def test_nothing_is_missing_where_nothing_is(sink: Sink, tmp_path: Path) -> None:
    """An ordinary server, an outbox that is new."""
    outbox = tmp_path / "outbox.sqlite"

    assert look_around(dispatch(sink, **{"mixpanel.outbox": str(outbox)})) == []
    assert outbox.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("worker", "begins"), [(0, False), (1, True)])
def test_uwsgis_master_leaves_a_backlog_to_its_workers(
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    worker: int,
    begins: bool,
) -> None:
    """Or the lock of the sender would be a process's that never sends."""
    outbox = str(tmp_path / "outbox.sqlite")
    before = dispatch(sink, **{"mixpanel.outbox": outbox, "mixpanel.token": "t"})
    assert before.outbox is not None
    assert isinstance(before.mixpanel, BackgroundConsumer)
    address = before.mixpanel.service.address
    before.outbox.put([OutboxRow(address, event_message("A", {}))])
    uwsgi = SimpleNamespace(opt={"enable-threads": True}, worker_id=lambda: worker)
    monkeypatch.setitem(sys.modules, "uwsgi", uwsgi)

    look_around(before)

    assert (before.mixpanel.thread is not None) == begins
    before.mixpanel.notice()
    assert len(sink.wait_for(1)) == 1
    assert before.mixpanel.stop(10)


def test_a_consumer_of_the_apps_own_has_no_backlog(tmp_path: Path) -> None:
    """It is given each message once, and no file."""
    settings = {
        "mixpanel.token": "t",
        "mixpanel.outbox": str(tmp_path / "outbox.sqlite"),
        "mixpanel.consumer": "mixpanel_pyramid.MockedConsumer",
    }
    made = dispatch_for(read_settings(settings))
    assert made.outbox is not None

    assert not has_backlog(made.mixpanel, made.outbox)


def test_an_outbox_with_nothing_for_anybody_stays_unwritten(tmp_path: Path) -> None:
    """What the app's own consumer takes has no place in the file."""
    path = tmp_path / "outbox.sqlite"
    settings = {
        "mixpanel.token": "t",
        "mixpanel.outbox": str(path),
        "mixpanel.consumer": "mixpanel_pyramid.MockedConsumer",
    }
    made = dispatch_for(read_settings(settings))
    assert made.outbox is not None

    assert made.write([], [], made.outbox) == ([], [])
    assert not path.exists()
