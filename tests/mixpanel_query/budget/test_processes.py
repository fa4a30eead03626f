"""Tests of a budget among processes: killed ones, forked ones, and threads."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from mixpanel_query import Budget, ServiceAccount
from mixpanel_query.budget import ProjectGate
from mixpanel_query.budget.file_locks import ByteLocks, WholeFileLocks
from mixpanel_query.wire import Destination, QueryRequest

QUERY = QueryRequest("/api/query/events")
NOON = 1_795_694_400.0
# Another process, with as many queries under way as it is told, until it is told more.
HOLDER = """
import os, signal, sys
from mixpanel_query import Budget, ServiceAccount
from mixpanel_query.wire import Destination, QueryRequest
path, number, then = sys.argv[1], int(sys.argv[2]), sys.argv[3]
budget = Budget(path, clock=lambda: 1_795_694_400.0)
account = ServiceAccount("a", "hunter2-hunter2", 12345)
gate = budget.gate(Destination(account))
turns = [gate.enter(QueryRequest("/api/query/events")) for _ in range(number)]
if then == "fork" and os.fork() == 0:
    print("forked", os.getpid(), flush=True)
    sys.stdin.readline()
    for turn in turns:
        turn.end()
    print(gate.status().allowance("query").under_way, flush=True)
    sys.stdin.readline()
    os._exit(0)
if then == "fork":
    signal.pause()
print("ready", flush=True)
sys.stdin.readline()
if then == "end":
    for turn in turns:
        turn.end()
    print("ended", flush=True)
sys.stdin.readline()
"""


class Process:
    """Another process that has queries under way."""

    def __init__(self, path: Path, number: int, then: str = "") -> None:
        arguments = [sys.executable, "-c", HOLDER, str(path), str(number), then]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True)
        self.said = self.read()

    def read(self) -> str:
        """Return the next line that it writes."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self) -> None:
        """Let it go on."""
        stdin: IO[str] | None = self.process.stdin
        assert stdin is not None
        stdin.write("\n")
        stdin.flush()

    def kill(self) -> None:
        """Kill it, so that it can do nothing about it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a budget."""
    return tmp_path / "budget"


@pytest.fixture
def gate(path: Path) -> ProjectGate:
    """The gate of this process, at noon."""
    account = ServiceAccount("b", "hunter3-hunter3", 12345)
    return Budget(path, clock=lambda: NOON).gate(Destination(account))


@pytest.fixture
def start(path: Path) -> Iterator[Callable[..., Process]]:
    """Start other processes; end them afterwards."""
    started: list[Process] = []

    def begin(number: int, then: str = "") -> Process:
        started.append(Process(path, number, then))
        return started[-1]

    yield begin
    for process in started:
        process.process.kill()
        process.process.communicate(timeout=60)


def under_way(gate: ProjectGate) -> tuple[int, int]:
    """How many queries have no answer, and how many count."""
    row = gate.status().allowance("query")
    return row.under_way, row.used


def is_turn(found: object) -> bool:
    """Tell whether a request was let through."""
    return not isinstance(found, float)


def test_places_of_other_processes(
    gate: ProjectGate, start: Callable[..., Process]
) -> None:
    """Queries of another process take places until they have their answers."""
    other = start(5, "end")
    assert not is_turn(gate.enter(QUERY))

    other.tell()
    assert other.read() == "ended"
    assert is_turn(gate.enter(QUERY))
    assert under_way(gate) == (1, 6)


def test_killed_process(gate: ProjectGate, start: Callable[..., Process]) -> None:
    """A process that is killed gives its places back; its queries count."""
    other = start(5)
    assert not is_turn(gate.enter(QUERY))

    other.kill()
    assert is_turn(gate.enter(QUERY))
    assert under_way(gate) == (1, 6)


def test_stopped_process(gate: ProjectGate, start: Callable[..., Process]) -> None:
    """A process that only stands still keeps its places."""
    other = start(5)
    other.process.send_signal(signal.SIGSTOP)

    assert not is_turn(gate.enter(QUERY))
    assert under_way(gate) == (5, 5)


def test_killed_process_counts_from_when_it_is_noticed(
    path: Path, start: Callable[..., Process]
) -> None:
    """Nobody knows when a killed query ended, so that it counts as if it was now."""
    start(2).kill()
    now = [NOON + 1000]
    account = ServiceAccount("b", "hunter3-hunter3", 12345)
    gate = Budget(path, clock=lambda: now[0]).gate(Destination(account))
    assert under_way(gate) == (0, 2)

    now[0] = NOON + 4599
    assert under_way(gate) == (0, 2)
    now[0] = NOON + 4600
    assert under_way(gate) == (0, 0)


def test_forked_child(gate: ProjectGate, start: Callable[..., Process]) -> None:
    """A child neither ends its parent's queries, nor keeps their places.

    It outlives its parent, which is killed, and has copied all of its open files.
    """
    parent = start(5, "fork")
    assert parent.said.startswith("forked")
    assert under_way(gate) == (5, 5)
    parent.tell()
    assert parent.read() == "5"
    assert under_way(gate) == (5, 5)

    parent.kill()
    assert under_way(gate) == (0, 5)


