"""Which special properties are personal data."""

import pytest

from mixpanel_schema import Property
from mixpanel_schema.catalogues import Catalogue, members
from mixpanel_schema.special_properties import (
    SpecialEventProperties,
    SpecialGroupProperties,
    SpecialProfileMetaProperties,
    SpecialProfileProperties,
)


def test_personal_data_of_events_is_marked() -> None:
    """Places and ids that find one person are masked outside Mixpanel."""
    found = members(SpecialEventProperties, Property)

    assert {name for name, prop in found.items() if prop.pii} == {
        "ip",
        "dollar_latitude",
        "dollar_longitude",
        "dollar_device_id",
        "dollar_user_id",
        "dollar_mp_replay_id",
        "dclid",
        "fbclid",
        "gclid",
        "ko_click_id",
        "li_fat_id",
        "msclkid",
        "sccid",
        "ttclid",
        "twclid",
        "wbraid",
    }


def test_personal_data_of_profiles_is_marked() -> None:
    """Who the user is, to people and to partners, is masked outside Mixpanel."""
    found = members(SpecialProfileProperties, Property)
    personal = {name for name, prop in found.items() if prop.pii}

    assert {name for name in personal if not name.endswith("_id")} == {
        "dollar_name",
        "dollar_first_name",
        "dollar_last_name",
        "dollar_email",
        "dollar_phone",
        "dollar_avatar",
        "dollar_airship_named_user",
    }
    assert len(personal) == 19


@pytest.mark.parametrize(
    ("catalogue", "personal"),
    [
        (
            SpecialProfileMetaProperties,
            {"dollar_ip", "dollar_latitude", "dollar_longitude"},
        ),
        (SpecialGroupProperties, {"dollar_email", "dollar_phone"}),
    ],
)
def test_personal_data_beside_them_is_marked(
    catalogue: type[Catalogue], personal: set[str]
) -> None:
    """Updates and groups mark what finds a person."""
    found = members(catalogue, Property)

    assert {name for name, prop in found.items() if prop.pii} == personal
