"""Twenty processes that send the same report at once, as a replayed schedule does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.slack.stand_in import SlackStandIn

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ScriptedServer
    from tests.mixpanel_slack_report.runs.conftest import Sender

pytest.importorskip("duckdb", reason="needs duckdb: the extra demo")
MakeSender = Callable[..., "Sender"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[str]:
    """The address of a local project in which "Sign Up" happened twice in the week."""
    from mixpanel_query.local import LocalProject

    path = tmp_path / "events.jsonl"
    with path.open("w") as lines:
        for number, moment in enumerate([1794225600, 1794744000]):
            properties = {
                "time": moment,
                "distinct_id": "ann",
                "$insert_id": f"insert-id-{number}",
            }
            lines.write(json.dumps({"event": "Sign Up", "properties": properties}))
            lines.write("\n")
    with LocalProject() as local:
        local.load(path)
        yield local.base_url


def test_twenty_processes_post_once_and_ask_once(
    make_sender: MakeSender,
    serve_passage: Callable[..., ScriptedServer],
    project: str,
) -> None:
    """One asks, for the timezone too, and sends; the others wait, and exit with 0."""
    counted = serve_passage(project)
    with SlackStandIn() as slack:
        sender = make_sender(counted.url, slack.webhook_url, "")
        outcomes = [sender.ended(one) for one in [sender.start() for _ in range(20)]]

    assert [code for code, _, _ in outcomes] == [0] * 20
    assert len(slack.messages) == 1
    assert "Signups: 2" in slack.messages[0]["text"]
    assert len(counted.requests) <= 4
    said = sorted(out + err.split(" was sent at ")[0] for _, out, err in outcomes)
    assert said == [
        *["Nothing sent: the weekly report 2026-11-09 to 2026-11-15"] * 19,
        "Sent the weekly report 2026-11-09 to 2026-11-15.\n",
    ]
