"""The pytest plugin: one fixture. It costs nothing until a test takes the fixture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mixpanel_pyramid.testing import Recorder

__all__ = ["mixpanel_recorder"]


@pytest.fixture
def mixpanel_recorder() -> Iterator[Recorder]:
    """Record what every Pyramid app of this process tracks during the test.

    Nothing is sent meanwhile, whatever ``mixpanel.token`` is. It does not matter how
    the app was made, when, or by which fixture.
    """
    from mixpanel_pyramid.testing import recording

    with recording() as recorder:
        yield recorder
