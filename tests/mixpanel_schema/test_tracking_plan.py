"""The tracking plan: membership, and conflicts between definitions."""

from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import pytest

from mixpanel_schema import (
    DuplicateNameError,
    Event,
    EventProperties,
    Events,
    GroupProperties,
    InvalidValueError,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    ReservedNameError,
    TrackingPlan,
    TypedEvent,
    UndeclaredNameError,
    prop,
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
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        plan.check_event("Page Viewed")


def test_a_property_is_not_an_event(plan: TrackingPlan) -> None:
    """An object of the wrong kind is refused even where its name is declared."""
    with pytest.raises(UndeclaredNameError):
        plan.check_event(Property("Page Viewed"))


def test_an_undeclared_property_is_refused(plan: TrackingPlan) -> None:
    """A property that no catalogue holds is refused with the nearest name."""
    with pytest.raises(UndeclaredNameError, match="nearest is 'Title'"):
        plan.check_event(ShopEvents.page_viewed, {Property("Titel"): "Home"})


@pytest.mark.parametrize("given", ["Title", 7, None], ids=repr)
def test_what_is_no_property_is_refused(plan: TrackingPlan, given: object) -> None:
    """A loose text is no way around the catalogue."""
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        plan.check_event(Events.page_viewed, {given: "Home"})


def test_properties_that_cannot_be_changed_are_checked_too(plan: TrackingPlan) -> None:
    """Any mapping will do, not only a dict."""
    good = MappingProxyType({EventProperties.title: "Home"})
    bad = MappingProxyType({Property("Titel"): "Home"})
    plan.check_event(Events.page_viewed, good)

    with pytest.raises(UndeclaredNameError, match="nearest is 'Title'"):
        plan.check_event(Events.page_viewed, bad)


def test_an_event_takes_only_the_properties_it_lists(plan: TrackingPlan) -> None:
    """A declared property is refused by an event that does not list it."""
    with pytest.raises(UndeclaredNameError, match=r"'Title' is not in .* own list$"):
        plan.check_event(ShopEvents.upgraded, {EventProperties.title: "Home"})


def test_an_event_with_an_empty_list_takes_no_property() -> None:
    """Which is not the same as no list, with which it takes those of the catalogue."""

    class Deployments(Events):
        deployed = Event("Site Deployed", properties=())

    with pytest.raises(UndeclaredNameError, match="'Title' is not in"):
        TrackingPlan(events=Deployments).check_event(
            Deployments.deployed, {EventProperties.title: "Home"}
        )


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


def test_a_typed_event_that_only_shares_a_declared_name_is_checked() -> None:
    """Its properties are held against those that the plan knows of that name."""

    class Stranger(TypedEvent, event_name="Plan Upgraded"):
        seats: int = prop("Seats")

    plan = TrackingPlan(events=ShopEvents, event_properties=ShopProperties)

    with pytest.raises(UndeclaredNameError, match="'Seats'"):
        plan.check_event(Stranger(seats=3))


def test_names_that_only_the_server_sets_are_refused() -> None:
    """All of them are reported together, and with the conflicts."""

    class Own(EventProperties):
        size = Property("$mp_event_size")
        bucket = Property("bucket")

    class Start(Events):
        start = Event("Session Start")

    with pytest.raises(ReservedNameError) as refusal:
        TrackingPlan(events=Start, event_properties=Own)

    assert str(refusal.value) == (
        "event 'Session Start' is set by Mixpanel's server; choose another name; "
        "event property '$mp_event_size' is set by Mixpanel's server; choose another "
        "name; event property 'bucket' is set by Mixpanel's server; choose another name"
    )


def test_conflicts_and_reserved_names_are_reported_together() -> None:
    """One start shows everything there is to mend."""

    class Own(ProfileProperties):
        seen = Property("$last_seen")
        seats = Property("Seats", type=int)
        seats_again = Property("Seats", type=str)

    with pytest.raises(DuplicateNameError, match=r"'Seats' .* '\$last_seen' is set by"):
        TrackingPlan(profile_properties=Own)


def test_group_properties_are_checked(plan: TrackingPlan) -> None:
    """A group has a catalogue of its own."""
    plan.check_group({GroupProperties.dollar_name: "Acme"})

    with pytest.raises(UndeclaredNameError, match="group property 'Plan'"):
        plan.check_group({PLAN: "pro"})


def test_values_are_held_against_the_declared_type() -> None:
    """A wrong type is refused by name, and the value is not shown."""

    class Typed(EventProperties):
        seats = Property("Seats", type=int)

    plan = TrackingPlan(event_properties=Typed)
    plan.check_event(Events.page_viewed, {Typed.seats: 3})

    with pytest.raises(InvalidValueError) as refusal:
        plan.check_event(Events.page_viewed, {Typed.seats: "three hundred"})

    assert "'Seats' is a str, declared is int; convert it" in str(refusal.value)
    assert "three hundred" not in str(refusal.value)


def test_a_plan_may_be_shared_by_threads(plan: TrackingPlan) -> None:
    """Eight threads that check at once all get the same answers."""

    def check(number: int) -> str:
        try:
            plan.check_event(ShopEvents.upgraded, {PLAN: number})
            plan.check_event(Event(f"Nothing {number}"))
        except UndeclaredNameError as refusal:
            return str(refusal)[:16]
        return "accepted"

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(check, range(10, 99)))

    assert {answer[:15] for answer in answers} == {"event 'Nothing "}


