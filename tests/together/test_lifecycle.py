"""What is sent when: every way for a request to end, over HTTP, asked of the project.

The rows are those of the tables in ``docs/pyramid/deferral.md``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject

HERE = Path(__file__).parent
TOKEN = "token-of-the-project"
ACCOUNT = ServiceAccount("reporter", "s3cret-of-the-account", 4711)

V = ["view"]
PLAIN = {
    **{f"returns-{status}": (status, V) for status in (200, 201, 204, 302, 404, 422)},
    "returns-500": (500, []),
    "returns-503": (503, []),
    "raises-302": (302, V),
    "raises-304": (304, V),
    "raises-403": (403, []),
    "raises-an-error": (500, []),
    "raises-for-a-view-of-200": (200, []),
    "raises-for-a-view-of-500": (500, []),
    "handles-its-error": (200, V),
    "response-callback": (200, ["callback", "view"]),
    "response-callback-raises": (500, []),
    "tracks-now-and-is-forbidden": (403, ["now"]),
    "streams": (200, ["body", "view"]),
    "streams-a-500": (500, ["body"]),
    "streams-and-fails": (200, ["body", "view"]),
    "another-thread": (500, ["thread"]),
    "asks": (200, ["part", "view"]),
    "asks-through-tweens": (200, ["part", "view"]),
    "asks-in-vain": (200, V),
    "asks-and-answers-500": (500, []),
    "asks-and-raises": (500, []),
    "asks-through-tweens-and-raises": (500, []),
}
TRANSACTIONS = {
    "returns-200": (200, V),
    "returns-302": (302, V),
    "returns-404": (404, V),
    "returns-500": (500, V),
    "raises-302": (302, []),
    "raises-403": (403, []),
    "raises-an-error": (500, []),
    "raises-for-a-view-of-200": (200, []),
    "raises-for-a-view-of-500": (500, []),
    "handles-its-error": (200, V),
    "response-callback": (200, ["callback", "view"]),
    "commits-then-fails": (500, V),
    "aborts": (200, V),
    "dooms": (200, []),
    "fails-at-commit": (500, []),
    "fails-at-vote": (500, []),
    "fails-at-vote-for-a-view-of-200": (200, []),
    "hook-after": (200, ["hook True", "view"]),
    "hook-prevents": (500, []),
    "keeps-a-savepoint": (200, ["after", "before", "view"]),
    "rolls-back-to-a-savepoint": (200, ["before", "view"]),
    "asks": (200, ["part", "view"]),
    "asks-and-raises": (500, []),
    "shares-and-dooms": (200, []),
    "tracks-now-and-raises": (500, ["now"]),
    "around-a-commit": (200, ["earlier", "later", "view"]),
    "around-an-abort": (200, ["earlier", "later"]),
    "around-an-error": (500, []),
    "inactive-returns-200": (200, V),
    "inactive-returns-500": (500, []),
    "inactive-raises": (500, []),
    "streams": (200, ["body", "view"]),
    "streams-a-500": (500, ["body", "view"]),
    "another-thread": (500, ["thread", "view"]),
}
TABLE: dict[str, dict[str, tuple[int, list[str]]]] = {
    "plain": PLAIN,
    "explicit": {**TRANSACTIONS, "asks-through-tweens-and-raises": (500, ["part"])},
    "local": TRANSACTIONS,
    "veto": {
        "returns-200": (200, V),
        "returns-302": (302, V),
        "returns-404": (404, []),
        "returns-500": (500, []),
        "raises-302": (302, V),
        "raises-403": (403, []),
        "raises-an-error": (500, []),
    },
    "retry": {
        "returns-200": (200, V),
        "succeeds-at-last": (200, ["attempt 3"]),
        "never-succeeds": (500, []),
    },
    "retry-tm": {
        "returns-200": (200, V),
        "succeeds-at-last": (200, ["attempt 3"]),
        "never-succeeds": (500, []),
        "transient-at-first": (200, ["attempt 2"]),
        "conflicts-at-vote": (200, ["attempt 2"]),
    },
    "around": {
        "returns-200": (200, V),
        "returns-500": (500, V),
        "returns-200?abort": (200, []),
    },
    "tweens": {
        "returns-200": (200, V),
        "returns-500": (500, []),
        "raises-302": (302, V),
        "raises-an-error": (500, []),
        "raises-for-a-view-of-200": (200, []),
    },
    "tweens-tm": {
        "returns-200": (200, V),
        "returns-500": (500, V),
        "dooms": (200, []),
        "raises-an-error": (500, []),
        "raises-for-a-view-of-200": (500, []),
    },
    "our-veto": {
        "returns-200": (200, V),
        "returns-404": (404, []),
        "returns-500": (500, []),
        "raises-302": (302, V),
        "tracks-now-and-is-forbidden": (403, ["now"]),
    },
    "our-veto-tm": {
        "returns-200": (200, V),
        "returns-404": (404, []),
        "returns-500": (500, V),
        "dooms": (200, []),
    },
    "no-tweens": {
        "returns-200": (200, V),
        "returns-500": (500, []),
        "raises-an-error": (500, []),
        "raises-for-a-view-of-200": (500, []),
    },
}
ROWS = {
    f"{app}/{name}": expected
    for app, rows in TABLE.items()
    for name, expected in rows.items()
}
WAITRESS = [sys.executable, "-Wignore", str(HERE / "lifecycle_app.py")]
GUNICORN = [
    *(sys.executable, "-Wignore", "-m", "gunicorn", "--bind=127.0.0.1:0"),
    *("--workers=2", "--threads=2", f"--chdir={HERE}", "lifecycle_app:main()"),
]
SCRIPT = [*WAITRESS, "script"]
SERVERS = {
    "waitress": (WAITRESS, False),
    "waitress with an outbox": (WAITRESS, True),
    "gunicorn": (GUNICORN, False),
}


@contextmanager
def served(command: list[str], **settings: str) -> Iterator[int]:
    """Run a server that tracks to a URL, and give its port; let it end by itself."""
    env = {**os.environ, **settings}
    # Not a pipe, which would be full of tracebacks, and the server wait.
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield port_in(log)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0


def port_in(log: IO[str]) -> int:
    """Wait until a server says which port it has."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        log.seek(0)
        found = re.search(r"^(?:.*http://127.0.0.1:)?(\d+)( .*)?\n", log.read(), re.M)
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