def test_budget_that_nobody_has_any_more(gate: ProjectGate, path: Path) -> None:
    """A budget that is thrown away in the middle of a query gives its place back."""
    account = ServiceAccount("b", "hunter3-hunter3", 12345)
    other: ProjectGate | None = Budget(path, clock=lambda: NOON).gate(
        Destination(account)
    )
    assert other is not None
    turn: object = other.enter(QUERY)
    del other
    gc.collect()
    assert under_way(gate) == (1, 1)

    del turn
    gc.collect()
    assert under_way(gate) == (0, 1)


def test_another_file_that_is_closed(gate: ProjectGate, path: Path) -> None:
    """Reading and closing the file gives no place away, as POSIX locks would."""
    for _ in range(5):
        gate.enter(QUERY)
    path.read_bytes()

    account = ServiceAccount("b", "hunter3-hunter3", 12345)
    other = Budget(path, clock=lambda: NOON).gate(Destination(account))
    assert under_way(other) == (5, 5)


def test_threads_take_turns(gate: ProjectGate) -> None:
    """Of many threads that ask at one moment, five are let through."""
    barrier = threading.Barrier(20)
    found: list[object] = []

    def ask() -> None:
        barrier.wait()
        found.append(gate.enter(QUERY))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(map(is_turn, found)) == 5


RACER = """
import sys, time
from mixpanel_query import Budget, ServiceAccount
from mixpanel_query.wire import Destination, QueryRequest
budget = Budget(sys.argv[1], clock=lambda: 1_795_694_400.0)
print("ready", flush=True)
begin = float(sys.stdin.readline())
turns = []
for number in range(300):
    gate = budget.gate(Destination(ServiceAccount("a", "hunter2-hunter2", number)))
    while time.monotonic() < begin + number * 0.002:
        pass
    found = [gate.enter(QueryRequest("/api/query/events")) for _ in range(6)]
    turns.append([turn for turn in found if not isinstance(turn, float)])
print(*map(len, turns), flush=True)
sys.stdin.readline()
"""


def test_processes_take_turns(path: Path) -> None:
    """Of two processes that ask at one moment, five requests are let through."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ready = [racer.stdout.readline() for racer in racers if racer.stdout]
    begin = time.monotonic() + 0.1
    for racer in racers:
        if racer.stdin:
            racer.stdin.write(f"{begin}\n")
            racer.stdin.flush()
    lines = [racer.stdout.readline() for racer in racers if racer.stdout]
    for racer in racers:
        racer.communicate(timeout=60)

    counts = [[int(count) for count in line.split()] for line in lines]
    assert ready == ["ready\n", "ready\n"]
    together = [sum(pair) for pair in zip(*counts, strict=True)]
    assert len(together) == 300
    assert max(together) == 5
    assert min(map(sum, counts)) > 0, "they should have met"


LOCK_HOLDER = """
import os, sys
from pathlib import Path
from mixpanel_query.budget import file_locks
path = Path(sys.argv[1])
descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
kind = getattr(file_locks, sys.argv[2])
locks = kind(descriptor if sys.argv[2] == "ByteLocks" else path)
print(locks.take(0), locks.take(7), flush=True)
sys.stdin.readline()
"""


@pytest.fixture(params=[ByteLocks, WholeFileLocks], ids=lambda kind: kind.__name__)
def locks(
    request: pytest.FixtureRequest, path: Path
) -> Iterator[Callable[[], ByteLocks | WholeFileLocks]]:
    """Open the file, and return its locks: Linux's, or those of other systems."""
    opened: list[int] = []

    def make() -> ByteLocks | WholeFileLocks:
        opened.append(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if request.param is ByteLocks:
            return ByteLocks(opened[-1])
        return WholeFileLocks(path)

    yield make
    for descriptor in opened:
        os.close(descriptor)


Make = Callable[[], "ByteLocks | WholeFileLocks"]


def test_open_files_exclude_each_other(locks: Make) -> None:
    """Two open files of one process cannot have the same lock."""
    one, other = locks(), locks()
    assert one.take(3)
    assert not other.take(3)
    assert other.is_taken(3)
    assert other.take(4)

    one.give(3)
    assert not other.is_taken(3)
    assert other.take(3)
    other.give(3)
    other.give(4)


def test_lock_of_a_process_that_is_killed(locks: Make, path: Path) -> None:
    """Locks end with their process."""
    kind = type(ours := locks()).__name__
    process = subprocess.Popen(
        [sys.executable, "-c", LOCK_HOLDER, str(path), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True True\n"
    assert not ours.take(0)
    assert ours.is_taken(7)

    process.kill()
    process.communicate(timeout=60)
    assert ours.take(0)
    assert not ours.is_taken(7)
    ours.give(0)


def test_nothing_is_left_beside_the_file(locks: Make, path: Path) -> None:
    """Lock files go with their locks, but for the one that all processes share."""
    ours = locks()
    ours.take(0)
    ours.take(8)
    ours.give(8)
    ours.give(0)

    left = {file.name for file in path.parent.iterdir()}
    assert left <= {"budget", "budget.lock"}
