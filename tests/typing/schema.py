"""What callers of mixpanel-schema write; read by the type checker, never run."""

from dataclasses import dataclass

import mixpanel_schema
from mixpanel_schema import (
    Event,
    EventProperties,
    Property,
    TrackingPlan,
    event_message,
    profile_message,
)


@dataclass(frozen=True)
class MyEvents(mixpanel_schema.Events):
    """A catalogue as pyramid_mixpanel's users write it."""

    site_deployed: Event = Event("Site Deployed")


class MyProfileProperties(mixpanel_schema.ProfileProperties):
    """A catalogue without a decorator."""

    plan = Property("Plan", type=str, pii=False)


plan = TrackingPlan(events=MyEvents, profile_properties=MyProfileProperties())
plan.check_event(MyEvents.site_deployed, {EventProperties.title: "Home"})
plan.check_profile([MyProfileProperties.plan])
message = event_message(
    MyEvents.site_deployed,
    {EventProperties.title: "Home"},
    token="t",
    distinct_id="u",
    time=0.0,
    insert_id="i",
)
update = profile_message(
    "$unset", [MyProfileProperties.plan], token="t", distinct_id="u", time=0.0
)
checked = plan.event_message(
    MyEvents.site_deployed, token="t", distinct_id="u", time=0.0, insert_id="i"
)
