"""The outbox as its sender uses it: nothing posted twice that counts, nothing lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address, OutboxRow
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.shelves import Dead

SHOP = Address("mixpanel-1", "Mixpanel, https://one.example")
BLOG = Address("mixpanel-2", "Mixpanel, https://two.example")
DAY = 86_400.0
SIZE = 2_000_000

Put = Callable[..., None]

MARKS = """
import os, sys
from pathlib import Path
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
reader = OutboxReader(OutboxFile(Path(sys.argv[1])), Address(*sys.argv[2:4]))
for lane in (0, 1):
    shelf = OutboxShelf(reader, lane)
    shelf.batch(2, 2_000_000)
    shelf.begin()
    if sys.argv[4] == "not applied":
        shelf.put_back()
os.kill(os.getpid(), 9)
"""


class Clock:
    """A clock that a test sets."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> OutboxFile:
    """An outbox."""
    return OutboxFile(tmp_path / "outbox.sqlite")


@pytest.fixture
def put(file: OutboxFile) -> Iterator[Put]:
    """Put messages into it: texts of one endpoint."""
    outbox = Outbox(file)

    def put(*texts: str, endpoint: str = "events", to: Address = SHOP) -> None:
        traits = 0 if endpoint == "people" else 1
        messages = [Message(endpoint, text, traits, 7.0) for text in texts]
        assert outbox.put([OutboxRow(to, message) for message in messages])

    yield put
    outbox.close()


@pytest.fixture
def clock() -> Clock:
    """The sender's clock."""
    return Clock()


@pytest.fixture
def reader(file: OutboxFile, clock: Clock) -> Iterator[OutboxReader]:
    """The sender's connection."""
    reader = OutboxReader(file, SHOP, clock)
    yield reader
    reader.close()


@pytest.fixture
def shelf(reader: OutboxReader) -> OutboxShelf:
    """The lane of events."""
    return OutboxShelf(reader, 0)


@pytest.fixture
def counters(reader: OutboxReader) -> OutboxShelf:
    """The lane of profiles; all that is put there counts."""
    return OutboxShelf(reader, 1)


def texts(batch: list[Message]) -> list[str]:
    """Give the texts of a batch."""
    return [message.text for message in batch]


def table(file: OutboxFile, statement: str) -> list[tuple[object, ...]]:
    """Ask the file."""
    with closing(sqlite3.connect(file.path)) as connection:
        return connection.execute(statement).fetchall()


def left(file: OutboxFile) -> list[object]:
    """Give what waits."""
    return [row[0] for row in table(file, "SELECT body FROM messages ORDER BY id")]


def dead(file: OutboxFile) -> list[tuple[object, ...]]:
    """Give the dead letters."""
    return table(file, "SELECT body, state, reason FROM dead_letters ORDER BY id")


def test_batches_are_taken_oldest_first_and_stay_until_settled(
    shelf: OutboxShelf, file: OutboxFile, put: Put
) -> None:
    """With all that was known of each message, but its credentials."""
    put("1", "2", "3")

    assert shelf.batch(2, SIZE) == [
        Message("events", "1", 1, 7.0),
        Message("events", "2", 1, 7.0),
    ]
    assert left(file) == ["1", "2", "3"]
    shelf.begin()
    shelf.settle()
    assert texts(shelf.batch(2, SIZE)) == ["3"]
    assert left(file) == ["3"]


def test_lanes_and_destinations_do_not_mix(
    shelf: OutboxShelf, counters: OutboxShelf, file: OutboxFile, put: Put
) -> None:
    """What lies between a batch's first and last message is another's."""
    put("1")
    put("blog", to=BLOG)
    put("add", endpoint="people")
    put("2")

    assert texts(shelf.batch(10, SIZE)) == ["1", "2"]
    shelf.begin()
    shelf.settle()
    assert left(file) == ["blog", "add"]
    assert texts(counters.batch(10, SIZE)) == ["add"]


def test_some_of_a_batch_may_die_and_the_others_stay(
    shelf: OutboxShelf, file: OutboxFile, put: Put
) -> None:
    """What stays is given again, in the same order, and is not under way."""
    put("1", "2", "3", "4")
    shelf.batch(3, SIZE, mixed=True)
    shelf.begin()
    shelf.settle([Dead(1, "unknown", "status 503")], kept={0, 2})

    assert dead(file) == [("2", "unknown", "status 503")]
    assert table(file, "SELECT * FROM in_flight") == []
    assert texts(shelf.batch(10, SIZE)) == ["1", "3", "4"]


