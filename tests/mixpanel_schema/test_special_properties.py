"""The special properties in the ready-made catalogues, and those left out."""

import ast
from pathlib import Path

import pytest

import mixpanel_schema
from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
)
from mixpanel_schema.catalogues import Catalogue, members
from mixpanel_schema.declarations import Property as DeclaredProperty
from mixpanel_schema.reserved import RESERVED, Place, server_only
from mixpanel_schema.special_properties import (
    SpecialEventProperties,
    SpecialGroupProperties,
    SpecialProfileMetaProperties,
    SpecialProfileProperties,
)

CATALOGUES: list[tuple[type[Catalogue], Place, set[str]]] = [
    (SpecialEventProperties, "event", {"event", "event_default"}),
    (SpecialProfileProperties, "profile", {"profile", "profile_default"}),
    (SpecialProfileMetaProperties, "profile_meta", {"profile_meta"}),
    (SpecialGroupProperties, "group", {"profile"}),
]
FILES = sorted(Path(mixpanel_schema.__file__).parent.glob("special_*.py"))

# What an app could set, and why it is no member.
LEFT_OUT = {
    # set in each message by the library
    "token": "event",
    "distinct_id": "event",
    "$distinct_id": "event profile profile_meta",
    "time": "event",
    "$time": "event",
    "$insert_id": "event",
    "$token": "profile_meta",
    # of the identity events
    "$identified_id": "event",
    "$anon_id": "event",
    "alias": "event",
    "$distinct_ids": "event",
    # another spelling, an example, part of a value
    "$android_urban_channel_id": "profile",
    "$partner_user_id": "profile",
    "$amount": "profile",
}


def names(catalogue: type[Catalogue]) -> list[str]:
    """List the names in a catalogue."""
    return [prop.name for prop in members(catalogue, Property).values()]


@pytest.mark.parametrize(("catalogue", "place", "scopes"), CATALOGUES)
def test_every_member_is_a_reserved_name_of_its_place(
    catalogue: type[Catalogue], place: Place, scopes: set[str]
) -> None:
    """A special property is documented for what its catalogue is about."""
    elsewhere = [
        name
        for name in names(catalogue)
        if scopes.isdisjoint(row.scope for row in RESERVED[name].scopes)
    ]

    assert elsewhere == []


@pytest.mark.parametrize(("catalogue", "place", "scopes"), CATALOGUES)
def test_no_member_is_the_servers_alone(
    catalogue: type[Catalogue], place: Place, scopes: set[str]
) -> None:
    """What the catalogues offer, a tracking plan does not refuse."""
    assert [name for name in names(catalogue) if server_only(name, place)] == []


@pytest.mark.parametrize(("catalogue", "place", "scopes"), CATALOGUES)
def test_every_name_stands_once(
    catalogue: type[Catalogue], place: Place, scopes: set[str]
) -> None:
    """No two members of one catalogue share a name."""
    assert len(set(names(catalogue))) == len(names(catalogue))


@pytest.mark.parametrize(
    ("catalogue", "count"),
    [
        (SpecialEventProperties, 64),
        (SpecialProfileProperties, 41),
        (SpecialProfileMetaProperties, 6),
        (SpecialGroupProperties, 5),
        (EventProperties, 66),
        (ProfileProperties, 41),
        (ProfileMetaProperties, 6),
        (GroupProperties, 5),
    ],
)
def test_catalogues_hold_all_special_properties(
    catalogue: type[Catalogue], count: int
) -> None:
    """None is lost on the way to the catalogues that apps subclass."""
    assert len(names(catalogue)) == count


def test_what_apps_set_is_a_member_or_left_out_for_a_reason() -> None:
    """Every row that an app sets was decided upon, one way or the other."""
    offered = {
        scope: set(names(catalogue))
        for catalogue, _, scopes in CATALOGUES[:3]
        for scope in scopes
    }
    missing: dict[str, list[str]] = {}
    for name, reserved in RESERVED.items():
        for row in reserved.scopes:
            by_app = "client" in row.set_by and row.scope in offered
            if by_app and name not in offered[row.scope]:
                missing.setdefault(name, []).append(row.scope)

    assert {name: set(found) for name, found in missing.items()} == {
        name: set(found.split()) for name, found in LEFT_OUT.items()
    }


@pytest.mark.parametrize(
    "name",
    [
        "$last_seen",
        "$mp_first_event_time",
        "$geo_source",
        "$ios_version",
        "$android_model",
        "$ae_total_app_sessions",
        "$lib_version",
    ],
)
def test_profile_names_of_servers_and_sdks_are_left_out(name: str) -> None:
    """What a server-side app cannot know is not offered for profiles."""
    assert name not in names(SpecialProfileProperties)


@pytest.mark.parametrize(
    "name",
    [
        "$import",
        "bucket",
        "$source",
        "$warehouse_table",
        "mp_lib",
        "$lib_version",
        "$screen_height",
        "$wifi",
        "$carrier",
        "$clientX",
        "$el_classes",
        "$scroll_top",
        "$host",
        "mp_platform",
        "$variant_source",
        "$ttl_in_ms",
        "$ae_session_length",
        "$mp_autocapture",
    ],
)
def test_event_names_of_servers_and_sdks_are_left_out(name: str) -> None:
    """What a server-side app cannot know is not offered for events."""
    assert name not in names(SpecialEventProperties)


