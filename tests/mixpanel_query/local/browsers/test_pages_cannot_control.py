"""No web page can use ``/local/…``, whatever it tries in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from mixpanel_query.local import LocalProject

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Each answers what the page got to see; a browser's refusal is an error.
TRIES = {
    "read": """base => fetch(base + "/local/requests").then(got => got.text())""",
    "read the clock": """base => fetch(base + "/local/clock")
        .then(got => got.text())""",
    "change, as JSON": """base => fetch(base + "/local/reset", {
        method: "POST", body: "{}", headers: {"Content-Type": "application/json"}
    }).then(got => got.text())""",
    "change, as text": """base => fetch(base + "/local/reset", {
        method: "POST", body: "{}"
    }).then(got => got.text())""",
    "change, and see nothing": """base => fetch(base + "/local/reset", {
        method: "POST", body: "{}", mode: "no-cors",
        headers: {"Content-Type": "application/json"}
    }).then(got => got.text())""",
    "delete": """base => fetch(base + "/local/faults", {
        method: "DELETE", headers: {"Content-Type": "application/json"}
    }).then(got => got.text())""",
    "beacon": """base => new Promise(done => {
        const json = new Blob(["{}"], {type: "application/json"});
        navigator.sendBeacon(base + "/local/reset", json);
        setTimeout(done, 300, "");
    })""",
    "image": """base => new Promise(done => {
        const image = new Image();
        image.onerror = () => done("");
        image.onload = () => done("it is an image");
        image.src = base + "/local/requests";
    })""",
    "script": """base => new Promise(done => {
        const script = document.createElement("script");
        script.onerror = script.onload = () => done("");
        script.src = base + "/local/requests";
        document.body.append(script);
    })""",
    "export": """base => fetch(base + "/api/2.0/export" +
        "?from_date=2026-01-01&to_date=2026-01-02").then(got => got.text())""",
}
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]


@pytest.fixture
def guarded_project() -> Iterator[LocalProject]:
    """Give a project with an event and a fault; both are there in the end."""
    with LocalProject() as project:
        event = {"event": "Kept", "properties": {"token": "t"}}
        httpx.post(f"{project.base_url}/track", json=[event], trust_env=False)
        project.faults.add(path="/nowhere", status=503)
        yield project
        names = f"{project.base_url}/api/query/events/names?type=general"
        assert httpx.get(names, trust_env=False).json() == ["Kept"]
        assert len(project.faults) == 1


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("way", TRIES)
def test_a_page_of_another_origin(
    guarded_project: LocalProject,
    visitor: Page,
    pages: dict[str, bytes],
    way: str,
    name: str,
) -> None:
    """It reads nothing, and nothing changes; another port is another origin."""
    visitor.goto(pages[""].decode().replace("localhost", name))
    seen = visitor.evaluate(
        f"base => Promise.resolve(({TRIES[way]})(base)).catch(() => '')",
        guarded_project.base_url,
    )

    assert seen == ""


@pytest.mark.parametrize("enctype", FORMS)
def test_a_form_of_a_page(
    guarded_project: LocalProject,
    visitor: Page,
    pages: dict[str, bytes],
    enctype: str,
) -> None:
    """A form is the one change that a browser sends without asking; it is refused."""
    pages["/form"] = (
        f'<!doctype html><form method=post enctype="{enctype}" '
        f'action="{guarded_project.base_url}/local/reset">'
        "<input name='{\"a\":\"' value='\"}'><button>Win</button></form>"
    ).encode()
    visitor.goto(pages[""].decode() + "/form")
    with visitor.expect_navigation() as answer:
        visitor.click("button")

    assert answer.value.status == 415


def test_a_name_that_points_here(guarded_project: LocalProject, visitor: Page) -> None:
    """A page whose name is turned to this machine has the origin, not the address."""
    port = urlsplit(guarded_project.base_url).port
    visitor.goto(f"http://rebound.example:{port}/track")
    answers = visitor.evaluate(
        """() => Promise.all([
            fetch("/local/requests"),
            fetch("/local/reset", {
                method: "POST", body: "{}",
                headers: {"Content-Type": "application/json"}
            }),
        ]).then(all => Promise.all(
            all.map(async got => [got.status, await got.text()])
        ))"""
    )

    assert [status for status, _ in answers] == [403, 403]
    assert not any("Kept" in text or "/track" in text for _, text in answers)
