"""The command line, against a local Mixpanel project and a stand-in for Slack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mixpanel_slack_report.command import main
from mixpanel_slack_report.settings import SETTINGS

from .outcomes import REPORT, Outcome, Run


@pytest.fixture(scope="module")
def mixpanel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a local project that checks credentials.

    "Sign Up" happened 3 times by 2 users in the week from 2026-11-09, once before.
    """
    pytest.importorskip("duckdb", reason="needs the extra demo")
    from mixpanel_query.local import LocalProject

    rows = [
        ("2026-11-09", 1794225600, "ann"),
        ("2026-11-12", 1794484800, "ann"),
        ("2026-11-15", 1794744000, "bob"),
        ("2026-11-08", 1794139200, "cid"),
    ]
    path = tmp_path_factory.mktemp("data") / "events.jsonl"
    with path.open("w") as lines:
        for number, (_, time, user) in enumerate(rows):
            properties = {
                "time": time,
                "distinct_id": user,
                "$insert_id": f"insert-id-{number}",
            }
            lines.write(json.dumps({"event": "Sign Up", "properties": properties}))
            lines.write("\n")
    with LocalProject(credentials=("reports", "right-s3cret")) as project:
        project.load(path)
        yield project.base_url


@pytest.fixture
def run(
    mixpanel: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command in an empty folder with the settings of the local project."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.toml").write_text(REPORT)
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": mixpanel,
        "REPORT_FILE": "report.toml",
        "MIXPANEL_ATTEMPTS": "1",
    }

    def run_command(*arguments: str, **settings: str) -> Outcome:
        for setting in SETTINGS:
            monkeypatch.delenv(setting.name, raising=False)
        for name, value in {**given, **settings}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        printed = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Outcome(stop.value.code, printed.out, printed.err)

    return run_command
