"""Who shares a budget."""

from __future__ import annotations

import pytest

from mixpanel_query import ServiceAccount
from mixpanel_query.exceptions import RateLimitedError
from mixpanel_query.wire import Destination

from .turns import ACCOUNT, QUERY, Make, answered, sent


def test_budgets_share_a_file(make: Make) -> None:
    """Two budgets with one file count together."""
    one, other = make(), make()
    turns = [sent(one) for _ in range(3)] + [sent(other) for _ in range(2)]

    assert isinstance(one.enter(QUERY), float)
    assert isinstance(other.enter(QUERY), float)
    turns[0].end()
    sent(other)


@pytest.mark.parametrize(
    "destination",
    [
        Destination(ServiceAccount("other", "hunter2-hunter2", 54321)),
        Destination(ACCOUNT, "eu"),
        Destination(ACCOUNT, base_url="https://proxy.example"),
    ],
    ids=["another project", "another region", "another host"],
)
def test_projects_have_their_own(make: Make, destination: Destination) -> None:
    """Another project, or one on another host, has all of its own."""
    answered(make(), 60)

    answered(make(destination), 60)
    assert make().status().allowance("query").used == 60


def test_accounts_of_a_project_share(make: Make) -> None:
    """The limits are a project's, whoever asks."""
    answered(make(), 60)

    other = make(Destination(ServiceAccount("someone-else", "hunter3-hunter3", 12345)))
    with pytest.raises(RateLimitedError):
        other.enter(QUERY)
