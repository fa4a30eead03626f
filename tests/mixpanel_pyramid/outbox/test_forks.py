"""Processes that fork while they have an outbox."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from .rows import BLOG, SHOP, MakeOutbox, bodies, rows


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_a_forked_child_writes_through_a_connection_of_its_own(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """And takes nothing of what waited in its parent's memory."""
    from mixpanel_pyramid.process_watch import watch_outbox

    outbox = make_outbox()
    watch_outbox(outbox)
    outbox.put(rows(1))
    with outbox.lock:
        outbox.put(rows(1, first=1))
    child = os.fork()
    if child == 0:
        is_written = outbox.put(rows(1, first=2))
        os._exit(0 if is_written and not outbox.spill else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert outbox.mend()
    assert bodies(path) == ["E0", "E2", "E1"]


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_forks_while_threads_are_busy_in_the_outbox_harm_nobody(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """20 children of a process with two writing threads write, and end."""
    from mixpanel_pyramid.process_watch import watch_outbox

    outbox = make_outbox()
    watch_outbox(outbox)
    stop, written = threading.Event(), [0, 0]

    def work(number: int) -> None:
        while not stop.is_set():
            outbox.put(rows(5))
            outbox.mend()
            outbox.first(SHOP)
            written[number] += 5

    threads = [threading.Thread(target=work, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    ended = []
    for _ in range(20):
        child = os.fork()
        if child == 0:
            outbox.put(rows(1, to=BLOG))
            os._exit(0 if outbox.mend() and outbox.first(BLOG) else 1)
        ended.append(os.waitpid(child, 0)[1])
    stop.set()
    for thread in threads:
        thread.join()

    assert ended == [0] * 20
    assert outbox.mend()
    assert outbox.count(BLOG) == 20
    assert outbox.count(SHOP) == sum(written)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
