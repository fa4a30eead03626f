"""Whose messages they are, and what all of them carry."""

from __future__ import annotations

from uuid import UUID

import pytest

from mixpanel_pyramid import EventProperties, Events, MixpanelTrack, ProfileProperties
from mixpanel_pyramid.exceptions import DistinctIdMissingError

from .kept_messages import RECORD, UNDECLARED


@pytest.mark.parametrize("nobody", [None, ""])
def test_nothing_is_tracked_of_nobody(nobody: str | None) -> None:
    """In the words of pyramid_mixpanel, as an AttributeError too."""
    tracker = MixpanelTrack(RECORD, distinct_id=nobody)

    with pytest.raises(DistinctIdMissingError) as caught:
        tracker.track(Events.page_viewed)
    with pytest.raises(AttributeError):
        tracker.profile_set({ProfileProperties.dollar_name: "Joe"})

    assert str(caught.value) == (
        "distinct_id must be set before you can send events or set properties"
    )


def test_the_distinct_id_may_be_set_later(tracker: MixpanelTrack) -> None:
    """As pyramid_mixpanel documents it."""
    tracker.distinct_id = "ann"
    tracker.track(Events.page_viewed)
    tracker.track(Events.page_viewed, distinct_id="tom")

    ids = [m["msg"]["properties"]["distinct_id"] for m in tracker.mocked_messages]
    assert ids == ["ann", "tom"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (17, "17"),
        (
            UUID("12345678-1234-5678-1234-567812345678"),
            "12345678-1234-5678-1234-567812345678",
        ),
    ],
)
def test_a_distinct_id_is_text_on_the_wire(
    tracker: MixpanelTrack, given: object, sent: str
) -> None:
    """Mixpanel takes text only, databases give numbers and UUIDs."""
    tracker.distinct_id = given
    tracker.track(Events.page_viewed)

    (message,) = tracker.mocked_messages
    assert message["msg"]["properties"]["distinct_id"] == sent


def test_the_distinct_id_is_asked_for_until_it_is_known() -> None:
    """A user may log in after the tracker was made; later it is not asked again."""
    answers = iter([None, "joe"])
    tracker = MixpanelTrack(RECORD, find_distinct_id=lambda: next(answers))

    assert tracker.distinct_id is None
    assert tracker.distinct_id == "joe"
    assert tracker.distinct_id == "joe"


def test_global_properties_are_on_every_event() -> None:
    """A property of the event itself wins."""
    tracker = MixpanelTrack(
        RECORD, distinct_id="joe", global_event_props={EventProperties.title: "Every"}
    )
    tracker.track(Events.page_viewed)
    tracker.track(Events.page_viewed, {EventProperties.title: "This"})

    titles = [m["msg"]["properties"]["Title"] for m in tracker.mocked_messages]
    assert titles == ["Every", "This"]


def test_global_properties_are_checked_too(tracker: MixpanelTrack) -> None:
    """They are in the plan, or nothing is tracked."""
    tracker.global_event_props = {UNDECLARED: 1}

    with pytest.raises(ValueError, match=r"a member of self\.event_properties"):
        tracker.track(Events.page_viewed)
