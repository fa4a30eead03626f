"""The settings are read once, and every problem is told of together."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

import pytest
from pyramid.exceptions import ConfigurationError

from mixpanel_pyramid import Event, EventProperties, Events, Property, TypedEvent, prop
from mixpanel_pyramid.exceptions import MixpanelPyramidError, MixpanelSettingsError
from mixpanel_pyramid.settings import read_settings

HERE = "mixpanel_pyramid_names"


@dataclass(frozen=True)
class ShopEvents(Events):
    """As an app that comes from pyramid_mixpanel writes it."""

    order_completed: Event = Event("Order Completed")  # noqa: RUF009  # frozen


class ShopProperties(EventProperties):
    """As an app may write it now."""

    total = Property("Total")


class OrderEvent(TypedEvent):
    """A base without an event of its own."""

    order_id: str = prop("Order ID")


class OrderPaid(OrderEvent, event_name="Order Paid"):
    """An order was paid."""


class OrderSent(OrderEvent, event_name="Order Sent"):
    """An order left the house."""


class Stranger:
    """Not a catalogue."""


@pytest.fixture(autouse=True)
def importable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the names of this file importable by a dotted name."""
    module = SimpleNamespace(
        Events=ShopEvents,
        shop_events=ShopEvents(),
        EventProperties=ShopProperties,
        Stranger=Stranger,
        who=lambda request: "somebody",
        number=7,
        OrderEvent=OrderEvent,
        OrderPaid=OrderPaid,
        listed=[OrderPaid, OrderSent],
        tupled=(OrderPaid, OrderSent),
        nothing=[],
        mixed=[OrderPaid, Stranger],
    )
    monkeypatch.setitem(sys.modules, HERE, module)


def problems(**settings: object) -> tuple[str, ...]:
    """Give what is wrong with settings, dots written as two underscores."""
    given = {f"mixpanel.{name}": value for name, value in settings.items()}
    with pytest.raises(MixpanelSettingsError) as caught:
        read_settings(given)
    return caught.value.problems


@pytest.mark.parametrize(
    "word", ["false", "FALSE", "off", "No", "0", "none", " false ", False, 0]
)
def test_every_off_word_records(word: object) -> None:
    """A token that says off means that nothing is sent, without a warning."""
    settings = read_settings({"mixpanel.token": word})

    assert settings.token is None
    assert settings.warnings == ()


@pytest.mark.parametrize("given", [{}, {"mixpanel.token": None}])
def test_an_absent_token_records_and_warns(given: dict[str, object]) -> None:
    """Without a token nothing is sent, and the log says so."""
    settings = read_settings(given)

    assert settings.token is None
    assert settings.warnings == (
        "mixpanel.token is not set: messages are recorded and nothing is sent; "
        "set it to the project token, or to false where that is meant",
    )


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_token_is_refused(empty: str) -> None:
    """A token that got lost on its way into the settings stops the start-up."""
    assert problems(token=empty) == (
        "mixpanel.token: is empty; give the project token, or false to record only",
    )


def test_a_token_that_is_true_is_refused() -> None:
    """Only a project has a token."""
    assert problems(token=True) == (
        "mixpanel.token: is a bool; give the project token, or false",
    )


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("us", "https://api.mixpanel.com"),
        ("EU", "https://api-eu.mixpanel.com"),
        (" in ", "https://api-in.mixpanel.com"),
    ],
)
def test_a_region_has_its_host(region: str, url: str) -> None:
    """Each data residency region has a host of its own."""
    assert read_settings({"mixpanel.region": region}).base_url == url


def test_a_misspelt_consumer_is_refused_with_what_there_is() -> None:
    """A name without a dot is meant as one of the short ones."""
    assert problems(consumer="backgruond") == (
        "mixpanel.consumer: is 'backgruond'; "
        "give one of background, buffered, celery, or a class's dotted name",
    )


def test_the_us_is_the_default_region() -> None:
    """Without a region, messages go to the United States."""
    assert read_settings({}).base_url == "https://api.mixpanel.com"


def test_a_base_url_wins_over_the_region() -> None:
    """Another host is used whatever the region."""
    settings = read_settings(
        {"mixpanel.region": "eu", "mixpanel.base_url": "https://proxy.example/mp/"}
    )

    assert settings.base_url == "https://proxy.example/mp"
    assert len(settings.warnings) == 1