@pytest.mark.parametrize(
    ("catalogue", "attribute", "name"),
    [
        (EventProperties, "ip", "ip"),
        (EventProperties, "dollar_ignore", "$ignore"),
        (EventProperties, "dollar_latitude", "$latitude"),
        (EventProperties, "dollar_device_id", "$device_id"),
        (EventProperties, "dollar_user_id", "$user_id"),
        (EventProperties, "mp_country_code", "mp_country_code"),
        (EventProperties, "dollar_os", "$os"),
        (EventProperties, "dollar_browser_version", "$browser_version"),
        (EventProperties, "dollar_current_url", "$current_url"),
        (
            EventProperties,
            "dollar_initial_referring_domain",
            "$initial_referring_domain",
        ),
        (EventProperties, "utm_source", "utm_source"),
        (EventProperties, "utm_marketing_tactic", "utm_marketing_tactic"),
        (EventProperties, "gclid", "gclid"),
        (EventProperties, "ko_click_id", "ko_click_id"),
        (EventProperties, "experiment_name", "Experiment name"),
        (EventProperties, "experiments", "Experiments"),
        (EventProperties, "variant_fetch_latency_ms", "Variant fetch latency (ms)"),
        (EventProperties, "dollar_duration", "$duration"),
        (ProfileProperties, "dollar_first_name", "$first_name"),
        (ProfileProperties, "dollar_last_name", "$last_name"),
        (ProfileProperties, "dollar_avatar", "$avatar"),
        (ProfileProperties, "dollar_country_code", "$country_code"),
        (ProfileProperties, "dollar_timezone", "$timezone"),
        (ProfileProperties, "dollar_transactions", "$transactions"),
        (ProfileProperties, "initial_utm_campaign", "initial_utm_campaign"),
        (ProfileProperties, "dollar_clevertap_user_id", "$CleverTap_user_id"),
        (ProfileMetaProperties, "dollar_latitude", "$latitude"),
        (ProfileMetaProperties, "dollar_longitude", "$longitude"),
        (GroupProperties, "dollar_name", "$name"),
        (GroupProperties, "dollar_email", "$email"),
    ],
)
def test_attributes_are_named_after_their_properties(
    catalogue: type[Catalogue], attribute: str, name: str
) -> None:
    """A dollar sign is spelt out, everything else is in snake case."""
    assert getattr(catalogue, attribute).name == name


@pytest.mark.parametrize(("catalogue", "place", "scopes"), CATALOGUES)
def test_every_attribute_follows_from_its_name(
    catalogue: type[Catalogue], place: Place, scopes: set[str]
) -> None:
    """No attribute is misspelt: letters and digits are those of the name."""
    odd = [
        attribute
        for attribute, prop in members(catalogue, Property).items()
        if attribute.removeprefix("dollar_").replace("_", "")
        != "".join(filter(str.isalnum, prop.name)).lower()
        or attribute.startswith("dollar_") is not prop.name.startswith("$")
    ]

    assert odd == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_member_is_followed_by_its_meaning(path: Path) -> None:
    """Editors show each special property's docstring."""
    silent = []
    for owner in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(owner, ast.ClassDef):
            for member, after in zip(owner.body, [*owner.body[1:], None], strict=True):
                said = isinstance(after, ast.Expr) and ast.literal_eval(after.value)
                if isinstance(member, ast.AnnAssign) and not said:
                    silent.append(ast.unparse(member.target))

    assert len(FILES) == 3
    assert silent == []


@pytest.mark.parametrize(("catalogue", "place", "scopes"), CATALOGUES)
def test_every_member_has_a_description(
    catalogue: type[Catalogue], place: Place, scopes: set[str]
) -> None:
    """Documents made of a plan say what each special property is."""
    found = members(catalogue, Property)

    assert [name for name, prop in found.items() if prop.description[-1:] != "."] == []


def test_an_app_may_declare_a_special_name_its_own_way() -> None:
    """Members leave their type open, so that an app's declaration never conflicts."""

    class Own(ProfileProperties):
        first_name = Property("$first_name", type=str, description="Given name.")
        name = Property("Name")

    plan = TrackingPlan(profile_properties=Own)

    assert plan.profile_properties["$first_name"].type is str
    assert plan.profile_properties["$first_name"].pii is True
    plan.check_profile({Own.first_name: "Jo", Own.name: "Jo", Own.dollar_city: "Ptuj"})


def test_a_property_is_one_class_wherever_it_is_imported_from() -> None:
    """Moving the class left its old place working."""
    assert Property is DeclaredProperty


def test_an_exposure_can_be_tracked() -> None:
    """The one special event of apps is among the built-in events."""
    assert Events.dollar_experiment_started == Event("$experiment_started")
    TrackingPlan().check_event(
        Events.dollar_experiment_started,
        {EventProperties.experiment_name: "Price", EventProperties.variant_name: "B"},
    )
