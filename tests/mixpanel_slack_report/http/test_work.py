"""Work as a queue keeps it, and what somebody else may have put there."""

from __future__ import annotations

import json

import pytest

from mixpanel_slack_report.http.orders import ReportOrder
from mixpanel_slack_report.http.work import WorkItem, read_item, write_item

from .conftest import NOW, RESPONSE_URL

WRITTEN = {
    "period": "custom",
    "last_days": 7,
    "asked_at": "2026-11-18T09:30:00+00:00",
    "trigger_id": "1.2",
    "response_url": RESPONSE_URL,
}


@pytest.mark.parametrize(
    "order", [ReportOrder("weekly"), ReportOrder("custom", last_days=90)]
)
def test_work_is_read_as_it_was_written(order: ReportOrder) -> None:
    """Every field of it."""
    item = WorkItem(order, NOW, "1.2", RESPONSE_URL)

    assert read_item(write_item(item)) == item


@pytest.mark.parametrize(
    "changed",
    [
        {"asked_at": "2026-11-18T09:30:00"},
        {"asked_at": 5},
        {"period": "yearly"},
        {"period": ["daily"]},
        {"period": "weekly"},
        {"last_days": None},
        {"last_days": "7"},
        {"last_days": 91},
        {"last_days": 0},
    ],
)
def test_what_no_command_asks_for_is_no_work(changed: dict[str, object]) -> None:
    """Begun, it would fail, and be given out again for ever."""
    with pytest.raises(ValueError, match="work in the queue cannot be read"):
        read_item(json.dumps({**WRITTEN, **changed}))


@pytest.mark.parametrize("text", ["", "[]", "5", "[" * 100_000, '{"period": "daily"}'])
def test_what_is_no_item_is_no_work(text: str) -> None:
    """The error holds nothing of it."""
    with pytest.raises(ValueError, match=r"cannot be read \(\w+\)$"):
        read_item(text)