def test_what_dies_of_a_batch_is_kept_with_the_reason(
    shelf: OutboxShelf, file: OutboxFile, put: Put
) -> None:
    """The others are done."""
    put("1", "2", "3")
    shelf.batch(10, SIZE)
    shelf.begin()
    shelf.settle([Dead(1, "refused", "properties.time is missing")])

    assert dead(file) == [("2", "refused", "properties.time is missing")]
    assert left(file) == []
    assert table(file, "SELECT * FROM in_flight") == []


@pytest.mark.parametrize(
    ("known", "unknown"), [("posted", ["+1", "+2"]), ("not applied", [])]
)
def test_a_killed_senders_counters_are_unknown_and_the_rest_is_repeated(
    reader: OutboxReader,
    file: OutboxFile,
    put: Put,
    known: str,
    unknown: list[str],
) -> None:
    """But what surely was not applied when it died is repeated, whatever it is."""
    put("1", "2", "3")
    put("+1", "+2", "+3", endpoint="people")
    put("blog", to=BLOG)
    killed = subprocess.run(
        [sys.executable, "-Wignore", "-c", MARKS, str(file.path), *SHOP, known],
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL

    assert reader.recover() == len(unknown)
    everything = ["1", "2", "3", "+1", "+2", "+3", "blog"]
    assert left(file) == [body for body in everything if body not in unknown]
    reason = "the process that sent it ended before an answer came"
    assert dead(file) == [(body, "unknown", reason) for body in unknown]
    assert reader.recover() == 0


def test_a_settlement_that_fails_is_made_up_for_and_nothing_posted_twice(
    counters: OutboxShelf, reader: OutboxReader, file: OutboxFile, put: Put
) -> None:
    """Mixpanel took the batch, and then the disk failed: the next batch is another."""
    put("+1", "+2", endpoint="people")
    assert texts(counters.batch(1, SIZE)) == ["+1"]
    counters.begin()
    with closing(sqlite3.connect(file.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        reader.opened().execute("PRAGMA busy_timeout = 10").close()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            counters.settle()
    reader.close()
    assert not counters.is_empty()

    assert texts(counters.batch(1, SIZE)) == ["+2"]
    assert left(file) == ["+2"]
    assert dead(file) == []


def test_dead_letters_are_kept_for_30_days(
    shelf: OutboxShelf, reader: OutboxReader, file: OutboxFile, clock: Clock, put: Put
) -> None:
    """Then they are forgotten, however many there are."""
    put(*map(str, range(1200)))
    shelf.batch(2000, SIZE)
    shelf.settle([Dead(index, "refused", "") for index in range(1100)])
    clock.now += 15 * DAY
    put("late")
    shelf.batch(1, SIZE)
    shelf.settle([Dead(0, "refused", "")])
    clock.now += 15 * DAY - 1
    reader.keep_house()
    assert len(dead(file)) == 1101

    clock.now += 2
    reader.clean_at = 0.0
    reader.keep_house()

    assert dead(file) == [("late", "refused", "")]


def test_messages_refused_from_a_full_outbox_can_be_kept(tmp_path: Path) -> None:
    """Or it could never be emptied."""
    outbox = Outbox(OutboxFile(tmp_path / "full.sqlite", max_mb=1))
    row = OutboxRow(SHOP, Message("events", "x" * 9000, 1))
    while outbox.put([row]):
        pass
    outbox.close()
    reader = OutboxReader(OutboxFile(tmp_path / "full.sqlite", max_mb=1), SHOP)
    shelf, number = OutboxShelf(reader, 0), 0
    while batch := shelf.batch(50, SIZE):
        number += len(batch)
        shelf.begin()
        shelf.settle([Dead(index, "refused", "") for index in range(len(batch))])

    assert number > 80
    assert len(dead(reader.file)) == number
    reader.close()


def test_a_lane_is_not_read_through_the_backlog_of_others_again(
    shelf: OutboxShelf, reader: OutboxReader, put: Put
) -> None:
    """Once it is found empty, and the same however long the backlog is."""
    put(*["{}"] * 30_000, to=BLOG)
    assert shelf.batch(10, SIZE) == []
    put("mine")
    steps: list[int] = []
    reader.opened().set_progress_handler(lambda: steps.append(1), 100)

    assert texts(shelf.batch(10, SIZE)) == ["mine"]

    reader.opened().set_progress_handler(None, 0)
    assert len(steps) < 5


def test_a_batch_is_settled_quickly_though_others_lie_between(
    shelf: OutboxShelf, reader: OutboxReader, file: OutboxFile, put: Put
) -> None:
    """Requests wait meanwhile, so that the others are not looked at."""
    put("1")
    put(*["{}"] * 30_000, to=BLOG)
    put("2")
    assert texts(shelf.batch(10, SIZE)) == ["1", "2"]
    steps: list[int] = []
    reader.opened().set_progress_handler(lambda: steps.append(1), 100)

    shelf.begin()
    shelf.settle()

    reader.opened().set_progress_handler(None, 0)
    assert len(steps) < 5
    assert set(left(file)) == {"{}"}
    assert len(left(file)) == 30_000


def test_a_batch_of_a_long_backlog_costs_what_one_of_a_short_one_does(
    shelf: OutboxShelf, reader: OutboxReader, put: Put
) -> None:
    """Counted in the steps that SQLite makes, from the first batch to the last."""
    put(*["{}"] * 20_000)
    steps: list[int] = []
    costs = []
    reader.opened().set_progress_handler(lambda: steps.append(1), 100)
    for _ in range(10):
        steps.clear()
        assert len(shelf.batch(2000, SIZE)) == 2000
        shelf.begin()
        shelf.settle()
        costs.append(len(steps))
    reader.opened().set_progress_handler(None, 0)

    assert max(costs) < 1.2 * min(costs)


def test_a_message_larger_than_a_batch_travels_alone(
    shelf: OutboxShelf, put: Put
) -> None:
    """It is the service's to refuse."""
    put("x" * 3_000_000, "small")

    assert [len(text) for text in texts(shelf.batch(10, SIZE))] == [3_000_000]
    shelf.begin()
    shelf.settle()
    assert texts(shelf.batch(10, SIZE)) == ["small"]


def test_the_log_is_cut_though_another_process_writes_all_the_time(
    reader: OutboxReader, file: OutboxFile, put: Put
) -> None:
    """Else it would only grow: it begins anew only where all of it is in the file."""
    script = (
        "import sys; from pathlib import Path\n"
        "from mixpanel_pyramid.message import Message\n"
        "from mixpanel_pyramid.outbox import Outbox\n"
        "from mixpanel_pyramid.outbox_file import OutboxFile\n"
        "from mixpanel_pyramid.outbox_rows import Address, OutboxRow\n"
        "outbox = Outbox(OutboxFile(Path(sys.argv[1])))\n"
        "row = OutboxRow(Address('m', 'M'), Message('events', 'x' * 8000, 1))\n"
        "print('writing', flush=True)\n"
        "while True: outbox.put([row])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-Wignore", "-c", script, str(file.path)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    written = longest = 0
    before = 0
    with process.stdout:
        while written < 400_000_000:
            reader.checkpoint_at = 0.0
            reader.keep_house()
            longest = max(longest, file.log_bytes())
            (rows,) = table(file, "SELECT max(id) FROM messages")
            written, before = int(str(rows[0] or 0)) * 12_000, written
    process.kill()
    process.wait()

    assert longest < 200_000_000
    assert written > before


def test_a_reader_that_forgets_to_stop_does_not_hold_up_requests(
    reader: OutboxReader, file: OutboxFile, put: Put
) -> None:
    """The log cannot begin anew then, but neither requests nor the sender wait."""
    put(*["x" * 8000] * 2000)
    with closing(sqlite3.connect(file.path)) as watcher:
        cursor = watcher.execute("SELECT body FROM messages")
        cursor.fetchone()
        put(*["x" * 8000] * 2000)
        reader.keep_house()
        put("1")
        cursor.close()
    reader.checkpoint_at = 0.0
    reader.keep_house()
    put("2")

    assert file.log_bytes() < 40_000_000
    assert os.stat(file.path).st_size > 30_000_000  # noqa: PTH116
