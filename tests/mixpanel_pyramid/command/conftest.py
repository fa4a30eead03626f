"""Outboxes with something in them, and processes that use them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address, OutboxRow
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.shelves import Dead

from .outboxes import MAIN, SHOP, TOKEN, Put, Start, event, increment

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The outbox."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def put(path: Path) -> Iterator[Put]:
    """Put messages into the outbox."""
    outbox = Outbox(OutboxFile(path))

    def put(*messages: Message, to: Address = SHOP) -> None:
        assert outbox.put([OutboxRow(to, message) for message in messages])

    yield put
    outbox.close()


@pytest.fixture
def ini(tmp_path: Path, sink: Sink) -> Path:
    """The settings of an app that cannot be imported here."""
    ini = tmp_path / "app.ini"
    ini.write_text(
        "[app:main]\nuse = egg:shop\n"
        f"mixpanel.token = {TOKEN}\nmixpanel.base_url = {sink.base_url}\n"
        "mixpanel.events = shop.names.Events\nmixpanel.consumer = shop.own.Consumer\n"
        "mixpanel.outbox = %(here)s/outbox.sqlite\nmixpanel.flush_timeout = 20\n"
    )
    return ini


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the command in a process of its own."""
    started = []

    def begin(*arguments: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-Wignore", "-c", MAIN, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def letters(path: Path, put: Put) -> list[int]:
    """Dead letters: two that were refused, and one that is unknown."""
    put(event("Order Completed", Plan="secret-plan"), event("Order Refunded"))
    put(increment())
    reader = OutboxReader(OutboxFile(path), SHOP, lambda: 1_800_000_000.0)
    orders, counters = OutboxShelf(reader, 0), OutboxShelf(reader, 1)
    orders.batch(10, 10_000)
    orders.settle(
        [
            Dead(0, "refused", "properties.Plan is 'secret-plan' of joe@shop.example"),
            Dead(1, "refused", "properties.time is missing\x1b[2J"),
        ]
    )
    counters.batch(10, 10_000)
    counters.settle([Dead(0, "unknown", "ReadTimeout: timed out")])
    reader.close()
    return [1, 2, 3]
