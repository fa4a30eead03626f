"""The debug toolbar of development.ini shows what a request tracked."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyramid_debugtoolbar", reason="needs examples/requirements.txt")
pytest.importorskip("zope.sqlalchemy", reason="needs examples/requirements.txt")

from webtest import TestApp  # after the skip

if TYPE_CHECKING:
    from conftest import MakeApp

FOLDER = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("form", "state", "event"),
    [
        ({}, "released", "Order Completed"),
        ({"card": "refused"}, "discarded", "Payment Refused"),
    ],
    ids=["paid", "refused"],
)
def test_the_panel_shows_what_became_of_an_order(
    make_app: MakeApp, form: dict[str, str], state: str, event: str
) -> None:
    """In development, where there is a toolbar."""
    app = make_app("development.ini", **{"mixpanel.token": "false"})
    browser = TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    browser.post("/sign-up", {"email": "joe@example.com"})
    browser.post("/order", form, expect_errors=True)
    (newest, *_) = app.registry.pdtb_history.last(1)
    panel = browser.get(f"/_debug_toolbar/{newest[0]}").text

    assert state in panel
    assert "Checkout Started" in panel
    assert event in panel


def test_production_has_no_toolbar_and_no_secret_in_its_file() -> None:
    """The toolbar shows to whoever it lets in what the shop does, and runs code."""
    settings = ConfigParser(interpolation=None)
    settings.read(FOLDER / "production.ini")
    names = set(settings["app:main"])

    assert "mixpanel.outbox" in names
    assert not names & {"mixpanel.token", "shop.secret", "pyramid.includes"}
    assert settings["server:main"]["listen"] == "127.0.0.1:6543"
