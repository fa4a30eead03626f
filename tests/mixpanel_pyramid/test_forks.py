"""What this process says is to happen when it forks."""

from __future__ import annotations

import os
import runpy

import pytest

from mixpanel_pyramid import forks


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_what_was_asked_for_is_done_in_a_forked_child_only() -> None:
    """The parent goes on with what it has."""
    done: list[str] = []
    forks.at_fork(after_in_child=lambda: done.append("begun again"))

    child = os.fork()
    if child == 0:
        os._exit(0 if done == ["begun again"] else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert done == []


def test_where_nothing_forks_asking_is_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: the package is imported all the same."""
    monkeypatch.delattr(os, "register_at_fork", raising=False)
    done: list[str] = []

    runpy.run_path(forks.__file__)["at_fork"](after_in_child=lambda: done.append("x"))

    assert done == []
