"""The page in a real browser: what a developer sees, types and hears."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

Opened = Callable[..., Any]
HOSTILE = "<img src=x onerror=alert(1)>"


def event(name: str, **properties: object) -> dict[str, object]:
    """Return an event as an app sends it."""
    given = {"token": "t", "distinct_id": "joe", "$insert_id": "i", **properties}
    return {"event": name, "properties": {"time": int(time.time()), **given}}


def names(page: Any) -> list[str]:  # noqa: ANN401
    """Return the names of the rows that are shown."""
    shown: list[str] = page.locator("#rows-events .what").all_text_contents()
    return shown


def test_an_event_appears_within_a_second(
    opened: Opened, shop_http: httpx.Client
) -> None:
    """Without a reload, unless the machine is busy with something else just then."""
    page = opened()
    assert page.is_visible("#empty-events")
    waits = []
    for number in range(5):
        shop_http.post("/track", json=[event(f"Event {number}")])
        sent = time.monotonic()
        page.wait_for_selector(f"text='Event {number}'")
        waits.append(time.monotonic() - sent)

    assert sorted(waits)[2] < 1
    assert names(page) == [f"Event {number}" for number in (4, 3, 2, 1, 0)]
    assert page.is_hidden("#empty-events")


def test_an_event_opens_to_what_was_kept(
    opened: Opened, shop_http: httpx.Client
) -> None:
    """With every digit, where JavaScript's own numbers have 16."""
    given = {"Number": 12345678901234567890, "Deep": {"a": [], "b": [1, {"c": {}}]}}
    shop_http.post("/track", json=[event("Shop Visited", **given)])
    page = opened()
    page.click("text='Shop Visited'")
    page.wait_for_selector(".json")
    # What the project adds may be personal in the built-in catalogues.
    for button in page.get_by_text("Show personal data").all():
        button.click()
    shown = page.inner_text(".json")

    assert '"Number": 12345678901234567890,' in shown
    assert json.loads(shown)["Deep"] == given["Deep"]


def test_an_empty_page_says_what_to_try(opened: Opened) -> None:
    """The command sends an event that is kept."""
    page = opened()
    command = shlex.split(page.inner_text("#try"))
    sent = httpx.post(command[1], json=json.loads(command[3]), trust_env=False)
    page.wait_for_selector("#rows-events .badge.kept")

    assert command[::2] == ["curl", "--json"]
    assert (sent.status_code, names(page)) == (200, ["Sign Up"])


def test_verdicts_and_the_plan_are_told_apart(
    opened: Opened, shop_http: httpx.Client
) -> None:
    """Each has badges of its own and, opened, a heading of its own."""
    shop_http.post(
        "/track",
        json=[
            event("Order Completed", Amount="much", Note="n"),
            event("x" * 300),
            event("Shop Visited", time=5),
            event("Shop Visited", **{"$ignore": True}),
        ],
    )
    page = opened()
    page.wait_for_selector("text=Order Completed")
    rows = page.locator("#rows-events .row")
    badges = [" ".join(row.locator(".badge").all_inner_texts()) for row in rows.all()]
    rows.nth(3).click()
    rows.nth(2).click()
    page.wait_for_function("document.querySelectorAll('.found').length === 3")
    changed, unknown, wrong = page.locator("#rows-events .found").all_inner_texts()

    assert badges == ["ignored", "refused", "changed off plan", "kept off plan"]
    assert changed.splitlines() == [
        "Mixpanel's rules",
        "the name is cut to 255 characters",
    ]
    assert unknown.splitlines() == [
        "Tracking plan",
        f"event '{'x' * 255}' is not in the plan",
    ]
    assert wrong.splitlines() == [
        "Tracking plan",
        "property 'Amount' is declared float, and has text",
        "property 'Note' is not in the plan",
    ]


def test_what_comes_from_outside_is_text(
    opened: Opened, shop: LocalProject, shop_http: httpx.Client
) -> None:
    """No name, value, id, path or header of an app becomes markup in any view."""
    shop_http.post(
        "/track", json=[event(HOSTILE, distinct_id=HOSTILE, **{HOSTILE: HOSTILE})]
    )
    update = {"$token": "t", "$distinct_id": HOSTILE, "$set": {HOSTILE: HOSTILE}}
    shop_http.post("/engage", json=[update])
    shop_http.get(f"/{HOSTILE}", params={HOSTILE: HOSTILE})
    shop.faults.add(path=f"/{HOSTILE}", status=500, headers={"X": HOSTILE})
    page = opened()
    seen = {}
    for view in ("events", "profiles", "requests", "faults", "project"):
        page.goto(f"{shop.base_url}/#{view}")
        page.wait_for_selector(f"#view-{view} :text('onerror')")
        for row in page.locator(f"#view-{view} .row").all():
            row.click()
            row.locator("xpath=..").locator(".detail p, .detail pre").first.wait_for()
        seen[view] = page.inner_text(f"#view-{view}").count(HOSTILE)

    assert page.locator("img").count() == 1  # the page's own
    # events: name, id, key and value, then the update's; the plan says two names.
    assert seen["events"] >= 8
    assert min(seen.values()) >= 1


