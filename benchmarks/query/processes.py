"""What the benchmarks of reading share: processes that measure, and their table."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Figures", "compare", "pin"]

HERE = Path(__file__).parent
Figures = dict[str, float]


def pin(core: int) -> None:
    """Keep this process on one core, where there are at least two to choose from."""
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {core})


def measure(read: Callable[[], int]) -> None:
    """Call what reads, and print what it took as a line of JSON; ends the process."""
    pin(0)
    peak, stop = [resident_mib()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], resident_mib())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began, cpu = time.perf_counter(), time.process_time()
    rows = read()
    figures = {
        "rows": rows,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }
    stop.set()
    watcher.join()
    print(json.dumps({**figures, "mib": peak[0]}), flush=True)
    os._exit(0)


def resident_mib() -> float:
    """Give the memory that this process has now, or had at most where that is all."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """Serve a file with a process of its own; give the address."""
    command = [sys.executable, str(HERE / "file_server.py"), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().strip() if server.stdout else ""
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def measured(
    script: str, readers: Mapping[str, str], url: str, rounds: int, deadline: float
) -> dict[str, list[Figures]]:
    """Measure readers in turn, each in a process of its own.

    Args:
        script: The program that reads, and takes the reader's name and an address.
        readers: Names of the readers, and the Python that has what each needs.
        url: Where to read from.
        rounds: How often each reads; one that took more than a minute reads once.
        deadline: Seconds after which a reader is ended and left out.
    """
    runs: dict[str, list[Figures]] = {name: [] for name in readers}
    for number in range(rounds):
        for name, python in readers.items():
            if number and not (runs[name] and runs[name][0]["seconds"] < 60):
                continue
            command = [python, "-Wignore", script, "--read", name, "--url", url]
            environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
            try:
                done = subprocess.run(
                    command,
                    capture_output=True,
                    text=True,
                    check=True,
                    timeout=deadline,
                    env=environment,
                )
            except subprocess.TimeoutExpired:
                print(f"{name}: over {deadline:.0f} s", file=sys.stderr)
            except subprocess.CalledProcessError as error:
                lines = error.stderr.strip().splitlines() or ["failed"]
                print(f"{name}: {lines[-1]}", file=sys.stderr)
            else:
                runs[name].append(json.loads(done.stdout.splitlines()[-1]))
    return runs


def table(runs: Mapping[str, Sequence[Figures]], ours: str) -> None:
    """Print medians, and how many times as long as ``ours`` each took."""
    medians = {
        name: {key: statistics.median(run[key] for run in each) for key in each[0]}
        for name, each in runs.items()
        if each
    }
    own = medians.get(ours, {}).get("seconds")
    heads = ("", "rows", "seconds", "CPU seconds", "MiB at most", "x ours")
    print(f"{heads[0]:38}" + "".join(f"{head:>13}" for head in heads[1:]))
    for name, row in medians.items():
        ratio = f"{row['seconds'] / own:.2f}" if own else "-"
        print(
            f"{name:38}{row['rows']:13,.0f}{row['seconds']:13.2f}{row['cpu']:13.2f}"
            f"{row['mib']:13.0f}{ratio:>13}"
        )


def compare(
    script: str,
    about: str,
    readers: Mapping[str, Callable[[str], int]],
    peers: Sequence[str],
    make: Callable[[Path, int], Path],
    *,
    size: tuple[str, int],
    deadline: float,
) -> None:
    """Read once, if this process was asked to; else measure all and print the table.

    Args:
        script: The file of the benchmark.
        about: What it measures, in a line.
        readers: What reads from an address and counts rows; ours comes first.
        peers: Those of them that another Python has.
        make: Makes the answer in a folder, as large as is said.
        size: The option that says how large, and what it is if not given.
        deadline: Seconds that one reading may take, if not given.
    """
    option, usual = size
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--peers", help="Python that has the other packages")
    parser.add_argument(option, dest="size", type=int, default=usual)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--deadline", type=float, default=deadline)
    parser.add_argument("--read", choices=readers, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        measure(lambda: readers[given.read](given.url))
    pythons = {
        name: given.peers if name in peers else sys.executable
        for name in readers
        if given.peers or name not in peers
    }
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder), given.size)
        with serving(path) as url:
            runs = measured(script, pythons, url, given.rounds, given.deadline)
    table(runs, "mixpanel-query")
