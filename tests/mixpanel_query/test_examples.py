"""Every command that the help, the README or the docs show works, as printed.

A local project with the sample answers what it can; the rest is answered as Mixpanel's
documentation shows it.
"""

from __future__ import annotations

import json
import re
import shlex
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import click
import httpx
import pytest
from click.testing import CliRunner

from mixpanel_query.command.program import COMMANDS, program, run
from mixpanel_query.local import LocalProject

ROOT = Path(__file__).parents[2]
PAGES = (
    "packages/mixpanel-query/README.md",
    *("docs/query/command-line.md", "docs/query/exporting.md", "docs/query/budget.md"),
)
PATHS = [[], *([name] for name in COMMANDS), ["local", "serve"]]


def help_of(path: list[str]) -> str:
    """Return the help of a command."""
    result = CliRunner().invoke(program, [*path, "--help"])
    assert result.exit_code == 0
    return result.output


def shown_commands() -> list[str]:
    """Return the command lines that are shown, long ones joined."""
    pages = [(ROOT / page).read_text("utf-8") for page in PAGES]
    text = "\n".join([*pages, *map(help_of, PATHS)])
    joined = re.sub(r" \\\n\s+", " ", text)
    shown = re.findall(r"^ *(?:\$ )?mixpanel-query (.+)$", joined, re.MULTILINE)
    return list(dict.fromkeys(line.split("  #")[0].strip() for line in shown))


# Examples of https://developer.mixpanel.com/reference for what nothing here counts.
COUNTS = {
    "data": {
        "series": ["2026-11-25"],
        "values": {"Pro": {"2026-11-25": 3}},
    },
    "legend_size": 1,
}
FUNNEL_STEP = {
    "count": 20,
    "avg_time": 2,
    "avg_time_from_start": 5,
    "step_conv_ratio": 1,
    "overall_conv_ratio": 1,
    "goal": "App Open",
    "event": "App Open",
}
ANSWERS: dict[str, object] = {
    "/segmentation": COUNTS,
    "/segmentation/numeric": COUNTS,
    "/segmentation/sum": {"status": "ok", "results": {"2026-11-25": 4}},
    "/segmentation/average": {"status": "ok", "results": {"2026-11-25": 8.647}},
    "/events/top": {
        "events": [{"amount": 2, "event": "Purchase", "percent_change": -0.356}],
        "type": "unique",
    },
    "/events/properties": COUNTS,
    "/events/properties/top": {"Plan": {"count": 295}},
    "/events/properties/values": ["Pro", "Team"],
    "/funnels/list": [{"funnel_id": 7509, "name": "Signup funnel"}],
    "/funnels": {
        "meta": {"dates": ["2026-11-25"]},
        "data": {"2026-11-25": {"steps": [FUNNEL_STEP], "analysis": {}}},
    },
    "/retention": {"2026-11-25": {"counts": [2, 1, 2], "first": 2}},
    "/retention/addiction": {"data": {"2026-11-25": [305, 107, 60]}},
    "/insights": {
        "computed_at": "2026-11-26T16:35:41.252314+00:00",
        "date_range": {
            "from_date": "2026-11-25T00:00:00-07:00",
            "to_date": "2026-11-25T23:59:59.999000-07:00",
        },
        "headers": ["$event"],
        "series": {"Logged in": {"2026-11-25T00:00:00-07:00": 9852}},
    },
    "/cohorts/list": [
        {
            "id": 1000,
            "name": "Cohort One",
            "count": 150,
            "description": "",
            "created": "2019-03-19 23:49:51",
            "is_visible": 1,
            "project_id": 1,
        }
    ],
    "/stream/query": {
        "status": "ok",
        "results": {
            "events": [
                {
                    "event": "Game Played",
                    "properties": {"time": 1599589453, "$distinct_id": "user-1"},
                }
            ]
        },
    },
    "/engage": {
        "page": 0,
        "page_size": 1000,
        "session_id": "1234567890-EXAMPL",
        "status": "ok",
        "total": 1,
        "results": [
            {"$distinct_id": "4", "$properties": {"$email": "joe@example.com"}}
        ],
    },
    "/jql": [{"key": ["Pro"], "value": 3}],
    "/annotations": {
        "status": "ok",
        "results": [
            {
                "id": 1,
                "date": "2026-11-25 10:00:00",
                "description": "Release",
                "user": {"id": 2, "first_name": "Ada", "last_name": "L"},
                "tags": [],
            }
        ],
    },
    "/annotations/tags": [{"id": 5, "name": "release"}],
    "/schemas": {"status": "ok", "results": []},
}
PROFILE = {
    "$distinct_id": "user-1",
    "$properties": {"$email": "joe@example.com", "Plan": "Pro"},
}
PLAN = """
from dataclasses import dataclass
from mixpanel_schema import Event, Events, TrackingPlan

@dataclass(frozen=True)
class ShopEvents(Events):
    bought: Event = Event("Purchase")

plan = TrackingPlan(events=ShopEvents())
"""