@pytest.mark.parametrize(
    "url", ["proxy.example", "ftp://proxy.example", "http://", "http://h:port", ""]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """A base URL names a scheme and a host."""
    assert problems(base_url=url) == (
        "mixpanel.base_url: is no address of a service; "
        "give one like https://mixpanel.example",
    )


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    """A password in the base URL shows up nowhere."""
    (problem,) = problems(base_url="https://joe:hush@proxy.example")

    assert problem == (
        "mixpanel.base_url: has more than a host, port and path; give those alone"
    )


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("http://proxy.example", 1),
        ("http://10.0.0.7:8080", 1),
        ("http://127.0.0.1:8080", 0),
        ("http://localhost:8080", 0),
        ("http://[::1]:8080", 0),
        ("https://proxy.example", 0),
    ],
)
def test_plain_http_to_another_machine_warns(url: str, warnings: int) -> None:
    """What is tracked can be read on the way, unless it stays on this machine."""
    settings = read_settings({"mixpanel.token": "t", "mixpanel.base_url": url})

    assert len(settings.warnings) == warnings


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
        f"pyramid_mixpanel.{base}, today mixpanel_pyramid.{base}",
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


def test_numbers_are_read_from_text() -> None:
    """As an ini file gives them."""
    settings = read_settings(
        {
            "mixpanel.queue_size": "500",
            "mixpanel.request_timeout": "2.5",
            "mixpanel.flush_timeout": 1,
        }
    )

    assert settings.queue_size == 500
    assert settings.request_timeout == 2.5
    assert settings.flush_timeout == 1.0


def test_the_defaults_are_the_documented_ones() -> None:
    """100,000 messages, 10 seconds, 5 seconds."""
    settings = read_settings({})

    assert settings.queue_size == 100_000
    assert settings.request_timeout == 10.0
    assert settings.flush_timeout == 5.0


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", ""])
def test_a_queue_has_a_whole_size(value: str) -> None:
    """At least one message."""
    assert problems(queue_size=value) == (
        f"mixpanel.queue_size: is '{value}'; give a whole number of at least 1",
    )


@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf"])
def test_a_timeout_is_a_number_of_seconds(value: str) -> None:
    """Above zero, and it ends."""
    assert problems(request_timeout=value) == (
        f"mixpanel.request_timeout: is '{value}'; give a number of seconds above 0",
    )


def test_all_problems_are_told_of_together() -> None:
    """One start shows everything that has to be mended."""
    assert problems(tokne="x", region="mars", queue_size="0") == (
        "mixpanel.tokne is no setting; nearest is mixpanel.token: correct or remove it",
        "mixpanel.region: is 'mars'; give one of us, eu, in",
        "mixpanel.queue_size: is '0'; give a whole number of at least 1",
    )


def test_settings_of_others_are_left_alone() -> None:
    """Only ``mixpanel.`` and ``customerio.tracking.`` are ours."""
    given = {"pyramid.includes": "x", "mixpanelish": 1, "pyramid_heroku.structlog": 1}

    assert read_settings(given).token is None


def test_a_plan_with_conflicts_is_a_settings_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One name with two meanings is told of at start-up, with the rest."""

    class Conflict(EventProperties):
        total = Property("Total", type=int)
        sum = Property("Total", type=str)

    monkeypatch.setattr(sys.modules[HERE], "EventProperties", Conflict)
    plan, region = reversed(
        problems(event_properties=f"{HERE}.EventProperties", region="mars")
    )

    assert plan.startswith("tracking plan: event property 'Total' is declared diff")
    assert region == "mixpanel.region: is 'mars'; give one of us, eu, in"


def test_the_error_is_what_callers_may_expect() -> None:
    """One of ours, one of Pyramid's, and a ValueError as in pyramid_mixpanel."""
    kinds = (MixpanelPyramidError, ConfigurationError, ValueError)

    assert all(issubclass(MixpanelSettingsError, kind) for kind in kinds)


def test_the_token_is_in_no_repr() -> None:
    """Logs and tracebacks print reprs."""
    settings = read_settings({"mixpanel.token": "hush-hush"})

    assert settings.token == "hush-hush"
    assert "hush" not in repr(settings)
