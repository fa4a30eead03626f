"""Today's commonest events, compared with yesterday's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.top_events import answer_top_events
from mixpanel_query.local.settings import project_settings

SETTINGS = project_settings(
    timezone="UTC",
    week_start="monday",
    clock=lambda: datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
)


@pytest.fixture
def two_days(add_rows: Callable[..., None]) -> None:
    """Store yesterday's events, some of them after noon, and those of this morning."""
    add_rows(
        "A u1 2026-11-21T00:00:00",
        "A u1 2026-11-21T12:00:00",
        "A u2 2026-11-21T12:00:01",
        "A u1 2026-11-22T00:00:00",
        "A u1 2026-11-22T12:00:00",
        "A u2 2026-11-22T11:00:00",
        "B u1 2026-11-22T11:00:00",
        "C u1 2026-11-21T11:00:00",
    )


@pytest.mark.usefixtures("two_days")
def test_change_is_from_the_same_time_of_yesterday(engine: Engine) -> None:
    """Three of A after two by noon, and B is new; C did not happen today."""
    assert answer_top_events(engine, {"type": "general"}, SETTINGS) == {
        "events": [
            {"amount": 3, "event": "A", "percent_change": 0.5},
            {"amount": 1, "event": "B", "percent_change": 1},
        ],
        "type": "general",
    }


@pytest.mark.usefixtures("two_days")
def test_users_are_counted_once(engine: Engine) -> None:
    """Two users of A after one; a limit keeps the first event."""
    given = {"type": "unique", "limit": "1"}

    assert answer_top_events(engine, given, SETTINGS) == {
        "events": [{"amount": 2, "event": "A", "percent_change": 1.0}],
        "type": "unique",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "type is missing"),
        ({"type": "median"}, "type 'median' is not one of"),
        ({"type": "unique", "limit": "many"}, "limit 'many' is not a whole number"),
    ],
)
def test_wrong_question_is_refused(
    engine: Engine, given: dict[str, str], message: str
) -> None:
    """What makes no sense gets 400."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        answer_top_events(engine, given, SETTINGS)

    assert caught.value.status == 400
