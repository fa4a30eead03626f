"""What the headers of a request may say of its events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Event, EventProperties, Events, Property
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.header_properties import HeaderProperties, cleaned
from mixpanel_pyramid.settings import read_settings

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp

HERE = __name__
Carried = Callable[..., dict[str, Any]]


class OwnProperties(EventProperties):
    """Declared by an app; some under names that no header may set."""

    plan = Property("Plan")
    campaign_name = Property("Campaign Name")
    signUp = Property("Sign Up")  # noqa: N815, RUF100  # an app may name it so
    seats = Property("Seats", type=int)
    tier = Property("Tier", type=Literal["free", "pro"])
    who = Property("$user_id")
    device = Property("$device_id")
    to = Property("$recipient")
    reply_to = Property("reply_to")


class OwnEvents(Events):
    """An event that lists what it carries."""

    listing = Event("Listing", properties=(OwnProperties.plan,))


@pytest.fixture
def carried(make_app: MakeApp) -> Carried:
    """Request a view with headers, and give what its event carried."""

    def request(headers: dict[str, str], allowed: str | None = None) -> dict[str, Any]:
        def view(request: Request) -> Response:
            request.mixpanel.track(OwnEvents.page_viewed, distinct_id="joe")
            return Response("ok")

        settings: dict[str, Any] = {
            "mixpanel.event_properties": f"{HERE}.OwnProperties",
            "mixpanel.events": f"{HERE}.OwnEvents",
            "mixpanel.header_properties": allowed,
        }
        app = make_app({"view": view}, settings)
        app.web.get("/view", headers=headers)
        (message,) = app.requests[0].mixpanel.mocked_messages
        properties: dict[str, Any] = message["msg"]["properties"]
        assert properties.pop("distinct_id") == "joe"
        return properties

    return request


def test_a_header_is_on_every_event_of_its_request(make_app: MakeApp) -> None:
    """And on those of no other request."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed)
        request.mixpanel.track(Events.button_link_clicked)
        return Response("ok")

    app = make_app({"view": view})
    app.web.get("/view", headers={"X-Mixpanel-Title": "Home"})
    app.web.get("/view")
    first, second = (
        [message["msg"]["properties"].get("Title") for message in messages]
        for messages in (request.mixpanel.mocked_messages for request in app.requests)
    )

    assert first == ["Home", "Home"]
    assert second == [None, None]


def test_by_default_it_sets_what_the_app_declared(carried: Carried) -> None:
    """And title, path and referrer, whatever the case of the header's name."""
    headers = {
        "X-Mixpanel-Plan": "pro",
        "x-mixpanel-campaign-name": "Spring",
        "X-MIXPANEL-SIGNUP": "now",
        "X-Mixpanel-Path": "/",
        "X-Mixpanel-Dollar-Referrer": "https://example.com",
        "X-Mixpanel-Utm_Source": "not declared by the app",
    }

    assert carried(headers) == {
        "Plan": "pro",
        "Campaign Name": "Spring",
        "Sign Up": "now",
        "Path": "/",
        "$referrer": "https://example.com",
    }


def test_nobody_redirects_a_campaign(carried: Carried) -> None:
    """Customer.io sends its messages where an event says, unless nobody may say it."""
    headers = {"X-Mixpanel-To": "me@example.com", "X-Mixpanel-Reply-To": "me"}

    assert carried(headers) == {}


def test_a_list_names_all_that_headers_may_set(carried: Carried) -> None:
    """With a star in it, beside the usual ones."""
    headers = {"X-Mixpanel-Plan": "pro", "X-Mixpanel-Utm-Source": "letter"}

    assert carried(headers, "utm_source") == {"utm_source": "letter"}
    assert carried(headers, "*, utm_source") == {"Plan": "pro", "utm_source": "letter"}


def test_none_lets_headers_set_nothing(carried: Carried) -> None:
    """Nor are they told of."""
    assert carried({"X-Mixpanel-Plan": "pro"}, "none") == {}


@pytest.mark.parametrize("allowed", ["*", "who device ip dollar_ignore"])
def test_no_header_says_who_or_when_it_was(carried: Carried, allowed: str) -> None:
    """Whatever the setting lists, and whatever the app calls it."""
    headers = {
        f"X-Mixpanel-{name}": "1"
        for name in ("Who", "Device", "Ip", "Dollar-Ignore", "Time", "Distinct-Id")
    }

    assert carried(headers, allowed) == {}


def test_what_no_header_may_set_is_told_of_at_start_up() -> None:
    """Where a list has it all the same."""
    settings = read_settings(
        {"mixpanel.token": "no", "mixpanel.header_properties": "title time ip"}
    )

    assert settings.warnings == (
        "mixpanel.header_properties lists ip, time, which no header may set; remove it",
    )


