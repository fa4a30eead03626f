"""Values: copied, converted, cut, left out or refused."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
)
from mixpanel_schema import InvalidValueError

from .kept_messages import Kept


def test_lesson_5_the_callers_dicts_are_never_changed(tracker: MixpanelTrack) -> None:
    """pyramid_mixpanel turned the caller's datetimes into text, in place."""
    created = datetime(2026, 1, 2, 3, 4, 5)
    props = {ProfileProperties.dollar_created: created}
    meta = {ProfileMetaProperties.dollar_ip: "0"}
    tracker.profile_set(props, meta)

    assert props == {ProfileProperties.dollar_created: created}
    assert meta == {ProfileMetaProperties.dollar_ip: "0"}
    assert tracker.mocked_messages[0]["msg"]["$set"] == {
        "$created": "2026-01-02T03:04:05"
    }


@pytest.mark.parametrize("live_or_not", ["tracker", "live"])
def test_lesson_5_values_are_those_of_the_moment(
    live_or_not: str, request: pytest.FixtureRequest, kept: Kept
) -> None:
    """What the caller does to a list afterwards is not sent."""
    tracker = request.getfixturevalue(live_or_not)
    shelf = {"row": ["left"]}
    tracker.track(Events.page_viewed, {EventProperties.title: shelf})
    shelf["row"].append("right")

    bodies = [m["msg"] for m in getattr(tracker.consumer, "mocked_messages", [])]
    (body,) = bodies or kept.bodies()
    assert body["properties"]["Title"] == {"row": ["left"]}


@pytest.mark.parametrize("way", ["track", "profile_set", "api"])
def test_lesson_10_datetimes_are_converted_to_utc(
    tracker: MixpanelTrack, way: str
) -> None:
    """The official library drops the offset without converting."""
    moment = datetime(2026, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=-7)))
    if way == "track":
        tracker.track(Events.page_viewed, {EventProperties.title: moment})
    elif way == "profile_set":
        tracker.profile_set({ProfileProperties.dollar_created: moment})
    else:
        tracker.api.people_set("joe", {"$created": moment})

    assert "2026-06-01T19:00:00" in json.dumps(tracker.mocked_messages)


def test_lesson_9_nan_is_refused_while_recording(tracker: MixpanelTrack) -> None:
    """The official library sends it, as JSON that is none."""
    with pytest.raises(InvalidValueError, match="'Title' is not finite"):
        tracker.track(Events.page_viewed, {EventProperties.title: math.nan})
    with pytest.raises(InvalidValueError, match=r"'\$name' has a object"):
        tracker.profile_set({ProfileProperties.dollar_name: object()})
    with pytest.raises(InvalidValueError, match="is not finite"):
        tracker.api.people_increment("joe", {"Logins": math.inf})

    assert tracker.mocked_messages == []


def test_lesson_9_nan_is_left_out_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest is sent, and the log names the property."""
    title, path = EventProperties.title, EventProperties.path
    live.track(Events.page_viewed, {title: math.nan, path: "/"})
    live.profile_set(
        {ProfileProperties.dollar_name: "Joe", ProfileProperties.dollar_phone: b"1"},
        meta={ProfileMetaProperties.dollar_time: math.inf},
    )

    event, profile = kept.bodies()
    assert "Title" not in event["properties"]
    assert event["properties"]["Path"] == "/"
    assert profile["$set"] == {"$name": "Joe"}
    assert math.isfinite(profile["$time"])
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == 3
    for line, name in zip(logged, ["Title", "$time", "$phone"], strict=True):
        assert line.startswith(f"property '{name}' is left out of a Mixpanel message: ")


def test_long_text_inside_a_list_is_cut_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the list is worth keeping."""
    live.track(Events.page_viewed, {EventProperties.title: ["short", "x" * 300]})

    (message,) = kept.bodies()
    assert message["properties"]["Title"] == ["short", "x" * 255]
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(
        "property 'Title' is cut in a Mixpanel message: Title.1: 300"
    )


BROKEN = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))


@pytest.mark.parametrize(
    "value",
    [
        "a secret \ud83d",
        {"a secret": "\ud83d"},
        BROKEN,
        Decimal("sNaN"),
        math.inf,
        b"a secret",
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_cannot_be_sent_is_left_out_and_not_shown(
    live: MixpanelTrack,
    tracker: MixpanelTrack,
    kept: Kept,
    caplog: pytest.LogCaptureFixture,
    value: object,
) -> None:
    """While recording it raises; in production the log names only the property."""
    with pytest.raises(InvalidValueError):
        tracker.track(Events.page_viewed, {EventProperties.title: value})
    live.track(
        Events.page_viewed, {EventProperties.title: value, EventProperties.path: "/"}
    )

    (message,) = kept.bodies()
    assert "Title" not in message["properties"]
    assert message["properties"]["Path"] == "/"
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("property 'Title' is left out of a Mixpanel message: ")
    assert "a secret" not in line


@pytest.mark.parametrize(
    "said",
    [
        {"time": 10**400},
        {"time": "x"},
        {"time": True},
        {"time": BROKEN},
        {"insert_id": 5},
    ],
    ids=repr,
)
def test_what_makes_no_event_is_logged_and_not_sent(
    live: MixpanelTrack,
    tracker: MixpanelTrack,
    kept: Kept,
    caplog: pytest.LogCaptureFixture,
    said: dict[str, Any],
) -> None:
    """While recording it raises one clear error."""
    with pytest.raises(InvalidValueError):
        tracker.track(Events.page_viewed, **said)
    live.track(Events.page_viewed, **said)

    assert kept.messages == []
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("a Mixpanel message is not sent: ")


def test_an_id_that_is_too_long_is_left_out_not_cut(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Cut, it would be somebody else's."""
    live.track(
        Events.page_viewed,
        {EventProperties.dollar_user_id: "u" * 300, EventProperties.path: "/"},
    )

    (message,) = kept.bodies()
    assert "$user_id" not in message["properties"]
    assert message["properties"]["Path"] == "/"
    assert caplog.text.count("left out of a Mixpanel message") == 1


@pytest.mark.parametrize("who", ["anonymous", "None"])
def test_an_id_that_is_nobodys_is_refused_while_recording(
    tracker: MixpanelTrack, who: str
) -> None:
    """Mixpanel refuses the event, so that a test had better fail."""
    with pytest.raises(InvalidValueError, match="distinct_id"):
        tracker.track(Events.page_viewed, distinct_id=who)


def test_long_text_is_cut_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """At 255 bytes, never inside a character; the log does not repeat the text."""
    live.track(Events.page_viewed, {EventProperties.title: "é" * 200})

    (message,) = kept.bodies()
    assert message["properties"]["Title"] == "é" * 127
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("property 'Title' is cut in a Mixpanel message: Title: 400")
    assert "éé" not in line


def test_lesson_9_nan_is_left_out_of_direct_calls_too(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Calls of the official library end in the same messages."""
    live.api.people_set("joe", {"Ratio": math.nan, "Paid": Decimal("9.50")})
    live.api.people_set("joe", {"Plan": "pro"}, meta={"$latitude": math.nan})

    first, second = kept.bodies()
    assert first["$set"] == {"Paid": 9.5}
    assert "$latitude" not in second
    assert len(caplog.records) == 2
