"""Commands import what they need, and nothing that is for something else."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.mixpanel_slack_report.conftest import ServeMixpanel

from mixpanel_slack_report.slack.stand_in import SlackStandIn

# What draws, what counts in local projects, and what is for Azure and for serving.
OTHERS = (
    *("altair", "matplotlib", "numpy", "pandas", "plotly", "vl_convert", "PIL"),
    *("duckdb", "quickjs", "azure", "waitress", "holidays"),
)
CODE = """
import sys
from mixpanel_slack_report.command import main
try:
    main(sys.argv[2:])
finally:
    found = {name.partition(".")[0] for name in sys.modules}
    print(*sorted(found & set(sys.argv[1].split())), sep=",", file=sys.stderr)
"""


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("preview", "weekly"),
        ("preview", "weekly", "--format", "html"),
        ("send", "weekly"),
        ("plan", "weekly"),
    ],
    ids=" ".join,
)
def test_no_plotting_and_no_engine_is_imported(
    serve_mixpanel: ServeMixpanel,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    """A report is shown and sent by httpx and slack_sdk, and drawn by Slack."""
    with SlackStandIn() as slack:
        settings = {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": serve_mixpanel().url,
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "TIMEZONE": "UTC",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        done = subprocess.run(
            [sys.executable, "-c", CODE, " ".join(OTHERS), *command],
            capture_output=True,
            text=True,
            check=True,
        )

    assert done.stderr.splitlines()[-1:] == [""]


@pytest.mark.imports
def test_help_imports_little() -> None:
    """So that it answers at once."""
    clients = "httpx slack_sdk rich dotenv sqlite3 zoneinfo dataclasses json"

    done = subprocess.run(
        [sys.executable, "-c", CODE, clients, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == "\n"
