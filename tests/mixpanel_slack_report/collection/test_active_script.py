"""What the script that counts active users is given.

https://developer.mixpanel.com/reference/jql-top-level-api
"""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_slack_report.collection.active_script import script_params
from mixpanel_slack_report.periods import Window

DAY = Window(date(2026, 11, 9), date(2026, 11, 9))


@pytest.mark.parametrize(
    ("named", "selectors"),
    [
        ([], [{"selector": 'user["plan"] == "gold"'}]),
        (
            ["Sign Up", "Page View"],
            [
                {"event": "Sign Up", "selector": 'user["plan"] == "gold"'},
                {"event": "Page View", "selector": 'user["plan"] == "gold"'},
            ],
        ),
    ],
    ids=["any event", "two events"],
)
def test_a_filter_is_that_of_each_event(
    named: list[str], selectors: list[dict[str, str]]
) -> None:
    """Mixpanel applies a selector to the event beside it, and to no other."""
    params = script_params(named, 'user["plan"] == "gold"', [DAY])

    assert params["events"] == {
        "from_date": "2026-11-09",
        "to_date": "2026-11-09",
        "event_selectors": selectors,
    }


def test_any_event_without_a_filter_needs_no_selector() -> None:
    """Then every event of the days is read."""
    params = script_params([], "", [DAY])

    assert params["events"] == {"from_date": "2026-11-09", "to_date": "2026-11-09"}
