"""The recorder of all apps of the process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mixpanel_pyramid.testing import Recorder, recording


@pytest.fixture
def seen() -> Iterator[Recorder]:
    """A recorder of all apps."""
    with recording() as made:
        yield made