def test_a_list_names_attributes_that_are_there() -> None:
    """Else a typing error would silence a header for good."""
    with pytest.raises(MixpanelSettingsError) as caught:
        read_settings({"mixpanel.header_properties": "titel path"})

    assert str(caught.value) == (
        "mixpanel.header_properties: titel is no attribute of "
        "mixpanel.event_properties; nearest is 'title'; correct or remove it"
    )


def test_props_of_the_call_win_over_a_header(make_app: MakeApp) -> None:
    """As over all global properties."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed, {EventProperties.title: "Own"})
        return Response("ok")

    app = make_app({"view": view})
    app.web.get("/view", headers={"X-Mixpanel-Title": "Theirs"})
    (message,) = app.requests[0].mixpanel.mocked_messages

    assert message["msg"]["properties"]["Title"] == "Own"


def test_an_event_that_lists_its_properties_takes_headers_too(
    make_app: MakeApp,
) -> None:
    """A header is no reason to refuse an event."""

    def view(request: Request) -> Response:
        request.mixpanel.track(OwnEvents.listing, distinct_id="joe")
        return Response("ok")

    app = make_app(
        {"view": view},
        {
            "mixpanel.events": f"{HERE}.OwnEvents",
            "mixpanel.event_properties": f"{HERE}.OwnProperties",
        },
    )
    app.web.get("/view", headers={"X-Mixpanel-Title": "Home"})
    (message,) = app.requests[0].mixpanel.mocked_messages

    assert message["msg"]["properties"]["Title"] == "Home"


def test_the_text_is_at_most_255_bytes(carried: Carried) -> None:
    """Never cut inside of a character."""
    title = "é" * 200
    sent = title.encode().decode("latin-1")  # as WSGI has it

    assert carried({"X-Mixpanel-Title": sent}) == {"Title": "é" * 127}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"Caf\xc3\xa9", "Café"),
        (b"Caf\xe9", "Café"),
        (b"\xf0\x9f\x8d\xb0", "\N{SHORTCAKE}"),
        (b"a\x1b[31mb\x7f\xc2\x85c\r\n", "a [31mb  c"),
        (b" \x00 ", ""),
    ],
    ids=["utf-8", "latin-1", "astral", "controls", "nothing"],
)
def test_bytes_become_clean_text(sent: bytes, read: str) -> None:
    """Most are UTF-8, and what is not is Latin-1."""
    assert cleaned(sent.decode("latin-1")) == read


def test_text_that_is_no_latin_1_is_taken_as_it_is() -> None:
    """As in tests that make a request by hand, half a surrogate pair included."""
    assert cleaned("Šola") == "Šola"
    assert cleaned("Š\ud800") == "Š?"


def test_a_header_of_nothing_sets_nothing(carried: Carried) -> None:
    """Instead of a property that is empty."""
    assert carried({"X-Mixpanel-Title": "  "}) == {}


def test_a_value_of_another_type_is_left_out(
    carried: Carried, caplog: pytest.LogCaptureFixture
) -> None:
    """It would be refused at each track of the request."""
    headers = {"X-Mixpanel-Seats": "secret", "X-Mixpanel-Tier": "pro"}

    assert carried(headers) == {"Tier": "pro"}
    assert caplog.messages == [
        "Property 'seats', from request header 'X-Mixpanel-Seats' "
        "is not of the type that is declared"
    ]


def test_an_unknown_header_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    """In the words of pyramid_mixpanel."""
    headers = HeaderProperties(EventProperties(), frozenset({"*"}))
    for _ in range(3):
        assert headers.read({"HTTP_X_MIXPANEL_NO_SUCH": "x"}) == {}
        assert headers.read({"HTTP_X_MIXPANEL_UTM_SOURCE": "x"}) == {}

    assert caplog.messages == [
        "Property 'no_such', from request header 'X-Mixpanel-No-Such' "
        "is not a member of event_properties",
        "Property 'utm_source', from request header 'X-Mixpanel-Utm-Source' "
        "may not be set by headers",
    ]


def test_made_up_headers_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Nor the memory: a hundred names are told of, each on one short line."""
    headers = HeaderProperties(EventProperties(), frozenset({"*"}))
    for number in range(1000):
        headers.read({f"HTTP_X_MIXPANEL_{number:04}\n{'X' * 500}": "x"})

    assert len(caplog.messages) == len(headers.told) == 100
    assert not any("\n" in line or len(line) > 700 for line in caplog.messages)


def test_a_request_without_such_headers_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also one whose environment has keys that are no text."""
    caplog.set_level(logging.DEBUG)
    headers = HeaderProperties(EventProperties(), frozenset({"*"}))

    assert headers.read({"HTTP_HOST": "localhost"}) == {}
    assert headers.read({1: "x", "HTTP_X_MIXPANEL_TITLE": "x"}) == {  # type: ignore[dict-item]
        EventProperties.title: "x"
    }
    assert caplog.messages == []
