"""The debug toolbar's panel, as the toolbar shows it and as a browser draws it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPFound
from pyramid.request import Request
from pyramid.response import Response
from webtest import TestApp

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    GroupProperties,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.testing import recorder

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pyramid.router import Router

View = Callable[[Request], Any]
PAGE = "<html><body><h1>Shop</h1></body></html>"
HOSTILE = "<script>document.title = 'owned'</script>"
NOWHERE = "http://127.0.0.1:9"


class ShopEvents(Events):
    """Events of a shop."""

    order_completed = Event("Order Completed")


class ShopProperties(EventProperties):
    """Properties of a shop's events."""

    amount = Property("Amount", type=float)
    note = Property("Note")
    card = Property("Card", pii=True)


def order(request: Request) -> Response:
    """Track an order."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(
        ShopEvents.order_completed,
        {
            ShopProperties.amount: 19.5,
            ShopProperties.note: HOSTILE,
            ShopProperties.card: "4111 1111",
        },
    )
    return Response(PAGE)


def failing(request: Request) -> Response:
    """Track an order, and answer 503."""
    order(request)
    request.mixpanel.track_now(Events.user_logged_in)
    return Response(PAGE, status=503)


def raising(request: Request) -> Response:
    """Track an order, and raise."""
    order(request)
    raise RuntimeError("no seat left")


def redirected(request: Request) -> Response:
    """Track an order, and raise a redirect."""
    order(request)
    raise HTTPFound("/nothing")


def nothing(request: Request) -> Response:
    """Track nothing."""
    return Response(PAGE)


def profiles(request: Request) -> Response:
    """Change a profile and a group."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.profile_set({ProfileProperties.dollar_email: "joe@example.com"})
    request.mixpanel.profile_unset([ProfileProperties.dollar_phone])
    request.mixpanel.group_set("company", "acme", {GroupProperties.dollar_name: "Acme"})
    return Response(PAGE)


def mended(request: Request) -> Response:
    """Track what has to be mended, what cannot be, and what is refused."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(
        ShopEvents.order_completed,
        {ShopProperties.amount: float("nan"), ShopProperties.note: "é" * 200},
    )
    request.mixpanel.track(Events.page_viewed, distinct_id="anonymous")
    with pytest.raises(ValueError, match="not a member"):
        request.mixpanel.track(Event("Odrer Completed"))
    request.mixpanel.api.track("joe", "Raw", {"text": "x" * 10_000, "time": 1e30})
    return Response(PAGE)


def outer(request: Request) -> Response:
    """Ask for an order inside."""
    return request.invoke_subrequest(Request.blank("/order"), use_tweens=True)


def streamed(request: Request) -> Response:
    """Track in the body of the answer."""

    def body() -> Iterator[bytes]:
        order(request)
        yield PAGE.encode()

    return Response(app_iter=body(), content_type="text/plain")


def many(request: Request) -> Response:
    """Track more than anybody reads."""
    for number in range(310):
        request.mixpanel.track(Events.page_viewed, distinct_id=f"user-{number}")
    return Response(PAGE)


def committed(request: Request) -> Response:
    """Track before and after a savepoint that is rolled back."""
    request.mixpanel.track(Events.page_viewed, distinct_id="joe")
    savepoint = request.tm.savepoint()
    order(request)
    savepoint.rollback()
    return Response(PAGE)


def vetoed(request: Request, response: Response) -> bool:
    """Discard what has a header."""
    return "Veto" in response.headers


def unwanted(request: Request) -> Response:
    """Track, and say that it does not count."""
    order(request)
    return Response(PAGE, headers={"Veto": "1"})


VIEWS = (
    *(order, failing, raising, redirected, nothing, profiles, mended, outer),
    *(streamed, many, committed, unwanted),
)


def make(*, includes: tuple[str, ...] = ("mixpanel_pyramid",), **given: str) -> Router:
    """Make an app with the toolbar and the panel."""
    settings = {
        "mixpanel.token": "t0ken",
        "mixpanel.base_url": NOWHERE,
        "mixpanel.events": f"{__name__}.ShopEvents",
        "mixpanel.event_properties": f"{__name__}.ShopProperties",
        "mixpanel.commit_veto": f"{__name__}.vetoed",
        "debugtoolbar.includes": "mixpanel_pyramid.debugtoolbar",
        **{name.replace("__", "."): value for name, value in given.items()},
    }
    with Configurator(settings=settings) as config:
        for name in (*includes, "pyramid_debugtoolbar"):
            config.include(name)
        for view in VIEWS:
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__)
        return config.make_wsgi_app()


def panel(app: Router, path: str) -> list[str]:
    """Ask for a page, and give the lines of its panel."""
    web = TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    web.get(path, expect_errors=True)
    (newest, *_) = app.registry.pdtb_history.last(1)
    html = web.get(f"/_debug_toolbar/{newest[0]}").text
    found = html.split('<div class="mp-panel">')[1].split("</table>\n", maxsplit=1)[0]
    text = re.sub(r"<[^>]+>", "\n", found.split('<div id="pDebugPanel')[0])
    return [line.strip() for line in unescape(text).splitlines() if line.strip()]


def after(lines: list[str], start: str) -> list[str]:
    """Give what follows a line."""
    return lines[lines.index(start) + 1 :]


def test_a_message_is_shown_with_what_became_of_it() -> None:
    """Its properties, the plan's verdict, its end, and where it goes."""
    lines = panel(make(), "/order")

    assert lines[0] == "1 released"
    assert lines[1] == f"Messages go to {NOWHERE}: consumer background."
    assert re.fullmatch(r"1 call took \d+\.\d\d ms\.", lines[2])
    message = after(lines, "Order Completed")
    assert message[:3] == ["event of", "joe", message[2]]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC", message[2])
    assert re.fullmatch("id [0-9a-f]{32}", message[3])
    assert message[4:] == [
        *("Amount", "19.5", "Note", f'"{HOSTILE}"', "Card", "masked: personal data"),
        *("as declared", "released", "the answer was 200", f"to {NOWHERE}"),
    ]


