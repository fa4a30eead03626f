"""What ``import mixpanel_slack_report`` gives and costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mixpanel_slack_report


def test_every_public_name_can_be_imported() -> None:
    """Each name in ``__all__`` is there, in order."""
    names = mixpanel_slack_report.__all__

    assert names == sorted(names)
    assert all(getattr(mixpanel_slack_report, name) for name in names)
    assert dir(mixpanel_slack_report) == names


def test_other_names_are_missing_in_the_usual_way() -> None:
    """``hasattr`` and typos work as with any module."""
    with pytest.raises(AttributeError, match="has no attribute 'reprot'"):
        _ = mixpanel_slack_report.reprot  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", ["", ".command"])
def test_importing_costs_nothing_heavy(module: str) -> None:
    """Neither the engine, nor an HTTP client, nor Slack's library is imported."""
    script = (
        f"import sys, mixpanel_slack_report{module}\n"
        "heavy = {'duckdb', 'httpx', 'slack_sdk', 'rich', 'dotenv', 'requests'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert run.stdout == "[]\n"
