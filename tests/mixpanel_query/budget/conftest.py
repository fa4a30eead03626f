"""A budget with a clock that the tests set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mixpanel_query import Budget
from mixpanel_query.budget import ProjectGate
from mixpanel_query.wire import Destination

from .turns import ACCOUNT, Clock

HERE = Destination(ACCOUNT)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon."""
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[..., ProjectGate]:
    """Make gates of budgets that all share one file."""

    def make_gate(destination: Destination = HERE, **options: object) -> ProjectGate:
        return Budget(tmp_path / "b", clock=clock, **options).gate(destination)  # type: ignore[arg-type]

    return make_gate


@pytest.fixture
def gate(make: Callable[..., ProjectGate]) -> ProjectGate:
    """The gate of one project, which makes nobody wait for more than a minute."""
    return make()
