"""The calls that change a profile, with a shop's properties."""

from __future__ import annotations

from collections.abc import Callable

from mixpanel_pyramid import (
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)

HERE = "mixpanel_pyramid_profile_names"
NAME, EMAIL = ProfileProperties.dollar_name, ProfileProperties.dollar_email
IP = ProfileMetaProperties.dollar_ip


class ShopProfile(ProfileProperties):
    """What a shop knows of its users."""

    plans = Property("Plans", type=list[str])
    logins = Property("Logins", type=int)
    note = Property("Note")


RECORD = {
    "mixpanel.token": "false",
    "mixpanel.profile_properties": f"{HERE}.ShopProfile",
}

Ours = Callable[[MixpanelTrack], None]
