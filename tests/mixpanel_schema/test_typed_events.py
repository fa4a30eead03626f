"""Typed events: declaration, instances, inheritance, and what is refused."""

import copy
import pickle
from datetime import datetime
from typing import ClassVar, Literal

import pytest

from mixpanel_schema import (
    DuplicateNameError,
    Event,
    InvalidValueError,
    MixpanelSchemaError,
    Property,
    ReservedNameError,
    TrackingPlan,
    TypedEvent,
    UndeclaredNameError,
    event_message,
    prop,
)
from mixpanel_schema.typed_events import declared_event, typed_values


class AccountEvent(TypedEvent):
    """Properties that several events share."""

    account: str = prop("Account", description="Name of the account.")
    source: str = prop("Source", default="web")


class PlanUpgraded(
    AccountEvent,
    event_name="Plan Upgraded",
    description="A customer pays more.",
    renamed_from=("Upgraded",),
):
    """The event of most of these tests."""

    plan: Literal["free", "pro"] = prop("Plan")
    seats: int = prop("Seats", description="Paid seats after the upgrade.")
    coupon: str | None = prop("Coupon", default=None, pii=True)


class Awkward(TypedEvent, event_name="Awkward Thing Happened"):
    """Fields whose names other libraries keep for themselves."""

    name: str = prop("Name")
    properties: int = prop("Properties")
    description: str = prop("Description")
    later: "Later | None" = prop("Later", default=None)

    limit: ClassVar[int] = 3


Later = datetime


def upgraded(**values: object) -> PlanUpgraded:
    """Make an upgrade, with only what differs said."""
    return PlanUpgraded(**{"account": "Acme", "plan": "pro", "seats": 3, **values})


def test_the_class_stands_for_its_event() -> None:
    """The event carries name, description, earlier names, and typed properties."""
    event = PlanUpgraded.__event__

    assert event == Event("Plan Upgraded")
    assert event.description == "A customer pays more."
    assert event.renamed_from == ("Upgraded",)
    assert [(found.name, found.type) for found in event.properties or ()] == [
        ("Account", str),
        ("Source", str),
        ("Plan", Literal["free", "pro"]),
        ("Seats", int),
        ("Coupon", str | None),
    ]


def test_what_cannot_be_none_is_required() -> None:
    """Every message carries it: given, or by its default."""
    assert PlanUpgraded.__event__.required == {"Account", "Source", "Plan", "Seats"}


def test_the_event_is_made_once() -> None:
    """Reading it again gives the same object, and each class has its own."""
    assert PlanUpgraded.__event__ is PlanUpgraded.__event__
    assert upgraded().__event__ is PlanUpgraded.__event__


def test_fields_give_values_on_instances_and_properties_on_the_class() -> None:
    """One name reads both ways."""
    assert upgraded().seats == 3
    assert PlanUpgraded.seats == Property("Seats")


def test_defaults_are_filled_in() -> None:
    """Values stand in the order of the declaration, whatever the caller's."""
    carried = [(found.name, value) for found, value in typed_values(upgraded())]

    assert carried == [
        ("Account", "Acme"),
        ("Source", "web"),
        ("Plan", "pro"),
        ("Seats", 3),
        ("Coupon", None),
    ]


def test_a_required_field_cannot_be_none() -> None:
    """Type checkers refuse it; so does the plan, and None never slips through."""
    plan = TrackingPlan(typed_events=[PlanUpgraded])
    plan.check_event(upgraded(coupon=None))

    with pytest.raises(
        InvalidValueError, match="'Seats' is a NoneType, declared is int"
    ):
        plan.check_event(upgraded(seats=None))