def test_a_fault_is_added_by_the_form(
    opened: Opened, shop: LocalProject, shop_http: httpx.Client
) -> None:
    """The next request has it; what cannot be is said beside the form."""
    page = opened("faults")
    page.click("text=429, Retry-After")
    page.fill("[name=path]", "track")
    page.press("[name=path]", "Enter")
    page.wait_for_selector("#fault-problem:has-text('path')")
    page.fill("[name=path]", "/track")
    page.press("[name=path]", "Enter")
    page.wait_for_selector("#list-faults li")
    card = page.inner_text("#list-faults li")
    answer = shop_http.post("/track", json=[event("A")])

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert "Any method /track: status 429, Retry-After 5, once." in card
    assert page.input_value("[name=path]") == ""
    page.wait_for_selector("#list-faults :text('hit 1')")
    page.click("[data-fault='1']")
    page.wait_for_selector("#empty-faults", state="visible")
    assert len(shop.faults) == 0


def test_the_keyboard_is_enough(opened: Opened, shop_http: httpx.Client) -> None:
    """From the filter through the rows, into one, out again, and to other views."""
    shop_http.post("/track", json=[event(f"Event {n}") for n in range(5)])
    page = opened()
    page.wait_for_selector("text=Event 4")
    keys = page.keyboard
    keys.press("/")
    keys.type("event 3")
    assert names(page) == ["Event 3"]
    keys.press("Escape")
    assert names(page)[0] == "Event 4"
    keys.press("ArrowDown")
    keys.press("j")
    keys.press("ArrowDown")
    keys.press("k")
    focused = page.evaluate("document.activeElement.innerText")
    keys.press("Enter")
    page.wait_for_selector(".json")
    keys.press("Escape")
    assert page.locator(".detail").count() == 0
    assert page.evaluate("document.activeElement.innerText") == focused
    assert "Event 3" in focused
    keys.press("p")
    page.wait_for_selector("#state:text('paused')")
    keys.press("?")
    assert page.is_visible("#help")
    keys.press("Escape")
    assert page.is_hidden("#help")
    keys.press("3")
    page.wait_for_selector("#rows-requests .row")
    assert page.get_attribute("nav [aria-current]", "href") == "#requests"


def test_single_keys_can_be_switched_off(opened: Opened) -> None:
    """For those who speak to their machine; the choice outlives a reload."""
    page = opened()
    page.click("#open-help")
    page.uncheck("#use-keys")
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    page.reload()
    page.keyboard.press("4")
    page.wait_for_timeout(100)

    assert page.is_visible("#view-events")


def test_one_tab_stop_leads_to_the_rows(
    opened: Opened, shop_http: httpx.Client
) -> None:
    """Not one for each of them, and it can be seen where one is."""
    shop_http.post("/track", json=[event(f"Event {n}") for n in range(50)])
    page = opened()
    page.wait_for_selector("text=Event 49")
    page.focus("#clear-events")
    page.keyboard.press("Tab")
    focused = "document.activeElement"

    assert "Event 49" in page.evaluate(f"{focused}.innerText")
    assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
    assert page.locator("#rows-events [tabindex='0']").count() == 1


def test_a_paused_page_holds_still(opened: Opened, shop_http: httpx.Client) -> None:
    """What comes meanwhile is counted, and there when it goes on."""
    shop_http.post("/track", json=[event("Shop Visited")])
    page = opened()
    page.wait_for_selector("text=Shop Visited")
    page.click("#pause")
    shop_http.post("/track", json=[event("Order Completed", Amount=1)] * 3)
    page.wait_for_selector("#pause:has-text('3 new')")
    assert names(page) == ["Shop Visited"]
    page.click("#pause")

    assert names(page) == ["Order Completed"] * 3 + ["Shop Visited"]


def test_outcomes_are_a_filter(opened: Opened, shop_http: httpx.Client) -> None:
    """Each with how many there are; words are looked for in values, too."""
    shop_http.post(
        "/track",
        json=[
            event("Shop Visited", time=5),
            event("Odd"),
            event("Shop Visited", q="zebra"),
        ],
    )
    page = opened()
    page.wait_for_selector("text=Odd")
    counts = page.locator(".outcomes label:visible").all_inner_texts()
    page.check("[name=outcome][value='off plan']")
    off = names(page)
    page.check("[name=outcome][value='refused']")
    refused = names(page)
    page.check("[name=outcome][value='']")
    page.fill("#filter-events", "ZEBRA")

    assert counts == [
        *("all 3", "kept 2", "changed 0", "ignored 0", "refused 1", "off plan 2")
    ]
    assert off == ["Shop Visited", "Odd"]
    assert refused == ["Shop Visited"]
    assert page.locator("#rows-events .row").count() == 1


