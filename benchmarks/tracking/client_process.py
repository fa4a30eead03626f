"""A process that measures one client in one way, as ``client_cost`` asks it to.

``python -m benchmarks.tracking.client_process CLIENT MEASURE COUNT SINK_URL OUTBOX``
prints a line of JSON.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import statistics
import sys
import time

from benchmarks.measuring import pin, quantile, resident_mib
from benchmarks.tracking.client_adapters import CLIENTS, Client

BURST = 5_000
A_SECOND = 40_000  # of so many events, a client has to take each in memory


def cpu_seconds() -> float:
    """Give the processor's seconds that this process used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def busy(client: Client, count: int) -> object:
    """Time each call while the delivery works; give microseconds."""
    took = []
    for number in range(count):
        began = time.perf_counter_ns()
        client.track(number)
        took.append((time.perf_counter_ns() - began) / 1000)
        if number % BURST == BURST - 1:
            client.flush()
    return {
        "median": quantile(took, 50),
        "p99": quantile(took, 99),
        "mean": statistics.fmean(took),
    }


def rate(client: Client, count: int) -> object:
    """Deliver many events; give how many for each second of the processor."""
    cpu = cpu_seconds()
    for number in range(count):
        while not client.track(number):
            time.sleep(0.001)
        if number % 20_000 == 19_999:
            client.flush()
    client.flush()
    return {"all": count / (cpu_seconds() - cpu)}


def memory(client: Client, count: int) -> object:
    """Track while the sink is down; give MiB, and how many calls there was time for."""
    began, tracked = time.monotonic(), 0
    while tracked < count and time.monotonic() - began < count / A_SECOND:
        client.track(tracked)
        tracked += 1
    return {"mib": resident_mib(), "tracked": tracked}


def outage(client: Client, count: int) -> object:
    """Say that tracking begins, while the sink is down for some time; deliver."""
    print("begins", flush=True)
    for number in range(count):
        client.track(number)
    client.flush()
    return None


def kill(client: Client, count: int) -> object:
    """Track, and die."""
    for number in range(count):
        client.track(number)
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def restart(client: Client, count: int) -> object:
    """Start as after a crash, and track nothing for so many seconds."""
    client.flush()
    time.sleep(count)
    return None


MEASURES = {each.__name__: each for each in (busy, rate, memory, outage, kill, restart)}


def main() -> None:
    """Make the client, let it warm up, and measure."""
    name, measure, count, url, outbox = sys.argv[1:]
    pin(0)
    logging.disable(logging.CRITICAL)
    client = CLIENTS[name](url, outbox)
    if measure in {"busy", "rate"}:
        for number in range(200):
            client.track(number)
        client.flush()
    print(json.dumps(MEASURES[measure](client, int(count))), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