def test_neither_personal_data_nor_the_token_is_there() -> None:
    """A screenshot of the panel may be passed on."""
    app = make()
    shown = "\n".join(panel(app, "/order") + panel(app, "/profiles"))

    assert "4111" not in shown
    assert "joe@example.com" not in shown
    assert "t0ken" not in shown


@pytest.mark.parametrize(
    ("path", "state", "why"),
    [
        ("/failing", "discarded", "the answer was 503"),
        ("/raising", "discarded", "the answer was 500, made out of RuntimeError"),
        ("/unwanted", "discarded", "mixpanel.commit_veto said so"),
        ("/redirected", "released", "the answer was 302, made out of HTTPFound"),
    ],
)
def test_the_reason_is_there(path: str, state: str, why: str) -> None:
    """For what was released, and for what was discarded."""
    lines = after(panel(make(), path), "as declared")

    assert lines[:2] == [state, why]


def test_what_was_tracked_now_stands_beside_what_was_discarded() -> None:
    """Both are counted at the top."""
    lines = panel(make(), "/failing")

    assert lines[:2] == ["1 released", "1 discarded"]
    assert after(lines, "User Logged In")[-3:] == [
        *("released", "track_now", f"to {NOWHERE}")
    ]


def test_a_transaction_is_the_reason() -> None:
    """Committed, and rolled back to a savepoint."""
    lines = panel(make(includes=("pyramid_tm", "mixpanel_pyramid")), "/committed")

    assert "its transaction was committed" in after(lines, "Page Viewed")
    assert after(lines, "masked: personal data")[1:] == [
        "discarded",
        "its transaction was rolled back to a savepoint",
    ]


def test_profiles_and_groups_are_shown() -> None:
    """With the operation, and what it is done to."""
    lines = panel(make(), "/profiles")

    assert after(lines, "$set")[:4] == [
        *("profile of", "joe", "$email", "masked: personal data")
    ]
    assert after(lines, "$unset")[:4] == ["profile of", "joe", "names", '["$phone"]']
    assert after(lines, "group of")[:3] == ["company acme", "$name", '"Acme"']


def test_what_the_plan_says_is_shown() -> None:
    """What was mended, with what; what was not sent; what was refused."""
    lines = panel(make(), "/mended")

    assert lines[:2] == ["2 released", "2 refused"]
    assert after(lines, "mended")[:2] == [
        "left out: property 'Amount' is not finite, which JSON has not; leave it out",
        "cut: Note: 400 bytes of text are cut to 255; shorten it (event text)",
    ]
    refusals = [lines[i + 1] for i, line in enumerate(lines) if line == "refused"]
    assert [refusal for refusal in refusals if refusal != "refused"] == [
        "distinct_id: an id that means nobody or nothing is refused; "
        "give a real one (event invalid id)",
        "Event 'Event(name='Odrer Completed')' is not a member of self.events",
    ]
    raw = after(lines, "Raw")
    assert "show all 10,002 characters" in raw
    assert "1e+27 s" in raw
    assert "not compared: through api" in raw


