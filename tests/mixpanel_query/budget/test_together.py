"""Tests of processes that together ask a server which counts, in compressed time."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent
SCRIPT = FOLDER / "asking_process.py"


def load(name: str) -> ModuleType:
    """Import a file beside this one."""
    spec = spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Crowd:
    """A server, and processes that ask it by one clock and one budget file."""

    def __init__(self, file: Path) -> None:
        began = time.time()
        self.clock = partial(load("asking_process").compressed, began)
        self.server = load("counting_server").CountingServer(self.clock, work=0.02)
        self.killed: dict[str, float] = {}
        self._arguments = [self.server.base_url, str(file), str(began)]
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, kind: str) -> subprocess.Popen[bytes]:
        """Start a process that asks eight times at once."""
        process = subprocess.Popen([sys.executable, SCRIPT, kind, *self._arguments])
        self._processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process; what it has under way ends then."""
        assert process.poll() is None, "it should ask until it is killed"
        self.killed[str(process.pid)] = self.clock()
        process.send_signal(signal.SIGKILL)
        process.wait(60)

    def wait_for(self, number: int, askers: int) -> None:
        """Wait until so many requests of so many processes have arrived."""
        ends = time.monotonic() + 120
        while (
            len(self.server.asked) < number
            or len({who for _, who in self.server.asked}) < askers
        ):
            assert time.monotonic() < ends, f"only {self.server.asked} came"
            time.sleep(0.002)

    def close(self) -> None:
        """End everything."""
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.wait(60)
        self.server.close()

    def most_at_once(self) -> int:
        """Return how many requests were under way at most."""
        ends = sorted(
            min(moment, self.killed.get(who, moment))
            for moment, who in self.server.answered
        )
        starts = sorted(moment for moment, _ in self.server.asked)
        return max(
            place + 1 - sum(end <= moment for end in ends)
            for place, moment in enumerate(starts)
        )

    def most_an_hour(self) -> int:
        """Return how many requests arrived at most within an hour."""
        starts = sorted(moment for moment, _ in self.server.asked)
        return max(
            sum(moment - 3600 < start <= moment for start in starts)
            for moment in starts
        )


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    """A server that nobody asks yet."""
    crowd = Crowd(tmp_path / "budget")
    yield crowd
    crowd.close()


@pytest.mark.parametrize(
    "kinds", [("threads", "threads"), ("asyncio", "trio")], ids=" and ".join
)
def test_never_too_many(crowd: Crowd, kinds: tuple[str, str]) -> None:
    """Processes never ask more than 5 at once or 60 an hour, though some are killed.

    Two processes with eight threads or tasks each ask for three hours, of two seconds
    each. One is killed in the middle of its questions, and another one takes its place.
    """
    first, _ = crowd.start(kinds[0]), crowd.start(kinds[1])
    crowd.wait_for(20, askers=2)
    crowd.kill(first)
    crowd.start(kinds[0])
    crowd.wait_for(130, askers=3)
    crowd.close()

    assert crowd.most_at_once() == 5
    assert 55 <= crowd.most_an_hour() <= 60
