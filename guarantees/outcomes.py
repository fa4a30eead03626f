"""A pytest plugin that notes how each test ended, and by which exception."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

__all__ = ["FILE", "pytest_runtest_makereport"]

FILE = "GUARANTEES_OUTCOMES"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a line about a step of a test to the file that the environment names."""
    report = yield
    kind = None if call.excinfo is None else call.excinfo.type.__name__
    line = {
        "test": item.nodeid.partition("[")[0],
        "step": report.when,
        "outcome": report.outcome,
        "kind": kind,
    }
    with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return report
