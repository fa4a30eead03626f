"""The pytest plugin: a local project for each test, and its address.

It costs nothing until a test takes one of the fixtures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mixpanel_query.local.project import LocalProject

__all__ = [
    "local_project_url",
    "mixpanel_project",
    "mixpanel_project_server",
    "mixpanel_project_settings",
]


@pytest.fixture(scope="session")
def mixpanel_project_settings() -> dict[str, Any]:
    """Say what `LocalProject` is made with; a suite may have a fixture of its own."""
    return {}


@pytest.fixture(scope="session")
def mixpanel_project_server(
    mixpanel_project_settings: dict[str, Any],
) -> Iterator[LocalProject]:
    """Serve one project for the whole session, as a start takes longer than a reset.

    With pytest-xdist each worker has its own.
    """
    from mixpanel_query.local import LocalProject

    with LocalProject(**mixpanel_project_settings) as project:
        yield project


@pytest.fixture
def mixpanel_project(mixpanel_project_server: LocalProject) -> Iterator[LocalProject]:
    """Give a project as it was made: without data, faults, limits and requests."""
    mixpanel_project_server.reset()
    yield mixpanel_project_server
    # Answers that are held back would keep the threads of an app.
    mixpanel_project_server.faults.clear()


@pytest.fixture
def local_project_url(mixpanel_project: LocalProject) -> str:
    """Give the address of ``mixpanel_project``, such as ``http://127.0.0.1:41234``."""
    return mixpanel_project.base_url
