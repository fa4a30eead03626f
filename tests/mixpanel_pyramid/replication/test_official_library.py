"""What is replicated equals what the official library of Customer.io sends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from customerio import CustomerIO

from mixpanel_pyramid import EventProperties, Events, MixpanelTrack, ProfileProperties

from .replicated_shop import HEX, MOMENT, Kept, ShopProfile, ShopProperties

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Workspace


DATA = {
    ShopProperties.basket: [{"sku": "a", "at": MOMENT.replace(microsecond=0)}],
    ShopProperties.when: dt.datetime(2026, 1, 2, 3, 4, 5),
    ShopProperties.dollar_n: None,
    EventProperties.path: "/ü",
}


def test_an_event_is_what_the_official_library_sends(
    live: MixpanelTrack, kept: Kept, official: CustomerIO, workspace: Workspace
) -> None:
    """Field by field: name, id, timestamp, data (there), attributes (here)."""
    live.track(Events.page_viewed, DATA, time=1_767_323_045.9, insert_id=HEX)
    official.track(
        "joe",
        "Page Viewed",
        data={prop.name.replace("$", ""): value for prop, value in DATA.items()},
        id="014D2PF2DBSQQG28T5CY4TQKFF",
        timestamp=1_767_323_045.9,
    )
    official.close()

    (item,), (call,) = kept.items(), workspace.calls
    assert call.method == "POST"
    assert call.path == f"/api/v1/customers/{item['identifiers']['id']}/events"
    assert call.body == {
        "name": item["name"],
        "id": item["id"],
        "timestamp": item["timestamp"],
        "data": item["attributes"],
    }


def test_a_profile_is_what_the_official_library_sends(
    live: MixpanelTrack, kept: Kept, official: CustomerIO, workspace: Workspace
) -> None:
    """Field by field; and no timestamp in either."""
    props = {
        ProfileProperties.dollar_email: "joe@example.com",
        ProfileProperties.dollar_created: dt.datetime(2026, 1, 2, 3, 4, 5),
        ShopProfile.seen: dt.datetime(
            2026, 1, 2, 5, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=2))
        ),
        ShopProfile.note: {"a": [1, None, 2.5]},
    }
    live.profile_set(props)
    official.identify(
        "joe",
        email="joe@example.com",
        created_at=dt.datetime(2026, 1, 2, 3, 4, 5),
        Seen=props[ShopProfile.seen],
        Note={"a": [1, None, 2.5]},
    )
    official.close()

    (item,), (call,) = kept.items(), workspace.calls
    assert call.method == "PUT"
    assert call.path == f"/api/v1/customers/{item['identifiers']['id']}"
    assert call.body == item["attributes"]
    assert item["attributes"]["created_at"] == 1_767_323_045
    assert item["attributes"]["Seen"] == 1_767_323_045


@pytest.mark.parametrize(
    ("value", "theirs", "ours"),
    [
        (MOMENT, 1_767_323_045, 1_767_323_046),
        (dt.timedelta(1), "error", "left out"),
        (dt.date(1970, 1, 2), "error", 86_400),
        ((1, 2), [1, 2], [1, 2]),
        ((MOMENT,), "error", [1_767_323_046]),
        ({1}, "error", [1]),
        (float("nan"), None, "left out"),
        ("x" * 1_001, "x" * 1_001, "x" * 1_000),
        ([float("nan")], [None], "left out"),
    ],
    ids=repr,
)
def test_the_intended_differences_are_these(
    both: Callable[[object], tuple[object, object]],
    value: object,
    theirs: object,
    ours: object,
) -> None:
    """The official library truncates, sends NaN as null, and knows few types."""
    assert both(value) == (theirs, ours)