def test_a_request_that_tracked_nothing_says_so() -> None:
    """And where messages would go."""
    assert panel(make(), "/nothing")[:2] == [
        "Nothing was tracked in this request.",
        f"Messages go to {NOWHERE}: consumer background.",
    ]


def test_a_subrequest_is_shown_with_its_parent() -> None:
    """It shares its fate, and has been tracked in another place."""
    lines = panel(make(), "/outer")

    assert "in the subrequest GET /order" in after(lines, "Order Completed")
    assert lines[0] == "1 released"


def test_what_a_stream_tracks_is_shown() -> None:
    """The panel is laid out when somebody looks."""
    lines = panel(make(), "/streamed")

    assert after(lines, "as declared")[:2] == [
        "released",
        "the request was over already",
    ]


def test_a_long_list_is_cut() -> None:
    """And says so."""
    lines = panel(make(), "/many")

    assert lines[0] == "310 released"
    assert lines.count("Page Viewed") == 300


def test_recording_is_said() -> None:
    """For the request, and for each message."""
    lines = panel(make(mixpanel__token="off"), "/order")

    assert lines[1] == "Messages are recorded only, and not sent."
    assert lines[-1] == "recorded only"


def test_a_recorder_overrules_the_token() -> None:
    """Nothing is sent, and the panel says so."""
    app = make()
    recorder(app)
    lines = panel(app, "/order")

    assert lines[1] == "Messages are recorded only, and not sent."


def test_customerio_is_shown() -> None:
    """A copy has its own row and its own destination."""
    app = make(
        customerio__tracking__site_id="s",
        customerio__tracking__api_key="k3y",
        customerio__tracking__region="eu",
        customerio__tracking__base_url="http://127.0.0.1:10",
    )
    lines = panel(app, "/order")

    assert lines[1].startswith(f"Messages go to {NOWHERE} and http://127.0.0.1:10:")
    copy = after(lines, "Customer.io of")
    assert copy[0] == "joe"
    assert "masked: personal data" in copy
    assert copy[-4:] == [
        *("copy", "released", "the answer was 200", "to http://127.0.0.1:10")
    ]


def test_an_app_without_tracking_is_no_error() -> None:
    """The toolbar may be shared by several apps."""
    (said,) = panel(make(includes=()), "/nothing")[:1]

    assert said.startswith("This app does not include mixpanel_pyramid")


@pytest.fixture
def shop(serve: Callable[[object], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a running app."""
    with serve(make()) as address:
        yield address


def opened(chromium: Any, shop: str, path: str) -> Page:  # noqa: ANN401
    """Open a page, then the toolbar, then the panel, as a person would."""
    page: Page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{shop}{path}")
    page.goto(str(page.get_attribute("#pShowToolBarButton", "href")))
    page.click("#pDebugPanel-mixpanel a")
    page.wait_for_selector(".mp-panel", state="visible")
    return page


def test_a_browser_shows_the_panel(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """Hostile values are text, long ones open on a key, nothing overflows."""
    page = opened(chromium, shop, "/mended")
    page.focus(".mp-panel summary")
    page.keyboard.press("Enter")

    assert page.is_visible(".mp-whole")
    assert page.inner_text("#pDebugPanel-mixpanel .badge") == "4"
    box, table = page.locator(".mp-panel"), page.locator(".mp-panel table")
    assert table.bounding_box()["width"] <= box.bounding_box()["width"]  # type: ignore[index]
    page.close()


def test_a_narrow_window_scrolls_the_table_only(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """The toolbar around it stays as wide as the window."""
    page = opened(chromium, shop, "/mended")
    page.set_viewport_size({"width": 700, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth") == 700
    page.close()


def test_a_browser_runs_nothing_of_a_value(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """A script in a property is shown as it is written."""
    page = opened(chromium, shop, "/order")

    assert HOSTILE in page.inner_text(".mp-panel")
    assert page.title() == "Pyramid Debug Toolbar"
    page.close()


def test_the_table_can_be_heard(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """It has a name and headings, and no state is told by colour alone."""
    page = opened(chromium, shop, "/failing")
    table = page.get_by_role("table", name="Messages of this request")

    assert table.get_by_role("columnheader").all_inner_texts() == [
        *("Message", "Properties", "Plan", "What became of it")
    ]
    assert table.get_by_role("rowheader").count() == 2
    assert table.get_by_text("discarded", exact=True).count() == 1
    page.close()
