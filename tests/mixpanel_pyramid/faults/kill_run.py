"""Kill gunicorn's workers and master under load, and account for every request.

Run it with ``python tests/mixpanel_pyramid/faults/kill_run.py --help``, or through
``nox -s faults``. Mixpanel fails a third of the posts meanwhile. In the end each
request that was answered with a 2xx has its event in Mixpanel, none that raised has,
and no update was counted twice: it arrived, or is in the outbox as ``unknown``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

HERE = Path(__file__).parent
if __package__ in {None, ""}:
    sys.path.insert(0, str(HERE.parents[2]))

from tests.mixpanel_pyramid.faults.scripted_sink import (  # noqa: E402  # see above
    OK,
    Fault,
    Holdings,
    ScriptedSink,
    answer,
)

# What takes a while is under way when its sender is killed.
SLOW = Fault(answer=OK, applies=True, pause=0.05)
VISITORS = 16
PAUSE = 0.02  # seconds that a request takes at least, to be killed in the middle
UNANSWERED = 0  # instead of a status
FAULTS = [
    Fault(answer=answer("500 Internal Server Error")),
    Fault(answer=answer("503 Service Unavailable"), applies=True),
    Fault(answer=answer("429 Too Many Requests")),
    Fault(reads="head"),
    Fault(applies=True),
    Fault(applies=True, answer=b"HTTP/1.1 200 O"),
]


@dataclass
class Servers:
    """Gunicorn, which is killed and started again; its port outlives it.

    Attributes:
        settings: What the app is made with.
        log: Where gunicorn's output goes.
        master: The process that was started last.
        killed: How many processes were killed.
    """

    settings: dict[str, str]
    log: Path
    socket: socket.socket = field(default_factory=socket.socket)
    master: subprocess.Popen[bytes] | None = None
    killed: int = 0

    def __post_init__(self) -> None:
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(256)
        self.port: int = self.socket.getsockname()[1]

    def start(self) -> None:
        """Start a master, which starts its workers."""
        command = [sys.executable, "-Wignore", "-m", "gunicorn", "--workers=4"]
        options = ["--threads=2", "--graceful-timeout=10", "--log-level=error"]
        listens = [f"--bind=fd://{self.socket.fileno()}", f"--chdir={HERE}"]
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(  # our own command
                [*command, *options, *listens, "fault_app:from_environment()"],
                env={**os.environ, "FAULT_APP_SETTINGS": json.dumps(self.settings)},
                pass_fds=[self.socket.fileno()],
                stdout=log,
                stderr=log,
            )

    def workers(self) -> list[int]:
        """Give the workers of the master."""
        assert self.master is not None
        pgrep = shutil.which("pgrep")
        if pgrep is None:
            raise FileNotFoundError("needs pgrep")
        command = [pgrep, "-P", str(self.master.pid)]
        found = subprocess.run(  # our own command
            command, capture_output=True, text=True, check=False
        )
        return [int(number) for number in found.stdout.split()]

    def kill_worker(self, chance: random.Random) -> None:
        """Kill a random worker; its master starts another."""
        if workers := self.workers():
            os.kill(chance.choice(workers), signal.SIGKILL)
            self.killed += 1

    def kill_master(self) -> None:
        """Kill the master, whose workers notice and end; start another."""
        assert self.master is not None
        self.master.kill()
        self.master.wait()
        self.killed += 1
        self.start()

    def stop(self) -> None:
        """End in an orderly way."""
        if self.master is not None:
            self.master.terminate()
            self.master.wait(60)
        self.socket.close()


@dataclass(frozen=True, slots=True)
class Visit:
    """A request and its outcome: the status, or that no answer came."""

    who: str
    page: str
    view: str
    status: int


class Visitors(threading.Thread):
    """A thread that makes requests at a steady pace.

    Args:
        port: Where to.
        pace: Requests a second.
        seconds: For how long.
    """

    def __init__(self, port: int, pace: float, seconds: float) -> None:
        super().__init__()
        self.port, self.pace, self.seconds = port, pace, seconds
        self.visits: list[Visit] = []

    def run(self) -> None:
        """Make the requests; each fifth of them raises."""
        began = time.monotonic()
        for number in range(int(self.pace * self.seconds)):
            time.sleep(max(0.0, began + number / self.pace - time.monotonic()))
            view = "raising" if number % 5 == 4 else "tracked"
            who, page = f"visitor-{number % VISITORS}", uuid4().hex
            self.visits.append(Visit(who, page, view, self.get(view, who, page)))

    def get(self, view: str, who: str, page: str) -> int:
        """Make a request, and give the status of its answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            query = f"who={who}&page={page}&pause={PAUSE}"
            connection.request("GET", f"/{view}?{query}")
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            return UNANSWERED
        finally:
            connection.close()
        return response.status


