"""What the tests of the function app share: the app, its settings, what it talks to."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType

import pytest

from mixpanel_query.local import LocalProject
from mixpanel_slack_report.deploy.folder import write_folder
from mixpanel_slack_report.deploy.ready_folders import folder_files
from mixpanel_slack_report.slack.stand_in import SlackStandIn

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture(scope="session")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``init azure`` writes it."""
    folder = tmp_path_factory.mktemp("app")
    write_folder(folder, folder_files("azure"))
    return folder


@pytest.fixture(scope="session")
def function_app(app_folder: Path) -> ModuleType:
    """The module of the folder, imported as the host imports it."""
    path = app_folder / "function_app.py"
    spec = importlib.util.spec_from_file_location("function_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that keeps what is posted."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def app_settings(
    slack: SlackStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """The settings of an app whose project has a sign-up on each of many days."""
    rows = tmp_path / "rows.jsonl"
    start = int(datetime(2026, 10, 1, 12, tzinfo=timezone.utc).timestamp())
    rows.write_text(
        "\n".join(
            json.dumps(
                {
                    "event": "Sign Up",
                    "properties": {
                        "time": start + day * 86_400,
                        "distinct_id": f"user-{day % 5}",
                        "$insert_id": str(day),
                    },
                }
            )
            for day in range(60)
        )
    )
    with LocalProject(
        credentials=("reports", "right-s3cret"),
        clock=lambda: datetime(2026, 11, 26, 12, tzinfo=timezone.utc),
    ) as project:
        project.load(rows)
        settings = {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "12345",
            "MIXPANEL_BASE_URL": project.base_url,
            "MIXPANEL_ATTEMPTS": "1",
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "SLACK_API_URL": slack.api_url,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield settings
