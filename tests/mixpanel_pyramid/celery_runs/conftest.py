"""Shops with a Celery application of their own: real brokers, real workers.

Each has queues and keys of its own on a broker that others may use too, and takes them
away at its end. Broker addresses are those of an ordinary installation; the variables
``TEST_REDIS_URL`` and ``TEST_RABBITMQ_URL`` name others.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from celery import Celery  # type: ignore[import-untyped]

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
RABBITMQ = os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
PACKAGES = Path(__file__).parents[3] / "packages"

MODULE = """
from celery import Celery

from mixpanel_pyramid import Events, MixpanelTrack
from mixpanel_pyramid.celery_tasks import configure

SETTINGS = {settings!r}
app = Celery("shop", broker={broker!r})
app.conf.task_default_queue = {name!r}
app.conf.broker_transport_options = {options!r}
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = True
configure(app, SETTINGS)


@app.task
def charge():
    with MixpanelTrack(SETTINGS, distinct_id="user-1") as mixpanel:
        mixpanel.track(Events.user_charged)
"""


@dataclass
class Worker:
    """A worker in a process group of its own, and what it logs."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        """Wait until it takes tasks."""
        deadline = time.monotonic() + 60
        while " ready." not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def child(self) -> int:
        """Give the number of its one pool process."""
        number = self.process.pid
        path = Path(f"/proc/{number}/task/{number}/children")
        if not path.exists():
            pytest.skip("needs /proc: the children of a process are not known without")
        return int(path.read_text().split()[0])

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it; with SIGKILL all its processes die at once."""
        if self.process.poll() is None:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        # Where a task ends in the same moment, billiard waits for 30 s.
        self.process.wait(60)


@dataclass
class Shop:
    """An application whose Celery has a queue of its own.

    Attributes:
        name: The module's and the queue's name.
        settings: The settings of its Pyramid application.
        broker: The broker's address.
        folder: Where its module is.
        workers: The workers that were started.
    """

    name: str
    settings: dict[str, Any]
    broker: str
    folder: Path
    workers: list[Worker] = field(default_factory=list)

    def work(self) -> Worker:
        """Start a worker of one process, and wait until it takes tasks."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        sources = [str(path) for path in sorted(PACKAGES.glob("*/src"))]
        path = os.pathsep.join([str(self.folder), *sources])
        quiet = "--without-gossip --without-mingle --without-heartbeat".split()
        arguments = f"-A {self.name} worker -c 1 -l INFO -n {log.stem}@%h".split()
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", *arguments, *quiet],
                env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
                cwd=self.folder,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(Worker(process, log))
        self.workers[-1].wait_until_ready()
        return self.workers[-1]

    @property
    def celery(self) -> Celery:
        """Its Celery application, in this process."""
        app: Celery = import_module(self.name).app
        return app

    def tasks(self) -> list[str]:
        """Give the tasks that wait in Redis, as text."""
        with self.redis() as client:
            rows = client.lrange(f"{self.name}:{self.name}", 0, -1)
        return [row.decode() for row in rows]

    def push(self, *tasks: str) -> None:
        """Put tasks into the queue in Redis, as text."""
        with self.redis() as client:
            client.rpush(f"{self.name}:{self.name}", *tasks)

    @contextmanager
    def redis(self) -> Iterator[Any]:
        """Connect to the Redis that is its broker."""
        redis = pytest.importorskip("redis", reason="needs redis: celery[redis]")
        client = redis.Redis.from_url(self.broker)
        yield client
        client.close()

    def clean(self) -> None:
        """Take away what it left on the broker."""
        for worker in self.workers:
            worker.stop(signal.SIGKILL)
        if not is_open(self.broker):
            return
        if self.broker.startswith("amqp"):
            with self.celery.connection_for_write(RABBITMQ) as connection:
                connection.default_channel.queue_delete(self.name)
                connection.default_channel.exchange_delete(self.name)
            return
        with self.redis() as client:
            for key in client.scan_iter(f"{self.name}*"):
                client.delete(key)


def is_open(url: str) -> bool:
    """Tell whether somebody listens."""
    parts = urlsplit(url)
    try:
        socket.create_connection((str(parts.hostname), parts.port or 0), 1).close()
    except OSError:
        return False
    return True


MakeShop = Callable[..., Shop]


@pytest.fixture
def make_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeShop]:
    """Make shops; what runs of them ends with the test."""
    monkeypatch.syspath_prepend(tmp_path)
    with ExitStack() as ends:

        def make(
            base_url: str,
            broker: str = REDIS,
            visibility_timeout: int = 3600,
            **settings: object,
        ) -> Shop:
            name = f"shop_{secrets.token_hex(6)}"
            options: dict[str, object] = {}
            if broker.startswith("redis"):
                options["global_keyprefix"] = f"{name}:"
                options["visibility_timeout"] = visibility_timeout
                # Without these, kombu looks every 100 s.
                options["unacked_restore_interval"] = 1
                options["unacked_restore_throttle"] = 1
            everything = {
                "mixpanel.token": "the-token",
                "mixpanel.base_url": base_url,
                "mixpanel.consumer": "celery",
                "mixpanel.celery_app": f"{name}.app",
                **{f"mixpanel.{key}": value for key, value in settings.items()},
            }
            if "outbox" in settings:
                everything["mixpanel.outbox"] = str(tmp_path / str(settings["outbox"]))
            text = MODULE.format(
                settings=everything, broker=broker, name=name, options=options
            )
            (tmp_path / f"{name}.py").write_text(text)
            shop = Shop(name, everything, broker, tmp_path)
            ends.callback(shop.clean)
            return shop

        yield make


@pytest.fixture
def redis_url() -> str:
    """The address of a Redis that runs."""
    if not is_open(REDIS):
        pytest.skip(f"needs Redis at {REDIS}; start redis-server")
    return REDIS


@pytest.fixture
def rabbitmq_url() -> str:
    """The address of a RabbitMQ that runs."""
    if not is_open(RABBITMQ):
        pytest.skip("needs RabbitMQ at 127.0.0.1:5672; start rabbitmq-server")
    return RABBITMQ


@dataclass
class OwnRedis:
    """A Redis of the test's own, which is not there until it is started."""

    command: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, with nothing in it, and wait until it answers."""
        options = f"--port {self.port} --bind 127.0.0.1 --dir {self.folder}".split()
        self.process = subprocess.Popen(
            [self.command, *options, "--save", ""], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while not is_open(self.url):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)


@pytest.fixture
def own_redis(tmp_path: Path, closed_port: int) -> Iterator[OwnRedis]:
    """A Redis that the test starts and ends."""
    command = shutil.which("redis-server")
    if command is None:
        pytest.skip("needs redis-server: no broker can be started without it")
    redis = OwnRedis(command, closed_port, tmp_path)
    yield redis
    redis.stop()


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])
