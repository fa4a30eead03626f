"""What is posted, checked by the compiler against the types that Slack publishes.

The types know tables of data, and no charts yet:
https://github.com/slackapi/node-slack-sdk/pull/2637
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.report import Alert, DatedNote
from mixpanel_slack_report.slack.blocks import build_messages

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

    from mixpanel_slack_report.report import Report

PACKAGES = ("@slack/types@3.2.0", "typescript@7.0.2")
CACHE = Path(tempfile.gettempdir()) / "mixpanel-slack-report-types-3.2.0-7.0.2"
OPTIONS = (
    *("--strict", "--noEmit", "--skipLibCheck", "--resolveJsonModule"),
    *("--module", "esnext", "--moduleResolution", "bundler"),
)
IMPORT = "import type { Block, KnownBlock } from '@slack/types';\n"
Blocks = Sequence[dict[str, object]]
Compile = Callable[[str], str]


@pytest.fixture(scope="session")
def slack_types() -> Path:
    """Give the folder with the compiler and Slack's types, installed once a machine."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("needs npm: what is posted is not checked against Slack's types")
    if not CACHE.exists():
        folder = Path(tempfile.mkdtemp())  # moved as a whole: tests run side by side
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", *PACKAGES]
        done = subprocess.run(
            install, cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"needs npm's packages {PACKAGES}: {done.stderr[-200:]}")
        with suppress(OSError):  # another test was faster
            folder.rename(CACHE)
    return CACHE


@pytest.fixture
def compile_lines(slack_types: Path, tmp_path: Path) -> Compile:
    """Compiles TypeScript strictly, and gives what the compiler says."""
    modules = slack_types / "node_modules"
    (tmp_path / "node_modules").symlink_to(modules)

    def compile_text(text: str) -> str:
        (tmp_path / "posted.ts").write_text(IMPORT + text)
        done = subprocess.run(
            [modules / ".bin" / "tsc", *OPTIONS, "posted.ts"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    return compile_text


@pytest.fixture
def all_reports(make_report: MakeReport) -> list[Report]:
    """Reports of every kind: full, empty, doubtful and huge."""
    signups = Metric("New Signups", ("Sign Up",), "total")
    whole = MetricValue(signups, "Sign Up", 48, 40, "ok", "", tuple(range(8)))
    doubtful = MetricValue(signups, "Sign Up", None, None, "no_such_event", "unknown")
    events = tuple(TopEvent(f"Event {number}", number + 1) for number in range(10_000))
    full = replace(
        make_report((whole, doubtful)),
        alerts=(Alert("x", "It fell.", ("U024BE7LH", "S0614TZR7", "here")),),
        new_events=(TopEvent("Checkout Started", 31),),
        stopped_events=(TopEvent("Old Button", 77),),
        annotations=(DatedNote(date(2026, 11, 11), "Released 2.4"),),
        link="https://mixpanel.com/project/12345",
    )
    huge = replace(full, top_events=events, metrics=(whole, doubtful) * 100)
    return [full, huge, make_report((), (), summary=())]


def literal(number: int, blocks: Blocks) -> str:
    """Write blocks as an object literal, whose every key the compiler checks."""
    return f"const blocks{number}: KnownBlock[] = {json.dumps(blocks)};\n"


def test_lists_and_tables_are_what_slack_publishes(
    all_reports: list[Report], compile_lines: Compile
) -> None:
    """No key is missing, unknown or of another type, on the first two rungs."""
    messages = [each for report in all_reports for each in build_messages(report)[:2]]
    without_charts = [
        [block for block in message.blocks if block["type"] != "data_visualization"]
        for message in messages
    ]

    lines = [literal(*numbered) for numbered in enumerate(without_charts)]

    assert compile_lines("".join(lines)) == ""


def test_posted_json_can_be_handed_on(
    all_reports: list[Report], compile_lines: Compile, tmp_path: Path
) -> None:
    """Charts included, as Slack's libraries take blocks that they do not know."""
    best, _, _ = build_messages(all_reports[0])
    assert "data_visualization" in {block["type"] for block in best.blocks}
    (tmp_path / "posted.json").write_text(json.dumps(best.blocks))

    lines = (
        "import posted from './posted.json';\n"
        "export const blocks: (Block | KnownBlock)[] = posted;\n"
    )

    assert compile_lines(lines) == ""


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        (
            {"type": "header", "text": {"type": "mrkdwn", "text": "a"}},
            "Type '\"mrkdwn\"' is not assignable to type '\"plain_text\"'",
        ),
        ({"type": "data_table", "rows": []}, "'caption' is missing"),
        (
            {
                "type": "data_table",
                "caption": "a",
                "rows": [[{"type": "raw_number", "value": "1", "text": "1"}]],
            },
            "is not assignable to type",
        ),
        ({"type": "divider", "style": "bold"}, "does not exist in type 'DividerBlock'"),
    ],
)
def test_the_compiler_finds_what_slack_does_not_publish(
    block: dict[str, object], complaint: str, compile_lines: Compile
) -> None:
    """So its silence means something."""
    assert complaint in compile_lines(literal(0, [block]))
