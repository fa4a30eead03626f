"""A process that measures requests of one package, as ``request_cost`` asks it to.

``python -m benchmarks.tracking.request_process ADAPTER SINK_URL FOLDER`` reads a line
of JSON for each round and answers with microseconds. Requests are direct WSGI calls: no
server, no test client.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from types import ModuleType
from typing import Any

from pyramid.config import Configurator  # type: ignore[import-untyped]
from pyramid.registry import Registry  # type: ignore[import-untyped]
from pyramid.request import Request  # type: ignore[import-untyped]
from pyramid.response import Response  # type: ignore[import-untyped]

from benchmarks.measuring import pin
from benchmarks.tracking import pyramid_floor


class Case:
    """An application with one view, and how to call it.

    Args:
        adapter: The package.
        case: Its name says how it tracks: ``1+1 with outbox``, ``idle``.
        url: The sink.
        folder: For an outbox.
    """

    def __init__(self, adapter: ModuleType, case: str, url: str, folder: str) -> None:
        counts = case.partition(" ")[0] if "+" in case else "0+0"
        tracks, profile_sets = map(int, counts.split("+"))
        act = adapter.act

        def view(request: Request) -> Response:
            if tracks or profile_sets:
                act(request, tracks, profile_sets)
            return Response(b"ok")

        with Configurator(settings=adapter.settings(case, url, folder)) as config:
            if case != "none":
                adapter.include(config)
            config.add_route("home", "/")
            config.add_view(view, route_name="home")
            self.app = config.make_wsgi_app()
        self.registry: Registry = self.app.registry
        self.adapter = adapter
        self.environ = Request.blank("/").environ
        self.status = ""

    def start_response(self, status: str, headers: Any, *exception: Any) -> None:  # noqa: ANN401
        """Take the status of an answer."""
        self.status = status

    def call(self) -> float:
        """Make a request, and give its microseconds."""
        environ = self.environ.copy()
        began = time.perf_counter_ns()
        for _ in self.app(environ, self.start_response):
            pass
        took = time.perf_counter_ns() - began
        if not self.status.startswith("200"):
            raise RuntimeError(self.status)
        return took / 1000


def main() -> None:
    """Answer rounds until standard input ends."""
    name, url, folder = sys.argv[1:]
    adapter = importlib.import_module(f"benchmarks.tracking.{name}")
    pin(0)
    print(json.dumps(adapter.NAME), flush=True)
    cases: dict[str, Case] = {}
    for line in sys.stdin:
        case, count = json.loads(line)
        kind = pyramid_floor if case == "none" or "floor" in case else adapter
        if case not in cases:
            cases[case] = Case(kind, case, url, folder)
            cases[case].call()
        made = cases[case]
        took = [made.call() for _ in range(count)]
        kind.drain(made.registry)  # so that the next round has the core for itself
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main()
