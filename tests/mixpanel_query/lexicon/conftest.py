"""Mixpanel's schemas API, mocked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import respx


@pytest.fixture
def mocked() -> Iterator[respx.MockRouter]:
    """Answers instead of Mixpanel."""
    with respx.mock as router:
        yield router
