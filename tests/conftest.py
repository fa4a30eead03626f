"""What holds for every suite: under ``CI=true`` nothing may be missing.

On somebody's machine a test skips where a tool or a service is not there, with a
reason that begins with "needs". Where ``CI`` is ``true`` such a skip is a failure,
because there it would be a test that silently stopped to run.
"""

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of something into a failure where all has to be there."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and call.excinfo is not None:
        reason = str(call.excinfo.value)
        if reason.startswith("needs "):
            report.outcome = "failed"
            report.longrepr = f"skipped, which CI does not allow: {reason}"
    return report