@pytest.mark.parametrize(
    ("one", "other"),
    [(int, str), (list[int], list[str]), (list[int] | None, list[str])],
    ids=["number and text", "lists", "optional list"],
)
def test_an_event_that_lists_one_property_in_two_ways_is_refused(
    one: object, other: object
) -> None:
    """Two declarations of an event have to agree about its properties."""

    class Twice(Events):
        first = Event("Thing Done", properties=(Property("P", type=one),))
        second = Event("Thing Done", properties=(Property("P", type=other),))

    with pytest.raises(DuplicateNameError, match="event 'Thing Done' is declared"):
        TrackingPlan(events=Twice)


def test_personal_data_is_marked_wherever_it_stands() -> None:
    """A mark in the catalogue holds for the event that lists the property too."""

    class Marked(EventProperties):
        mail = Property("Mail", pii=True)

    class Sent(Events):
        sent = Event("Letter Sent", properties=(Property("Mail"),))

    plan = TrackingPlan(events=Sent, event_properties=Marked)
    [listed] = plan.events["Letter Sent"].properties or ()

    assert listed.pii is True


def test_a_subclass_of_property_is_a_property() -> None:
    """An app may add to what a property is."""

    class Own(Property):
        """A property of the app's own kind."""

    class Declared(EventProperties):
        mine = Own("Mine", type=int)

    plan = TrackingPlan(event_properties=Declared)
    plan.check_event(Events.page_viewed, {Declared.mine: 1})

    with pytest.raises(InvalidValueError):
        plan.check_event(Events.page_viewed, {Declared.mine: "1"})


class SeatsBought(TypedEvent, event_name="Seats Bought"):
    """A customer bought seats."""

    seats: int = prop("Seats")


def test_properties_beside_those_of_a_typed_event_are_checked() -> None:
    """A typed event brings its own, and takes no others than the plan has for it."""
    plan = TrackingPlan(typed_events=[SeatsBought])
    plan.check_event(SeatsBought(seats=3), {Property("Seats"): 4})

    with pytest.raises(UndeclaredNameError, match="'Strange' is not in"):
        plan.check_event(SeatsBought(seats=3), {Property("Strange"): 1})


def test_a_typed_event_is_checked_each_time() -> None:
    """One that was good before is no leave for the next."""
    plan = TrackingPlan(typed_events=[SeatsBought])
    for seats in (1, 2):
        plan.check_event(SeatsBought(seats=seats))

    with pytest.raises(InvalidValueError, match="'Seats' is a str, declared is int"):
        plan.check_event(SeatsBought(seats="3"))
