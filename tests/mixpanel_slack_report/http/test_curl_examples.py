"""The curl examples of docs/slack-report/http.md, run as they stand there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import Start
from .servers import KEY, Server

PAGE = Path(__file__).parents[3] / "docs/slack-report/http.md"
LINES = [line for line in PAGE.read_text().splitlines() if line.startswith("curl ")]


def run_curl(server: Server, line: str) -> tuple[int, dict[str, object]]:
    """Run an example against a server with a key; return status and document.

    The example's host and key become those of the server; where it shows no key, as
    on a machine of one's own, the key is added.
    """
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    local = re.sub(r"https?://[^/\"]+/", f"{server.url}/", line)
    with_key = re.sub("YOUR_(FUNCTION_)?KEY", KEY, local)
    given = [] if KEY in with_key else ["-H", f"x-functions-key: {KEY}"]
    status = ["--silent", "--noproxy", "*", "--write-out", "%{http_code}"]
    run = subprocess.run(
        [curl, *shlex.split(with_key)[1:], *given, *status],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return int(run.stdout[-3:]), json.loads(run.stdout[:-3])


@pytest.mark.parametrize(
    ("number", "days", "posts"),
    [
        (0, ("2026-11-17", "2026-11-17"), 1),
        (1, ("2026-11-09", "2026-11-15"), 1),
        (2, ("2026-11-17", "2026-11-17"), 0),
        (3, ("2025-12-01", "2025-12-28"), 1),
        (4, ("2026-11-09", "2026-11-15"), 1),
        (5, ("2026-11-09", "2026-11-15"), 1),
        (6, ("2026-11-09", "2026-11-15"), 1),
    ],
)
def test_an_example_makes_its_report(
    start_server: Start, number: int, days: tuple[str, str], posts: int
) -> None:
    """Of the days that it asks for, as of 2026-11-18, and posted if it says so."""
    server = start_server()

    status, document = run_curl(server, LINES[number])

    assert (status, document["slack_sent"]) == (200, posts == 1)
    assert (document["from_date"], document["to_date"]) == days
    assert len(server.reports()) == posts


def test_the_last_example_is_about_health(start_server: Start) -> None:
    """And there is none that no test runs."""
    server = start_server()

    status, document = run_curl(server, LINES[7])

    assert (status, document["status"], len(LINES)) == (200, "ok", 8)
