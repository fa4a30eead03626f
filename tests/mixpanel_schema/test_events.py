"""Events: what makes two of them the same, and what is refused."""

import pytest

from mixpanel_schema import (
    DuplicateNameError,
    Event,
    Events,
    InvalidValueError,
    NameStyleError,
    Property,
)


def test_events_are_equal_by_name_alone() -> None:
    """Whatever else is said of an event, its name makes it itself."""
    one = Event("Site Deployed", description="It went live.", properties=())
    other = Event("Site Deployed", renamed_from=("Deployed",))

    assert one == other
    assert hash(one) == hash(other)
    assert one != Event("Site deployed")


def test_repr_shows_the_name_alone() -> None:
    """The repr is what pyramid_mixpanel's messages have always shown."""
    assert repr(Event("Paid", description="Money came.")) == "Event(name='Paid')"


def test_a_string_in_renamed_from_is_one_name() -> None:
    """A forgotten comma does not turn a name into its letters."""
    assert Event("Paid", renamed_from="Charged").renamed_from == ("Charged",)


def test_a_text_among_the_properties_is_refused() -> None:
    """Only a Property may be listed, and the message says how to mend it."""
    with pytest.raises(InvalidValueError, match=r"wrap the name in Property\(…\)"):
        Event("Paid", properties=("Plan",))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (7, "event name 7 is a int; a name is text"),
        ("", "event name '' is blank; give it a name"),
        ("x" * 256, "has 256 characters; at most 255 are kept: shorten it"),
        ("a\ud800", "has half a surrogate pair; give valid Unicode"),
    ],
    ids=["number", "blank", "long", "surrogate"],
)
def test_an_impossible_name_is_refused(name: object, message: str) -> None:
    """A name that the server would cut or refuse never becomes an event."""
    with pytest.raises(NameStyleError, match=message):
        Event(name)


def test_the_longest_name_is_accepted() -> None:
    """255 characters are kept by the server, so they are accepted."""
    assert len(Event("x" * 255).name) == 255


def test_an_earlier_name_is_checked_too() -> None:
    """A blank earlier name is a mistake like a blank name."""
    with pytest.raises(NameStyleError, match="blank"):
        Event("Paid", renamed_from=("",))


def test_properties_are_kept_as_a_tuple() -> None:
    """A list given for the properties cannot be changed from outside afterwards."""
    plan = Property("Plan")
    listed = [plan]
    event = Event("Paid", properties=listed)
    listed.clear()

    assert event.properties == (plan,)


def test_the_built_in_events_keep_the_names_of_pyramid_mixpanel() -> None:
    """An app that moves keeps its attributes and its names in Mixpanel."""
    assert {
        attribute: getattr(Events, attribute).name
        for attribute in vars(Events)
        if not attribute.startswith("_")
    } == {
        "page_viewed": "Page Viewed",
        "button_link_clicked": "Button/Link Clicked",
        "user_signed_up": "User Signed Up",
        "user_logged_in": "User Logged In",
        "user_charged": "User Charged",
        "user_disabled": "User Disabled",
        "dollar_experiment_started": "$experiment_started",
    }


def test_a_property_is_listed_once() -> None:
    """Twice in one list is a slip, and may hide two types."""
    with pytest.raises(DuplicateNameError, match="lists 'P' twice; list it once"):
        Event("Thing Done", properties=(Property("P"), Property("P", type=int)))


def test_required_may_be_any_collection_of_names() -> None:
    """What is required has to be listed."""
    event = Event("Thing Done", properties=(Property("P"),), required=["P"])

    assert event.required == {"P"}
    with pytest.raises(InvalidValueError, match="requires Q, which it does not list"):
        Event("Thing Done", properties=(Property("P"),), required=["Q"])