class Mixpanel(BaseHTTPRequestHandler):
    """Answers as the local project does or, where that cannot, as documented."""

    project = ""

    def do_GET(self) -> None:
        """Ask the local project first."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {
            name: value for name, value in self.headers.items() if name != "Host"
        }
        request = urllib.request.Request(  # noqa: S310 - our own
            self.project + self.path, body or None, headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own
                status, encoding = 200, answer.headers.get("Content-Encoding")
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, encoding = error.code, None
                content = error.read()
        documented = ANSWERS.get(self.documented_path())
        if isinstance(documented, dict) and "type" in documented:
            asked = parse_qs(self.path.partition("?")[2])["type"]
            documented = {**documented, "type": asked[0]}
        if status in (404, 501) and documented is not None:
            status, content = 200, json.dumps(documented).encode()
        self.send_response(status)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def documented_path(self) -> str:
        """The path as Mixpanel's documentation writes it."""
        path = self.path.partition("?")[0].removeprefix("/api/query")
        return re.sub("^/api/app/projects/[0-9]+", "", path)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Mixpanel with the sample, a user and a tag."""
    with LocalProject() as project:
        project.load_sample()
        folder = tmp_path_factory.mktemp("sample")
        about = {"time": int(time.time()) - 3600, "distinct_id": "user-1"}
        for row in (PROFILE, {"event": "Sign Up", "properties": about}):
            path = folder / "row.jsonl"
            path.write_text(json.dumps(row), "utf-8")
            project.load(path)
        tags = f"{project.base_url}/api/app/projects/1/annotations/tags"
        httpx.post(tags, json={"name": "release"}, trust_env=False)
        handler = type("Handler", (Mixpanel,), {"project": project.base_url})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "line", [line for line in shown_commands() if not line.startswith("local")]
)
def test_example(
    line: str,
    sample: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It succeeds, and prints something or writes a file; 3 says what drift found."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "tracking.py").write_text(PLAN, "utf-8")
    (tmp_path / "users.js").write_text("function main() { return People() }", "utf-8")
    before = set(tmp_path.iterdir())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIXPANEL_BASE_URL", sample)
    monkeypatch.setenv("MIXPANEL_USERNAME", "local")
    monkeypatch.setenv("MIXPANEL_SECRET", "local")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "1")

    code = run(["--timezone", "UTC", *shlex.split(line)])
    out, err = capsys.readouterr()

    assert "no event" not in err
    if " --fail-on " in line:
        assert code in (0, 3), err
    else:
        assert (code, err if code else "") == (0, "")
    # What a dry run would cost is talk, not an answer.
    assert out or " --dry-run" in line or set(tmp_path.iterdir()) != before


def test_examples_are_found() -> None:
    """The search for examples finds those of the help and those of the pages."""
    lines = shown_commands()

    assert "local serve --sample" in lines
    assert any(" --where " in line for line in lines)
    assert len(lines) > 10


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_has_no_raw_sign(path: list[str]) -> None:
    r"""No help shows click's own ``\b``, as text or as the sign that it is."""
    shown = help_of(path)

    assert "\\b" not in shown
    assert "\b" not in shown


def test_export_speaks_of_utc_once() -> None:
    """Text and option of the export do not contradict each other."""
    command = program.get_command(click.Context(program), "export")

    assert command is not None
    words = " ".join(help_of(["export"]).split())
    assert "First day counted, in UTC, or in the project's timezone if" in words
    assert "counted, in the project's" not in words
