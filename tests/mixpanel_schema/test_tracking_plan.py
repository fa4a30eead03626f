"""The tracking plan: membership, and conflicts between definitions."""

import pytest

from mixpanel_schema import (
    DuplicateNameError,
    Event,
    EventProperties,
    Events,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
    UndeclaredNameError,
)

PLAN = Property("Plan")


class ShopProperties(EventProperties):
    """Properties of the test's shop."""

    plan = PLAN


class ShopEvents(Events):
    """Events of the test's shop."""

    upgraded = Event("Plan Upgraded", properties=(PLAN,))


@pytest.fixture
def plan() -> TrackingPlan:
    """Build the shop's tracking plan."""
    return TrackingPlan(events=ShopEvents, event_properties=ShopProperties)


def test_declared_names_pass(plan: TrackingPlan) -> None:
    """Own and built-in names are declared, also as another equal object."""
    plan.check_event(ShopEvents.upgraded, {PLAN: "pro"})
    plan.check_event(Event("Page Viewed"), [EventProperties.title, PLAN])
    plan.check_profile(
        [ProfileProperties.dollar_email], [ProfileMetaProperties.dollar_ip]
    )


def test_an_undeclared_event_names_the_nearest(plan: TrackingPlan) -> None:
    """A typo is answered with the name that was probably meant."""
    with pytest.raises(UndeclaredNameError) as refusal:
        plan.check_event(Event("Plan Upgrade"))

    assert str(refusal.value) == (
        "event 'Plan Upgrade' is not in the tracking plan; nearest is "
        "'Plan Upgraded': declare it in the plan's catalogue"
    )


def test_a_text_is_not_an_event(plan: TrackingPlan) -> None:
    """A loose text is refused even where it is a declared name."""
    with pytest.raises(UndeclaredNameError, match="use the catalogue's attribute"):
        plan.check_event("Page Viewed")


def test_a_property_is_not_an_event(plan: TrackingPlan) -> None:
    """An object of the wrong kind is refused even where its name is declared."""
    with pytest.raises(UndeclaredNameError):
        plan.check_event(Property("Page Viewed"))


def test_an_undeclared_property_is_refused(plan: TrackingPlan) -> None:
    """A property that no catalogue holds is refused with the nearest name."""
    with pytest.raises(UndeclaredNameError, match="nearest is 'Title'"):
        plan.check_event(ShopEvents.page_viewed, {Property("Titel"): "Home"})


def test_an_event_takes_only_the_properties_it_lists(plan: TrackingPlan) -> None:
    """A declared property is refused by an event that does not list it."""
    with pytest.raises(UndeclaredNameError, match=r"'Title' is not in .* own list$"):
        plan.check_event(ShopEvents.upgraded, {EventProperties.title: "Home"})


@pytest.mark.parametrize(
    ("properties", "meta", "kind"),
    [
        ([Property("$emial")], [], "profile property"),
        ([], [Property("$pi")], "profile meta property"),
    ],
    ids=["property", "meta"],
)
def test_an_undeclared_profile_property_is_refused(
    plan: TrackingPlan, properties: list[Property], meta: list[Property], kind: str
) -> None:
    """Profile and meta properties are each checked against their catalogue."""
    with pytest.raises(UndeclaredNameError, match=f"{kind} '.*' is not in"):
        plan.check_profile(properties, meta)


def test_one_name_with_two_types_is_refused() -> None:
    """All conflicts are reported together, when the plan is built."""

    class Conflicting(EventProperties):
        seats = Property("Seats", type=int)
        seat_count = Property("Seats", type=str)
        plan = Property("Plan", type=str)
        plan_again = Property("Plan", type=int)

    with pytest.raises(DuplicateNameError) as refusal:
        TrackingPlan(event_properties=Conflicting)

    assert str(refusal.value) == (
        "event property 'Seats' is declared differently as seats and as seat_count; "
        "event property 'Plan' is declared differently as plan and as plan_again; "
        "give each name one meaning: same kind of value, same properties"
    )


def test_one_name_under_two_attributes_is_one_property() -> None:
    """An app's own attribute for a built-in name keeps what is known of it."""

    class Own(ProfileProperties):
        email = Property("$email", type=str)

    email = TrackingPlan(profile_properties=Own).profile_properties["$email"]

    assert (email.type, email.pii) == (str, True)


def test_an_app_with_names_close_to_special_ones_starts() -> None:
    """Names that only look like Mixpanel's own are no mistake."""

    class Own(ProfileProperties):
        name = Property("Name")
        email = Property("Email")
        time = Property("Time")
        first_name = Property("$first_name")

    plan = TrackingPlan(profile_properties=Own)

    plan.check_profile([Own.name, Own.email, Own.time, Own.first_name])
