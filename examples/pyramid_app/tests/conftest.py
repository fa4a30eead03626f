"""The shop, on a database of its own for each test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # needless once it is installed

if TYPE_CHECKING:
    from pyramid.router import Router
    from sqlalchemy.orm import Session
    from webtest import TestApp

FOLDER = Path(__file__).parents[1]
MakeApp = Callable[..., "Router"]


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[MakeApp]:
    """Make the shop from an ini file and further settings; close it in the end."""
    import shop  # by what a machine without examples/requirements.txt may lack
    from pyramid.paster import get_appsettings

    made: list[Router] = []

    def make(ini: str = "production.ini", **settings: str) -> Router:
        copied = copy(FOLDER / ini, tmp_path)  # keeps its files beside it
        chosen = dict(get_appsettings(copied))
        chosen |= {"shop.secret": "of tests", "shop.https": "false", **settings}
        made.append(shop.main({}, **chosen))
        return made[-1]

    yield make
    for app in made:
        app.registry["dbsession_factory"].kw["bind"].dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Router:
    """The shop, which records only."""
    return make_app(**{"mixpanel.token": "false"})


@pytest.fixture
def browser(app: Router) -> TestApp:
    """A visitor's browser."""
    from webtest import TestApp

    return TestApp(app)


@pytest.fixture
def customer(browser: TestApp) -> TestApp:
    """The browser of a visitor who has signed up."""
    browser.post("/sign-up", {"email": "joe@example.com"}, status=303)
    return browser


@pytest.fixture
def database(app: Router) -> Iterator[Session]:
    """A look into the shop's database."""
    with app.registry["dbsession_factory"]() as session:
        yield session
