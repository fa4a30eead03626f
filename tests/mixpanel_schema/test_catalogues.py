"""Catalogues: plain classes, dataclasses, overrides and mistakes."""

from dataclasses import dataclass

import pytest

import mixpanel_schema
from mixpanel_schema import Event, Events, MixpanelSchemaError
from mixpanel_schema.catalogues import Catalogue, members


@dataclass(frozen=True)
class DataclassEvents(mixpanel_schema.Events):
    """A catalogue written as pyramid_mixpanel's users write theirs."""

    site_deployed: Event = Event("Site Deployed")


class PlainEvents(mixpanel_schema.Events):
    """A catalogue without a decorator."""

    site_deployed = Event("Site Deployed")
    user_signed_up = Event("Account Made")

    def describe(self) -> str:
        """Show that a method is no member."""
        return "plain"


@pytest.mark.parametrize(
    "catalogue",
    [DataclassEvents, DataclassEvents(), PlainEvents, PlainEvents()],
    ids=["dataclass", "dataclass instance", "plain", "plain instance"],
)
def test_members_are_found_over_the_whole_mro(
    catalogue: type[Catalogue] | Catalogue,
) -> None:
    """Inherited and own members are found, in classes and in instances."""
    found = members(catalogue, Event)

    assert len(found) == len(members(Events, Event)) + 1
    assert found["site_deployed"] == Event("Site Deployed")
    assert found["page_viewed"] == Event("Page Viewed")


def test_an_override_replaces_what_it_overrides() -> None:
    """An app may rename a built-in event; the old name is no longer there."""
    names = {event.name for event in members(PlainEvents, Event).values()}

    assert "Account Made" in names
    assert "User Signed Up" not in names


def test_a_value_given_to_an_instance_counts() -> None:
    """A dataclass catalogue may be filled when it is made."""
    catalogue = DataclassEvents(site_deployed=Event("Site Launched"))

    assert members(catalogue, Event)["site_deployed"] == Event("Site Launched")


def test_attributes_are_the_events_themselves() -> None:
    """The class attribute is the event, also in a dataclass."""
    assert DataclassEvents.site_deployed is DataclassEvents().site_deployed


def test_catalogues_are_equal_by_class() -> None:
    """Two instances of one class are the same catalogue, another class is not."""
    assert Events() == Events()
    assert hash(Events()) == hash(Events())
    assert Events() != PlainEvents()
    assert repr(PlainEvents()) == "PlainEvents()"


def test_a_forgotten_event_is_refused() -> None:
    """A bare text among the members says how it should have been written."""

    class Forgetful(Events):
        paid = "Paid"

    with pytest.raises(MixpanelSchemaError, match=r"write paid = Event\(…\)"):
        members(Forgetful, Event)
