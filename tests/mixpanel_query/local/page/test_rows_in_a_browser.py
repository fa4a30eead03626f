"""Many rows in a real browser: a thousand of them, and two thousand a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from mixpanel_query.local import LocalProject

Opened = Callable[..., Any]
SECONDS = 3
RATE = 2000

WATCH_FRAMES = """() => {
  window.frozen = 0;
  let before = performance.now();
  const look = (now) => {
    if (now - before > 250) window.frozen += now - before;
    before = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def events(first: int, count: int) -> list[dict[str, object]]:
    """Return events with numbers in their names."""
    now = int(time.time())
    return [
        {
            "event": f"Event {number}",
            "properties": {"token": "t", "time": now, "distinct_id": "u"},
        }
        for number in range(first, first + count)
    ]


def top(page: Any) -> str:  # noqa: ANN401
    """Return the name of the newest row."""
    return str(page.locator("#rows-events .what").first.text_content())


def test_a_burst_does_not_freeze_it(opened: Opened, shop_http: httpx.Client) -> None:
    """While events come by the thousand it draws, hears keys, and keeps up."""
    page = opened()
    page.evaluate(WATCH_FRAMES)
    start, sent = time.monotonic(), 0
    while time.monotonic() < start + SECONDS:
        shop_http.post("/track", json=events(sent, 200))
        sent += 200
        page.keyboard.press("j")
        page.wait_for_timeout(max(0, (start + sent / RATE - time.monotonic()) * 1000))
    page.wait_for_selector(f"text='Event {sent - 1}'", timeout=30_000)

    assert top(page) == f"Event {sent - 1}"
    assert page.inner_text("#count-events") == "1000"
    # Now and then a machine that tests is busy with other things.
    assert page.evaluate("window.frozen") < SECONDS * 1000 / 2


def test_all_rows_can_be_reached(opened: Opened, shop_http: httpx.Client) -> None:
    """Further ones are made when somebody comes near the end, or by keys."""
    shop_http.post("/track", json=events(0, 1000))
    page = opened()
    page.wait_for_selector("text='Event 999'")
    before = page.locator("#rows-events .row").count()
    for _ in range(30):
        page.mouse.wheel(0, 6000)
        page.wait_for_timeout(50)
    page.wait_for_selector("text='Event 0'")

    assert before < 500
    assert page.locator("#rows-events .row").count() == 1000


def test_what_is_read_stays_where_it_is(
    opened: Opened, shop_http: httpx.Client
) -> None:
    """Rows that come above push neither an open row nor a scrolled page away."""
    shop_http.post("/track", json=events(0, 100))
    page = opened()
    page.click("text='Event 95'")
    page.wait_for_selector(".json")
    page.evaluate("window.scrollTo(0, 300)")
    row = page.locator("#rows-events li", has_text="Event 95").first
    before = row.bounding_box()["y"]
    shop_http.post("/track", json=events(100, 100))
    page.wait_for_selector("#count-events:text('200')")
    page.wait_for_timeout(100)

    assert abs(row.bounding_box()["y"] - before) < 2
    assert page.locator(".json").count() == 1


def test_what_the_project_forgot_is_gone(
    opened: Opened, shop: LocalProject, shop_http: httpx.Client
) -> None:
    """The page has what the project has, whoever cleared that."""
    shop_http.post("/track", json=events(0, 1500))
    page = opened()
    page.wait_for_selector("text='Event 1499'")
    assert page.inner_text("#count-events") == "1000"
    shop.verdicts.clear()
    page.wait_for_selector("#empty-events", state="visible")
    shop_http.post("/track", json=events(2000, 10))
    page.wait_for_selector("text='Event 2009'")
    shop.verdicts.clear()  # and at once there is another one
    shop_http.post("/track", json=events(3000, 1))
    page.wait_for_selector("text='Event 3000'")

    assert page.locator("#rows-events .row").count() == 1


def test_the_page_can_clear_it(opened: Opened, shop_http: httpx.Client) -> None:
    """Events stay in the project; only what is told of them is forgotten."""
    shop_http.post("/track", json=events(0, 3))
    page = opened()
    page.wait_for_selector("text='Event 2'")
    page.click("#clear-events")
    page.wait_for_selector("#empty-events", state="visible")

    assert shop_http.get("/local/names").json()["events"] == 3
