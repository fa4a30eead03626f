"""Measure a query's own work, beside a bare call of httpx with ``.json()``.

A server in a process of its own answers both, on this machine. The client counts each
query in a budget file, whose clock jumps by more than a minute a call, so that nothing
ever has to wait and 60 calls are always in it. Calls take turns:

    python -m benchmarks.query.own_work
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from benchmarks.measuring import Given, Steadiness, alone, timed
from benchmarks.rows import Beside, Row
from mixpanel_query import Budget, Client, ServiceAccount

AREA = "Asking"
AT_MOST = 1.5
DAYS = [f"2026-10-{day:02}" for day in range(1, 31)]
COUNTS = {name: dict.fromkeys(DAYS, 41) for name in ("Sign Up", "Purchase", "Visit")}
BODY = json.dumps({"legend_size": 3, "data": {"series": DAYS, "values": COUNTS}})
SERVER = """\
import socket, sys
body = sys.argv[1].encode()
head = ["HTTP/1.1 200 OK", "Content-Type: application/json"]
head += [f"Content-Length: {len(body)}", "", ""]
reply = "\\r\\n".join(head).encode() + body
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
import threading
def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while connection.recv(65536):
        connection.sendall(reply)
while True:
    threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
"""


def measure(given: Given) -> list[Row]:
    """Measure calls that take turns."""
    command = [sys.executable, "-c", SERVER, BODY]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    steadiness = Steadiness()
    try:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        ours, bare = calls_in_turn(url, 50 if given.quick else 1000)
    finally:
        server.kill()
        server.wait()
    steadiness.sample()
    beside = [Beside("bare httpx and .json()", bare, at_most=AT_MOST)]
    what = "Client.events, counted in a budget file"
    return [Row(what, "µs", ours, beside, steadiness.noise)]


def calls_in_turn(url: str, calls: int) -> tuple[list[float], list[float]]:
    """Return the microseconds of each call, ours and bare ones, which take turns."""
    account = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
    minutes = itertools.count(1_800_000_000, 31)
    with tempfile.TemporaryDirectory() as folder:
        budget = Budget(Path(folder, "budget"), clock=lambda: float(next(minutes)))
        with (
            Client(account, base_url=url, budget=budget) as client,
            httpx.Client() as http,
        ):

            def ask() -> object:
                return client.events(list(COUNTS), "2026-10-01", "2026-10-30")

            def get() -> object:
                params = {
                    "event": json.dumps(list(COUNTS)),
                    "type": "general",
                    "unit": "day",
                    "from_date": "2026-10-01",
                    "to_date": "2026-10-30",
                    "project_id": "12345",
                }
                return http.get(
                    f"{url}/api/query/events", params=params, auth=("user", "secret")
                ).json()

            for _ in range(50):
                ask(), get()
            pairs = [(timed(ask) * 1e6, timed(get) * 1e6) for _ in range(calls)]
    return [one for one, _ in pairs], [other for _, other in pairs]


if __name__ == "__main__":
    raise SystemExit(alone(AREA, __doc__, measure))
