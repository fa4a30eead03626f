"""What a tracker refuses because the plan does not have it."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileProperties,
)
from mixpanel_schema import UndeclaredNameError

from .kept_messages import RECORD, UNDECLARED


def test_an_event_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel, and with the nearest name as the cause."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.track(Event("Page Veiwed"))

    assert str(caught.value) == (
        "Event 'Event(name='Page Veiwed')' is not a member of self.events"
    )
    assert "nearest is 'Page Viewed'" in str(caught.value.__cause__)
    assert tracker.mocked_messages == []


@pytest.mark.parametrize("event", ["Page Viewed", None, 3])
def test_only_an_event_is_an_event(tracker: MixpanelTrack, event: object) -> None:
    """Text is what the plan exists to avoid."""
    with pytest.raises(ValueError, match=r"is not a member of self\.events"):
        tracker.track(event)  # type: ignore[arg-type]


def test_an_event_property_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.track(
            Events.page_viewed, {EventProperties.title: "Home", UNDECLARED: 1}
        )

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' "
        "is not a member of self.event_properties"
    )


def test_a_profile_property_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.profile_set({UNDECLARED: 1})

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' "
        "is not a member of self.profile_properties"
    )


def test_a_meta_property_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.profile_set({ProfileProperties.dollar_name: "J"}, {UNDECLARED: 1})

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' "
        "is not a member of self.profile_meta_properties"
    )


def test_a_property_that_the_event_does_not_list_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An event may say what it carries; then nothing else goes with it."""

    class Narrow(Events):
        home_viewed = Event("Home Viewed", properties=(EventProperties.title,))

    module = SimpleNamespace(Narrow=Narrow)
    monkeypatch.setitem(sys.modules, "narrow_names", module)
    tracker = MixpanelTrack(
        {**RECORD, "mixpanel.events": "narrow_names.Narrow"}, distinct_id="joe"
    )

    with pytest.raises(UndeclaredNameError, match="'Path'"):
        tracker.track(Narrow.home_viewed, {EventProperties.path: "/"})
