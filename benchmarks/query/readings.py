"""What the benchmarks of reading share: processes that read and measure, and rows."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import (
    ROOT,
    Given,
    NotMeasuredError,
    Steadiness,
    alone,
    last_line,
    parser_of,
    pin,
    quiet_environment,
    resident_mib,
)
from benchmarks.rows import Beside, Row

__all__ = ["Reader", "Reading"]

Figures = dict[str, float]
# One that took longer than this reads once.
LONG = 20.0


@dataclass(frozen=True)
class Reader:
    """What reads from an address, and counts rows.

    Args:
        read: Does it.
        distribution: The peer that it needs; ours and bare tools need none.
    """

    read: Callable[[str], int]
    distribution: str = ""


@dataclass
class Reading:
    """A benchmark of reading one file over HTTP, by several readers.

    Args:
        module: Its module, which reads when it is started with ``--read``.
        readers: By name; ours comes first.
        make: Makes the file in a folder, as large as is said.
        sizes: How large, in a short run and in a whole one.
        what: What is read.
        deadline: Seconds that one reading may take.
    """

    module: str
    readers: Mapping[str, Reader]
    make: Callable[[Path, int], Path]
    sizes: tuple[int, int]
    what: str
    deadline: float
    reasons: dict[str, str] = field(default_factory=dict)

    def measure(self, given: Given) -> list[Row]:
        """Let all read in turn, each time in a process of its own."""
        pythons = {}
        for name, reader in self.readers.items():
            try:
                pythons[name] = (
                    given.python("readers", reader.distribution)
                    if reader.distribution
                    else sys.executable
                )
            except NotMeasuredError as error:
                self.reasons[name] = str(error)
        size = self.sizes[0 if given.quick else 1]
        steadiness = Steadiness()
        runs: dict[str, list[Figures]] = {name: [] for name in self.readers}
        with tempfile.TemporaryDirectory() as folder:
            path = self.make(Path(folder), size)
            with serving(path) as url:
                for number in range(1 if given.quick else 3):
                    for name, python in pythons.items():
                        self.read_once(name, python, url, runs[name], number)
                        steadiness.sample()
        return self.rows(runs, steadiness.noise)

    def read_once(
        self, name: str, python: str, url: str, runs: list[Figures], number: int
    ) -> None:
        """Let one read in a process, and add what it took; one that failed is out."""
        if number and not (runs and runs[0]["seconds"] < LONG):
            return
        command = [python, "-Wignore", "-m", self.module, "--read", name, "--url", url]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=quiet_environment(),
                capture_output=True,
                text=True,
                check=True,
                timeout=self.deadline,
            )
        except subprocess.TimeoutExpired:
            self.reasons[name] = f"it was not done after {self.deadline:.0f} s"
        except subprocess.CalledProcessError as error:
            self.reasons[name] = last_line(error.stderr)
        else:
            runs.append(json.loads(done.stdout.splitlines()[-1]))

    def rows(self, runs: Mapping[str, Sequence[Figures]], noise: float) -> list[Row]:
        """Make the rows: how fast, and how much memory."""
        ours, *others = self.readers

        def row(what: str, unit: str, find: Callable[[Figures], float]) -> Row:
            beside = [
                Beside(n, [find(run) for run in runs[n]], self.reasons.get(n, ""))
                for n in others
            ]
            return Row(
                f"{self.what}, {what}",
                unit,
                [find(run) for run in runs[ours]],
                beside,
                1.0 if unit == "MiB" else noise,
                more_is_better=unit != "MiB",
                not_measured=self.reasons.get(ours, ""),
            )

        return [
            row("speed", "rows/s", lambda run: run["rows"] / run["seconds"]),
            row("memory at most", "MiB", lambda run: run["mib"]),
        ]

    def run(self, area: str, about: str | None) -> int:
        """Read once, if this process was asked to; else measure all."""
        parser = parser_of(about)
        parser.add_argument("--read", choices=self.readers, help=argparse.SUPPRESS)
        parser.add_argument("--url", help=argparse.SUPPRESS)
        options = parser.parse_args()
        if options.read:
            reader = self.readers[options.read]
            measured_here(lambda: reader.read(options.url))
        return alone(area, about, self.measure, parser)


def measured_here(read: Callable[[], int]) -> None:
    """Call what reads, and print what it took as a line of JSON; ends the process."""
    pin(0)
    peak, stop = [resident_mib()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], resident_mib())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began = time.perf_counter()
    rows = read()
    figures = {"rows": rows, "seconds": time.perf_counter() - began}
    stop.set()
    watcher.join()
    print(json.dumps({**figures, "mib": peak[0]}), flush=True)
    os._exit(0)


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """Serve a file with a process of its own; give the address."""
    command = [sys.executable, "-m", "benchmarks.query.file_server", str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, text=True) as server:
        try:
            port = server.stdout.readline().strip() if server.stdout else ""
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
