"""Ctrl-C while Mixpanel does not answer: a real process, a real socket."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from signal import SIGINT
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeMixpanel


@pytest.mark.parametrize("kind", ["names", "totals", "addiction"])
def test_ctrl_c_ends_a_report_at_once(
    serve_mixpanel: ServeMixpanel, tmp_path: Path, kind: str
) -> None:
    """Whatever hangs, the process says that it was stopped, and leaves."""
    server = serve_mixpanel(kind, "hang")
    environ = {
        **os.environ,
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": server.url,
        "TIMEZONE": "UTC",
        "REPORT_FILE": "",
        "NO_PROXY": "127.0.0.1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "mixpanel_slack_report", "preview", "weekly"],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wanted = {"names": 2, "totals": 3, "addiction": 3}[kind]
    deadline = time.monotonic() + 60
    while len(server.requests) < wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(server.requests) == wanted
    process.send_signal(SIGINT)

    printed, complaint = process.communicate(timeout=8)

    assert (process.returncode, printed, complaint.strip()) == (130, "", "Stopped.")
