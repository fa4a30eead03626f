"""The pytest plugin, as the tests of an app use it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events
from mixpanel_pyramid.pytest_plugin import mixpanel_recorder

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp

    from mixpanel_pyramid.testing import Recorder

__all__ = ["mixpanel_recorder"]  # where it is not installed, this makes it a fixture

pytest_plugins = ["pytester"]

PACKAGE = Path(__file__).parents[2] / "packages" / "mixpanel-pyramid"
PLUGIN = ("-p", "mixpanel_pyramid.pytest_plugin", "-p", "no:cacheprovider")
APP = """
    from pyramid.config import Configurator
    from pyramid.response import Response
    from mixpanel_pyramid import Events

    def order(request):
        request.mixpanel.track(Events.user_signed_up, distinct_id="joe")
        return Response("thanks", status=int(request.params.get("status", 200)))

    def main(global_config, **settings):
        with Configurator(settings=settings) as config:
            config.include("mixpanel_pyramid")
            config.add_route("order", "/order")
            config.add_view(order, route_name="order")
            return config.make_wsgi_app()
"""
# As Pyramid's cookiecutter makes them: the app lives as long as the session.
FIXTURES = """
    import pytest
    from webtest import TestApp
    import shop

    @pytest.fixture(scope="session")
    def app():
        settings = {"mixpanel.token": "real", "mixpanel.base_url": "http://127.0.0.1:9"}
        return shop.main({}, **settings)

    @pytest.fixture
    def testapp(app):
        return TestApp(app)
"""


@pytest.fixture(autouse=True)
def no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested is this plugin, wherever it comes from."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_the_fixture_records_the_apps_of_a_test(
    mixpanel_recorder: Recorder, make_app: MakeApp
) -> None:
    """Whenever they were made."""

    def visit(request: Request) -> Response:
        request.mixpanel.track(Events.page_viewed, distinct_id="joe")
        return Response("seen")

    make_app({"visit": visit}).web.get("/visit")

    mixpanel_recorder.assert_tracked(Events.page_viewed, distinct_id="joe")


def test_a_test_of_an_app_takes_one_argument(pytester: pytest.Pytester) -> None:
    """The app's fixtures stay as they are, and each test begins with nothing."""
    pytester.makepyfile(shop=APP)
    pytester.makeconftest(FIXTURES)
    pytester.makepyfile(
        test_shop="""
        from mixpanel_pyramid import Events

        def test_order(testapp, mixpanel_recorder):
            testapp.get("/order")
            mixpanel_recorder.assert_tracked(Events.user_signed_up)

        def test_failed_order(testapp, mixpanel_recorder):
            testapp.get("/order?status=500", status=500)
            mixpanel_recorder.assert_not_tracked(Events.user_signed_up)

        def test_nothing(mixpanel_recorder):
            assert mixpanel_recorder.messages == []
        """
    )

    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=3)


def test_a_failure_points_at_the_line_of_the_test(pytester: pytest.Pytester) -> None:
    """And says what was tracked instead; nothing of the recorder's inside is shown."""
    pytester.makepyfile(shop=APP)
    pytester.makeconftest(FIXTURES)
    pytester.makepyfile(
        test_shop="""
        from mixpanel_pyramid import Events

        def test_order(testapp, mixpanel_recorder):
            testapp.get("/order?status=500", status=500)
            mixpanel_recorder.assert_tracked(Events.user_signed_up)
        """
    )
    result = pytester.runpytest_subprocess(*PLUGIN)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">       mixpanel_recorder.assert_tracked(Events.user_signed_up)",
            "E       AssertionError: 'User Signed Up' was not tracked: it was called "
            "in GET /order, and discarded, as the answer was 500; what was:",
            "E         GET /order: User Signed Up {} (the answer was 500)",
            "test_shop.py:5: AssertionError",
        ]
    )
    result.stdout.no_fnmatch_line("*recorder.py*")


def test_a_suite_that_does_not_use_it_pays_nothing() -> None:
    """Only pytest is imported, which is there already."""
    code = (
        "import sys, pytest; before = set(sys.modules);"
        "import mixpanel_pyramid.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["mixpanel_pyramid", "mixpanel_pyramid.pytest_plugin"]


def test_pytest_finds_it_where_the_package_is_installed() -> None:
    """By its entry point."""
    metadata = (PACKAGE / "pyproject.toml").read_text(encoding="utf-8")
    (declared,) = re.findall(
        r"^\[project.entry-points.pytest11\]\n(.*)", metadata, re.M
    )

    assert declared == 'mixpanel_pyramid = "mixpanel_pyramid.pytest_plugin"'
