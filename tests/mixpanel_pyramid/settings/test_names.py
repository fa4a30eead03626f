"""Settings that name catalogues, typed events and functions."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from mixpanel_pyramid import Events, TypedEvent
from mixpanel_pyramid.settings import read_settings

from .problems import (
    HERE,
    OrderEvent,
    OrderPaid,
    OrderSent,
    ShopEvents,
    Stranger,
    problems,
)


def test_catalogues_are_found_by_dotted_name() -> None:
    """Classes and instances both serve."""
    by_class = read_settings({"mixpanel.events": f"{HERE}.Events"})
    by_instance = read_settings({"mixpanel.events": f"{HERE}.shop_events"})

    assert by_class.events == by_instance.events == ShopEvents()
    assert "Order Completed" in by_class.plan.events


@pytest.mark.parametrize("name", ["listed", "tupled"])
def test_typed_events_are_listed_by_the_app(name: str) -> None:
    """And are in the plan, beside the catalogue's."""
    settings = read_settings({"mixpanel.typed_events": f"{HERE}.{name}"})

    assert settings.typed_events == (OrderPaid, OrderSent)
    assert {"Order Paid", "Order Sent", "Page Viewed"} <= settings.plan.events.keys()


def test_a_class_of_typed_events_may_stand_alone() -> None:
    """An app begins with one."""
    settings = read_settings({"mixpanel.typed_events": f"{HERE}.OrderPaid"})

    assert settings.typed_events == (OrderPaid,)


def test_all_typed_events_of_a_module_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once each, under whatever names, but not the bases among them."""
    module = ModuleType("mixpanel_pyramid_typed")
    everything = {"Base": TypedEvent, "Order": OrderEvent, "Other": Stranger, "n": 7}
    vars(module).update(everything, Paid=OrderPaid, Sent=OrderSent, Again=OrderPaid)
    monkeypatch.setitem(sys.modules, "mixpanel_pyramid_typed", module)
    settings = read_settings({"mixpanel.typed_events": "mixpanel_pyramid_typed"})

    assert settings.typed_events == (OrderPaid, OrderSent)


def test_no_typed_events_are_the_default() -> None:
    """Empty counts as absent, as for the catalogues."""
    assert read_settings({}).typed_events == ()
    assert read_settings({"mixpanel.typed_events": ""}).typed_events == ()


@pytest.mark.parametrize(
    ("name", "wrong"), [("mixed", "Stranger"), ("Stranger", "Stranger"), ("number", 7)]
)
def test_what_is_no_typed_event_is_refused(name: str, wrong: object) -> None:
    """The message says what was found, and what may be named."""
    (problem,) = problems(typed_events=f"{HERE}.{name}")

    assert problem.startswith(f"mixpanel.typed_events: is '{HERE}.{name}', which holds")
    assert str(wrong) in problem
    assert "name a module, or classes based on mixpanel_pyramid.TypedEvent" in problem


def test_a_place_without_typed_events_is_refused() -> None:
    """Somebody expected some there."""
    assert problems(typed_events=f"{HERE}.nothing") == (
        f"mixpanel.typed_events: is '{HERE}.nothing', which has no typed events; "
        "name where they are",
    )


def test_a_typed_base_is_a_problem_of_the_plan() -> None:
    """It has no event that could be tracked."""
    (problem,) = problems(typed_events=f"{HERE}.OrderEvent")

    assert problem.startswith("tracking plan: OrderEvent has no event_name")


def test_an_empty_dotted_name_means_the_built_in_catalogue() -> None:
    """As in pyramid_mixpanel."""
    assert read_settings({"mixpanel.events": ""}).events == Events()


@pytest.mark.parametrize(
    ("setting", "base"),
    [
        ("events", "Events"),
        ("event_properties", "EventProperties"),
        ("profile_properties", "ProfileProperties"),
        ("profile_meta_properties", "ProfileMetaProperties"),
    ],
)
def test_a_stranger_is_no_catalogue(setting: str, base: str) -> None:
    """The class has to be based on ours, in the words of pyramid_mixpanel."""
    assert problems(**{setting: f"{HERE}.Stranger"}) == (
        f"mixpanel.{setting}: class in dotted_name needs to be based on "
        f"pyramid_mixpanel.{base}, today mixpanel_pyramid.{base}, but it is "
        f"'{HERE}.Stranger'; name such a class",
    )


def test_a_catalogue_is_named_not_given() -> None:
    """As in pyramid_mixpanel, and in its words."""
    assert problems(events=ShopEvents()) == (
        "mixpanel.events: dotted_name must be a string, but it is: ShopEvents",
    )


@pytest.mark.parametrize("name", [".names.Events", ":Events"])
def test_a_relative_name_is_refused(name: str) -> None:
    """Nothing says what a name would be relative to."""
    assert problems(events=name) == (
        f"mixpanel.events: is '{name}', a relative name; "
        "give an absolute one like myapp.names",
    )


@pytest.mark.parametrize("name", ["no_such_package.Events", f"{HERE}.Evnets"])
def test_a_name_that_cannot_be_imported_is_refused(name: str) -> None:
    """The message repeats the name."""
    (problem,) = problems(events=name)

    assert problem.startswith(f"mixpanel.events: is '{name}', which cannot be imported")


def test_whose_request_it_is_is_the_users_distinct_id() -> None:
    """By default, as in pyramid_mixpanel."""
    find = read_settings({}).distinct_id

    assert find(SimpleNamespace(user=SimpleNamespace(distinct_id="joe"))) == "joe"
    assert find(SimpleNamespace(user=None)) is None
    assert find(SimpleNamespace()) is None


def test_whose_request_it_is_may_be_the_apps_to_say() -> None:
    """By a callable with a dotted name."""
    find = read_settings({"mixpanel.distinct_id": f"{HERE}.who"}).distinct_id

    assert find(SimpleNamespace()) == "somebody"


def test_a_distinct_id_that_cannot_be_called_is_refused() -> None:
    """A value is no callable."""
    assert problems(distinct_id=f"{HERE}.number") == (
        f"mixpanel.distinct_id: is '{HERE}.number', which cannot be called; "
        "name a callable(request)",
    )
