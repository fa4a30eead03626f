"""A browser, and pages of another origin than the local project."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mixpanel_query.local import LocalProject

if TYPE_CHECKING:
    from playwright.sync_api import Page

LIBRARY = "2.83.0"
PAGE = b"<!doctype html><title>Shop</title><body>"


@pytest.fixture(scope="session")
def library(npm_package: Callable[[str, str], Path]) -> bytes:
    """Give Mixpanel's library for browsers, in one file."""
    package = npm_package("mixpanel-browser", LIBRARY).parent / "mixpanel-browser"
    return (package / "dist" / "mixpanel.umd.js").read_bytes()


@pytest.fixture(scope="session")
def pages() -> Iterator[dict[str, bytes]]:
    """Give the texts of pages by their paths, which a web server shows.

    Their origin is at ``pages[""]``; a page that has no text is an empty one.
    """
    shown: dict[str, bytes] = {}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = shown.get(self.path, PAGE)
            kind = "javascript" if self.path.endswith(".js") else "html"
            self.send_response(200)
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # A project is at 127.0.0.1, which to a browser is another site.
    shown[""] = b"http://localhost:%d" % server.server_port
    shown["/favicon.ico"] = b""
    yield shown
    server.shutdown()
    server.server_close()


@pytest.fixture
def complaints() -> list[str]:
    """Give the list of what goes wrong in the pages of a test."""
    return []


@pytest.fixture
def visitor(chromium: Any, complaints: list[str]) -> Iterator[Page]:  # noqa: ANN401
    """Give a tab of somebody who has never been here."""
    context = chromium.new_context()
    page: Page = context.new_page()
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def live_project() -> Iterator[LocalProject]:
    """Give a project with this machine's clock, as a browser has it too."""
    with LocalProject() as project:
        yield project