def test_personal_data_are_masked_until_asked_for(
    opened: Opened, shop_http: httpx.Client
) -> None:
    """A screenshot may be passed on; their owner may look."""
    card = {"Card": {"number": "4111", "list": [1, {"a": 2}]}, "Last": 1}
    shop_http.post("/track", json=[event("Order Completed", Amount=1, **card)])
    page = opened()
    page.click("text=Order Completed")
    page.wait_for_selector(".json")
    masked = page.inner_text(".json")
    page.click("text=Show personal data")
    shown = page.inner_text(".json")

    assert "4111" not in masked
    assert '"Card": masked: personal data' in masked
    assert '"Last": 1' in masked
    assert json.loads(shown)["Card"] == card["Card"]


def test_profiles_are_found_by_id(opened: Opened, shop_http: httpx.Client) -> None:
    """While one types, and each opens to its properties."""
    updates = [
        {"$token": "t", "$distinct_id": f"user-{n}", "$set": {"Seats": n}}
        for n in range(120)
    ]
    shop_http.post("/engage", json=updates)
    page = opened("profiles")
    page.wait_for_selector("text=the first 100 of 120")
    page.fill("#filter-profiles", "USER-7")
    page.wait_for_selector("text=11 found")
    page.click("#rows-profiles .row >> nth=1")
    page.wait_for_selector(".json")

    assert '"Seats": 70' in page.inner_text(".json")


def test_a_reset_asks_first(
    opened: Opened, shop: LocalProject, shop_http: httpx.Client
) -> None:
    """Enter keeps everything; the second button deletes, and the page is empty."""
    shop_http.post("/track", json=[event("Shop Visited")])
    page = opened("project")
    page.wait_for_selector("#total:has-text('1 events of one name')")
    page.click("#open-reset")
    page.keyboard.press("Enter")
    assert page.is_hidden("#reset")
    assert len(shop.verdicts) == 1
    page.click("#open-reset")
    page.click("#do-reset")
    page.wait_for_selector("#total:has-text('0 events')")
    page.keyboard.press("1")
    page.wait_for_selector("#empty-events", state="visible")

    assert len(shop.verdicts) == 0


def test_clock_and_limits_are_set(opened: Opened, shop: LocalProject) -> None:
    """What the project then has is shown; a time that is none is said."""
    page = opened("project")
    page.fill("#set-clock input", "tomorrow")
    page.press("#set-clock input", "Enter")
    page.wait_for_selector("#clock-problem:has-text('tomorrow')")
    page.fill("#set-clock input", "2026-11-22T12:00:00Z")
    page.press("#set-clock input", "Enter")
    page.wait_for_selector("#clock.set:has-text('12:00:00 UTC')")
    page.click("#limits-on")
    page.wait_for_selector("#limits dd:text-is('60')")

    assert shop.clock().isoformat() == "2026-11-22T12:00:00+00:00"
    page.click("#free-clock")
    page.wait_for_selector("#clock:not(.set)")


def test_a_project_that_is_gone_is_said(opened: Opened, shop: LocalProject) -> None:
    """In words, where a screen reader hears it."""
    page = opened()
    page.route("**/local/**", lambda route: route.abort())
    page.wait_for_selector("#trouble:has-text('does not answer')", state="visible")

    assert page.inner_text("#state") == "no answer"
    assert page.get_attribute("#trouble", "role") == "alert"
    page.unroute("**/local/**")
    page.wait_for_selector("#trouble", state="hidden")


def test_it_can_be_heard(opened: Opened, shop_http: httpx.Client) -> None:
    """Landmarks, names, and news that interrupt nobody."""
    page = opened()
    shop_http.post("/track", json=[event("Odd"), event("Shop Visited", time=5)])
    page.wait_for_selector(
        "#said:has-text('2 new, 1 refused, 1 off plan')", state="attached"
    )

    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("navigation", name="Views").count() == 1
    assert page.get_by_role("list", name="Events and updates that arrive").count() == 1
    assert page.get_attribute("#said", "aria-live") == "polite"
    row = page.get_by_role("button", name="refused Shop Visited")
    assert row.get_attribute("aria-expanded") == "false"
    for box in page.locator("input:visible, select:visible").all():
        assert box.evaluate("e => e.labels.length") == 1


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "view", ["events", "profiles", "requests", "faults", "project"]
)
def test_nobody_scrolls_sideways(
    opened: Opened, shop: LocalProject, shop_http: httpx.Client, view: str, width: int
) -> None:
    """On a phone neither, whatever arrives."""
    long = "W" * 200
    shop_http.post("/track", json=[event(long, distinct_id=long, **{long: long})])
    shop_http.post(
        "/engage", json=[{"$token": "t", "$distinct_id": long, "$set": {long: 1}}]
    )
    shop.faults.add(path=f"/{long}", status=500)
    page = opened(view, viewport={"width": width, "height": 800})
    page.wait_for_selector(
        f"#view-{view} :text('{'POST' if view == 'requests' else 'WWWW'}')"
    )
    for row in page.locator(f"#view-{view} .row").all():
        row.click()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