def test_the_plan_checks_the_types_of_a_typed_event() -> None:
    """What a type checker was not there to refuse is refused when it is tracked."""
    plan = TrackingPlan(typed_events=[PlanUpgraded])
    plan.check_event(upgraded())
    plan.check_event(PlanUpgraded)

    with pytest.raises(InvalidValueError, match="'Seats' is a str, declared is int"):
        plan.check_event(upgraded(seats="3"))
    with pytest.raises(
        InvalidValueError, match=r"declared is Literal\['free', 'pro'\]"
    ):
        plan.check_event(upgraded(plan="gold"))
    with pytest.raises(UndeclaredNameError, match="'Awkward Thing Happened'"):
        plan.check_event(Awkward(name="n", properties=7, description="d"))


def test_fields_may_have_any_name() -> None:
    """``name``, ``properties`` and ``description`` are names like others."""
    awkward = Awkward(name="n", properties=7, description="d")

    assert (awkward.name, awkward.properties, awkward.description) == ("n", 7, "d")
    assert Awkward.__event__.name == "Awkward Thing Happened"


def test_annotations_are_resolved_on_first_use() -> None:
    """A type that is defined further down in the module is found."""
    types = {found.name: found.type for found in Awkward.__event__.properties or ()}

    assert types["Later"] == datetime | None


def test_an_unresolvable_annotation_is_named() -> None:
    """The message says what is missing, and where to import it."""

    class Broken(TypedEvent, event_name="Broken"):
        value: "Nowhere" = prop("Value")  # noqa: F821  # that is the point

    with pytest.raises(MixpanelSchemaError, match="names 'Nowhere', which its module"):
        Broken.__event__  # noqa: B018  # reading it is the use


def test_instances_are_immutable() -> None:
    """An occurrence does not change once it has happened."""
    event = upgraded()

    with pytest.raises(AttributeError, match="PlanUpgraded is immutable"):
        event.seats = 4
    with pytest.raises(AttributeError, match="immutable"):
        del event.seats


def test_instances_are_equal_by_value() -> None:
    """Same class and same values are the same occurrence; copies and pickles too."""
    event = upgraded()

    assert event == upgraded()
    assert hash(event) == hash(upgraded())
    assert event != upgraded(seats=4)
    assert event == copy.deepcopy(event)
    assert event == pickle.loads(pickle.dumps(event))  # noqa: S301  # our own bytes


def test_the_repr_hides_personal_data() -> None:
    """Values marked as personal are not shown in logs."""
    assert repr(upgraded(coupon="SPRING")) == (
        "PlanUpgraded(account='Acme', source='web', plan='pro', seats=3, coupon=…)"
    )


def test_an_unknown_field_is_refused() -> None:
    """The message lists what the event takes."""
    with pytest.raises(UndeclaredNameError) as refusal:
        upgraded(seat=3)

    assert str(refusal.value) == (
        "PlanUpgraded has no 'seat'; it takes account, source, plan, seats, coupon"
    )


def test_a_missing_field_is_refused() -> None:
    """All missing fields are named at once."""
    with pytest.raises(InvalidValueError, match="lacks account, seats; give every"):
        PlanUpgraded(plan="pro")


def test_a_base_without_a_name_is_no_event() -> None:
    """The message says how to give it one."""
    with pytest.raises(MixpanelSchemaError, match=r"write class AccountEvent\(…, ev"):
        declared_event(AccountEvent)


def test_two_fields_with_one_name_are_refused() -> None:
    """One of them would overwrite the other."""
    with pytest.raises(DuplicateNameError, match="'Plan' as plan and as tier"):

        class Twice(TypedEvent, event_name="Twice"):
            plan: str = prop("Plan")
            tier: str = prop("Plan")


def test_a_field_without_prop_is_refused() -> None:
    """A bare annotation would be tracked under no name."""

    class Bare(TypedEvent, event_name="Bare"):
        seats: int

    with pytest.raises(MixpanelSchemaError, match=r"write seats: … = prop\('…'\)"):
        Bare.__event__  # noqa: B018  # reading it is the use


def test_a_subclass_may_override_a_field() -> None:
    """The field keeps its place and takes the new name and default."""

    class Special(AccountEvent, event_name="Special"):
        source: str = prop("Origin", default="app")

    assert [found.name for found in Special.__event__.properties or ()] == [
        "Account",
        "Origin",
    ]
    assert Special(account="Acme").source == "app"