def rows_of(outbox: Path, statement: str) -> list[tuple[Any, ...]]:
    """Ask the outbox."""
    with closing(sqlite3.connect(outbox, timeout=10)) as connection:
        return connection.execute(statement).fetchall()


def wait_for_delivery(outbox: Path, seconds: float) -> bool:
    """Wait until nothing waits in the outbox any more."""
    deadline = time.monotonic() + seconds
    while rows_of(outbox, "SELECT count(*) FROM messages")[0][0]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def accounts(visits: list[Visit], held: Holdings, outbox: Path) -> dict[str, int]:
    """Compare what clients saw with what Mixpanel holds."""
    done = {v.page for v in visits if v.view == "tracked" and v.status == 200}
    open_ = {v.page for v in visits if v.view == "tracked" and v.status != 200}
    raised = {v.page for v in visits if v.view == "raising"}
    letters = [
        json.loads(body)
        for (body,) in rows_of(
            outbox, "SELECT body FROM dead_letters WHERE state = 'unknown'"
        )
    ]
    unknown_pages = {m["$append"]["Pages"] for m in letters if "$append" in m}
    unknown_sums = Counter(m["$distinct_id"] for m in letters if "$add" in m)
    arrived = set(held.events)
    appended = Counter(page for pages in held.items.values() for page in pages)
    sure = Counter(v.who for v in visits if v.page in done)
    at_most = Counter(v.who for v in visits if v.page in done | open_)
    return {
        "answered with a 2xx": len(done),
        "without an answer": len(open_),
        "raised": len(raised),
        "events that arrived": len(arrived),
        "updates kept as unknown": len(letters),
        "LOST: answered, and not in Mixpanel": len(done - arrived),
        "PHANTOM: raised, or never asked for, and in Mixpanel": len(
            arrived - done - open_
        ),
        "COUNTED TWICE: increments": (held.sums - at_most).total(),
        "COUNTED TWICE: appended": sum(n - 1 for n in appended.values()),
        "LOST: increments neither in Mixpanel nor unknown": (
            sure - held.sums - unknown_sums
        ).total(),
        "LOST: appended neither in Mixpanel nor unknown": len(
            done - set(appended) - unknown_pages
        ),
        "PHANTOM: appended, though raised": len(raised & set(appended)),
    }


def run(seconds: float, pace: float, kills: int, seed: int) -> dict[str, int]:
    """Make a run, and give its accounts."""
    chance = random.Random(seed)  # noqa: S311  # which process is killed when
    sink = ScriptedSink()
    sink.choose = lambda: chance.choice(FAULTS) if chance.random() < 1 / 3 else SLOW
    sink.listen()
    with tempfile.TemporaryDirectory() as folder:
        outbox = Path(folder) / "outbox.sqlite"
        url = f"http://127.0.0.1:{sink.port}"
        settings = {
            "mixpanel.token": "t",
            "mixpanel.base_url": url,
            "mixpanel.outbox": str(outbox),
        }
        servers = Servers(settings, Path(folder) / "gunicorn.log")
        servers.start()
        visitors = [Visitors(servers.port, pace / 8, seconds) for _ in range(8)]
        try:
            assert visitors[0].get("plain", "", "") == 200  # it is up
            for visitor in visitors:
                visitor.start()
            for number in range(kills):
                time.sleep(seconds / (kills + 1))
                if number % 4 == 3:
                    servers.kill_master()
                else:
                    servers.kill_worker(chance)
            for visitor in visitors:
                visitor.join()
            sink.choose = lambda: None
            is_delivered = wait_for_delivery(outbox, 120)
        finally:
            servers.stop()
        visits = [visit for visitor in visitors for visit in visitor.visits]
        found = accounts(visits, sink.holdings, outbox)
    sink.close()
    found["processes killed"] = servers.killed
    found["LOST: still waiting in the outbox"] = int(not is_delivered)
    return found


def main() -> int:
    """Make a run as the command line says; 1 if the accounts do not balance."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pace", type=float, default=200, help="requests a second")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    options = parser.parse_args()
    print(f"seed {options.seed}")  # noqa: T201  # a program prints
    found = run(options.seconds, options.pace, options.kills, options.seed)
    print(json.dumps(found, indent=1))  # noqa: T201  # the same
    return int(any(number for what, number in found.items() if what[:3].isupper()))


if __name__ == "__main__":
    raise SystemExit(main())
