"""What the fault runs share, and their report."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import pytest
from tests.mixpanel_pyramid.faults.fault_app import make_app
from tests.mixpanel_pyramid.faults.scripted_sink import ScriptedSink

pytest.register_assert_rewrite("tests.mixpanel_pyramid.faults.fault_run")

from tests.mixpanel_pyramid.faults.fault_run import FaultRun  # noqa: E402  # rewritten

REPORT = pytest.StashKey[list[str]]()


MakeRun = Callable[..., FaultRun]


@pytest.fixture(params=["memory", "outbox"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Name an outbox, or none."""
    return tmp_path / "outbox.sqlite" if request.param == "outbox" else None


@pytest.fixture
def make_run(
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    outbox: Path | None,
    serve: Callable[[object], AbstractContextManager[str]],
) -> Iterator[MakeRun]:
    """Serve an app that tracks into a scripted sink, which refuses connections."""
    report = request.config.stash.setdefault(REPORT, [])
    caplog.set_level(logging.INFO, logger="mixpanel_pyramid")
    with ExitStack() as stack:

        def make(
            url: str = "http://127.0.0.1:{port}",
            more: Mapping[str, str] = MappingProxyType({}),
            **settings: str,
        ) -> FaultRun:
            sink = ScriptedSink()
            stack.callback(sink.close)
            url = url.format(port=sink.port)
            ours = {"token": f"t{sink.port}", "base_url": url, **settings}
            if outbox is not None:
                ours["outbox"] = str(outbox)
            app = make_app({**{f"mixpanel.{n}": ours[n] for n in ours}, **more})
            address = urlsplit(stack.enter_context(serve(app)))
            visitors = HTTPConnection(address.netloc)
            stack.callback(visitors.close)
            run = FaultRun(sink, app.registry, visitors, outbox)
            stack.callback(
                lambda: report.append(f"{request.node.name:50} {run.delay()}")
            )
            return run

        yield make


@dataclass
class Resolver:
    """Resolves the names that end in ``.test``, or fails to.

    Attributes:
        resolve: What Python itself resolves names with.
        knows: Whether the names are known.
    """

    resolve: Callable[..., list[object]]
    knows: bool = True

    def __call__(self, host: str, *others: object) -> list[object]:
        """Resolve a name."""
        if not str(host).endswith(".test"):
            return self.resolve(host, *others)
        if not self.knows:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.resolve("127.0.0.1", *others)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """Resolve ``mixpanel.test`` as this machine, past all proxies."""
    resolver = Resolver(socket.getaddrinfo)
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    return resolver


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell how much later answers came under each fault than without tracking."""
    lines = config.stash.get(REPORT, [])
    if lines:
        terminalreporter.section("answers, compared with those that track nothing")
        for line in lines:
            terminalreporter.write_line(line)