def test_a_typed_event_is_a_message() -> None:
    """Its properties travel under their Mixpanel names."""
    message = event_message(
        upgraded(),
        token="t",
        distinct_id="u1",
        time=1_790_000_000,
        insert_id="0123456789abcdef",
    )
    carried = message["properties"]

    assert message["event"] == "Plan Upgraded"
    assert (carried["Account"], carried["Seats"]) == ("Acme", 3)
    assert "Coupon" not in carried


@pytest.mark.parametrize("given", ["Plan Upgraded", None, Property("Plan Upgraded")])
def test_what_is_no_event_is_refused(given: object) -> None:
    """A loose text or another object never stands for an event."""
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        declared_event(given, ["Plan Upgraded"])


def test_an_event_of_an_apps_own_kind_stands_for_itself() -> None:
    """An app may add to what an event is, and the message has its name."""

    class Own(Event):
        """An event of the app's own kind."""

    mine = Own("Plan Upgraded")
    message = event_message(
        mine, token="t", distinct_id="u1", time=1_790_000_000, insert_id="0123456789ab"
    )

    assert declared_event(mine) is mine
    assert message["event"] == "Plan Upgraded"


def test_classes_of_one_name_are_two_events() -> None:
    """Modules may call their events alike."""

    def made(name: str) -> type[TypedEvent]:
        class Created(TypedEvent, event_name=name):
            number: str = prop("Number")

        return Created

    invoice, user = made("Invoice Created"), made("User Created")
    plan = TrackingPlan(typed_events=[invoice, user])

    plan.check_event(invoice(number="1"))
    plan.check_event(user(number="1"))


def test_a_diamond_takes_the_field_that_python_takes() -> None:
    """The override in one branch counts, as in any class."""

    class Base(TypedEvent):
        plan: str = prop("Plan")

    class Left(Base):
        pass

    class Right(Base):
        plan: str = prop("Plan Level", pii=True)

    class Both(Left, Right, event_name="Both"):
        pass

    [found] = Both.__event__.properties or ()

    assert (found.name, found.pii) == ("Plan Level", True)
    assert Both.plan == Property("Plan Level")


@pytest.mark.parametrize("default", [[], {}, set()], ids=repr)
def test_a_default_that_could_change_is_refused(default: object) -> None:
    """One event would change the next one's."""
    with pytest.raises(MixpanelSchemaError, match="shared by all events; use a"):
        prop("Tags", default=default)


def test_a_loose_field_with_a_generic_type_is_refused() -> None:
    """Type checkers would ask for it, and nothing would take it."""

    class Loose(TypedEvent, event_name="Loose"):
        tags: list[str]

    with pytest.raises(MixpanelSchemaError, match=r"Loose\.tags is not declared with"):
        Loose.__event__  # noqa: B018  # reading it is the use


@pytest.mark.parametrize("name", ["token", "distinct_id", "time", "$insert_id"])
def test_what_the_message_has_itself_is_no_field(name: str) -> None:
    """Whose event it is and when it happened is said where it is tracked."""
    with pytest.raises(ReservedNameError, match="which the message itself has"):

        class Clash(TypedEvent, event_name="Clash"):
            field: str = prop(name)


def test_a_field_may_be_called_self() -> None:
    """Names of Python's own habits are names like others."""

    class Odd(TypedEvent, event_name="Odd"):
        self: str = prop("Self")  # type: ignore[misc]

    assert vars(Odd(**{"self": "x"})) == {"self": "x"}


@pytest.mark.parametrize("given", [Event("Paid"), Event, "Paid", upgraded()], ids=repr)
def test_only_classes_are_typed_events(given: object) -> None:
    """An instance or a catalogue in the list is one clear error."""
    with pytest.raises(MixpanelSchemaError, match="list classes made of TypedEvent"):
        TrackingPlan(typed_events=[given])
