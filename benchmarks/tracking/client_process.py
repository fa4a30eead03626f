"""A process that measures one client in one way, as ``client_cost`` asks it to.

``python client_process.py CLIENT MEASURE SINK_URL OUTBOX`` prints a line of JSON.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
import time
from pathlib import Path

from client_adapters import CLIENTS, Client
from figures import pin, quantile

BURST = 5000
DELIVERED = 60_000
TRACKED = 1_000_000
KILLED = 5_037
LONGEST = 30.0  # seconds that a client may take for what it does in memory


def cpu_seconds() -> float:
    """Give the processor's seconds that this process used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_mib() -> float:
    """Give the memory that this process has now."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def busy(client: Client) -> object:
    """Time each call while the delivery works; give median and p99, microseconds."""
    took = []
    for _ in range(4):
        for number in range(BURST):
            began = time.perf_counter_ns()
            client.track(number)
            took.append((time.perf_counter_ns() - began) / 1000)
        client.flush()
    return {"median": quantile(took, 50), "p99": quantile(took, 99)}


def rate(client: Client) -> object:
    """Deliver many events; give how many for each second of the processor."""
    before, cpu = time.thread_time(), cpu_seconds()
    for number in range(DELIVERED):
        while not client.track(number):
            time.sleep(0.001)
        if number % 20_000 == 19_999:
            client.flush()
    client.flush()
    total, own = cpu_seconds() - cpu, time.thread_time() - before
    # Of a client that posts in the caller's thread nothing is left to compare.
    others = total - own
    alone = DELIVERED / others if others > 0.05 else 0
    return {"all": DELIVERED / total, "thread": alone}


def memory(client: Client) -> object:
    """Track while the sink is down; give MiB after each twentieth of the way."""
    curve, began = [], time.monotonic()
    for number in range(TRACKED):
        if number % (TRACKED // 20) == 0 or time.monotonic() - began > LONGEST:
            curve.append((number, round(resident_mib())))
        if time.monotonic() - began > LONGEST:
            break
        client.track(number)
    else:
        curve.append((TRACKED, round(resident_mib())))
    return curve


def kill(client: Client) -> object:
    """Track, and die."""
    for number in range(KILLED):
        client.track(number)
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def restart(client: Client) -> object:
    """Start as after a crash, and track nothing."""
    client.flush()
    time.sleep(5)
    return None


MEASURES = {
    measure.__name__: measure for measure in (busy, rate, memory, kill, restart)
}


def main() -> None:
    """Make the client, let it warm up, and measure."""
    name, measure, url, outbox = sys.argv[1:]
    pin(0)
    logging.disable(logging.CRITICAL)
    client = CLIENTS[name](url, outbox)
    if measure in {"busy", "rate"}:
        for number in range(200):
            client.track(number)
        client.flush()
    print(json.dumps(MEASURES[measure](client)), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
