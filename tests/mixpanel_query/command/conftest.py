"""An environment with settings, and a Mixpanel that answers."""

from __future__ import annotations

import os
from typing import Any

import pytest

from .typed_commands import Make


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Variables of a service account, set in this process."""
    for name in os.environ:
        if name.startswith("MIXPANEL_"):
            monkeypatch.delenv(name)
    variables = {
        "MIXPANEL_USERNAME": "reports.1a2b3c",
        "MIXPANEL_SECRET": "hunter2-hunter2",
        "MIXPANEL_PROJECT_ID": "12345",
    }
    for name, value in {**variables, "MIXPANEL_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def answering(
    scripted: Make, reply: Make, environment: object, monkeypatch: pytest.MonkeyPatch
) -> Make:
    """Start a server that answers with a body, and point the environment at it."""

    def start(body: bytes, **options: Any) -> Any:  # noqa: ANN401 - conftest's own
        server = scripted(reply(body, **options))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        return server

    return start