def status_of(port: int, row: str) -> int:
    """Make the request of a row, and give its status."""
    path, _, _ = row.partition("?")
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/{path}?row={quote(row)}")
    answer = connection.getresponse()
    try:
        answer.read()
    except IncompleteRead:
        assert row.endswith("streams-and-fails")
    finally:
        connection.close()
    return answer.status


def arrived(project: LocalProject) -> dict[str, list[str]]:
    """Ask the project what arrived, by row."""
    found: dict[str, list[str]] = defaultdict(list)
    today = datetime.now(timezone.utc).date()
    with Client(ACCOUNT, base_url=project.base_url) as client:
        for event in client.export(today - timedelta(days=1), today):
            found[event.distinct_id].append(event.properties["Path"])
    return {row: sorted(places) for row, places in found.items()}


def local_project() -> LocalProject:
    """Make a local project that checks credentials and token."""
    return LocalProject(credentials=ACCOUNT, project_id=ACCOUNT.project_id, token=TOKEN)


@pytest.fixture(scope="module", params=SERVERS.values(), ids=SERVERS)
def outcome(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Make all requests to a server: their statuses, and what arrived in the end."""
    command, has_outbox = request.param
    settings = {}
    if has_outbox:
        folder = tmp_path_factory.mktemp("lifecycle")
        settings["MIXPANEL_OUTBOX"] = str(folder / "outbox.sqlite")
    with local_project() as project:
        settings["MIXPANEL_URL"] = project.base_url
        with served(command, **settings) as port:
            statuses = {row: status_of(port, row) for row in ROWS}
        return statuses, arrived(project)


@pytest.mark.parametrize("row", ROWS)
def test_what_is_sent(
    outcome: tuple[dict[str, int], dict[str, list[str]]], row: str
) -> None:
    """A request that ends in this way leaves just this in Mixpanel."""
    statuses, found = outcome

    assert (statuses[row], found.get(row, [])) == ROWS[row]


def test_nothing_else_arrives(
    outcome: tuple[dict[str, int], dict[str, list[str]]],
) -> None:
    """Only rows of the table are in Mixpanel."""
    _, found = outcome

    assert found.keys() <= ROWS.keys()


def test_scripts() -> None:
    """``pyramid.scripting.prepare`` sends, unless the script raises inside of it."""
    with local_project() as project:
        env = {**os.environ, "MIXPANEL_URL": project.base_url}
        subprocess.run(SCRIPT, env=env, check=True, timeout=60)

        assert arrived(project) == {"script/ends": V, "script/raises": ["handler"]}
