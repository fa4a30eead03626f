"""The pytest plugin, as the tests of an app use it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.pytest_plugin import (
    local_project_url,
    mixpanel_project,
    mixpanel_project_server,
    mixpanel_project_settings,
)

__all__ = [  # where the package is not installed, this makes them fixtures
    "local_project_url",
    "mixpanel_project",
    "mixpanel_project_server",
    "mixpanel_project_settings",
]

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
PLUGIN = ("-p", "mixpanel_query.local.pytest_plugin", "-p", "no:cacheprovider")
# Each test adds one event, and would see that of another.
TESTS = """
    import httpx
    import pytest

    EVENT = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}
    NAMES = "/api/query/events/names?type=general"

    @pytest.mark.parametrize("number", range(8))
    def test_one(number, mixpanel_project, local_project_url):
        assert list(mixpanel_project.requests) == []
        assert httpx.get(local_project_url + NAMES, trust_env=False).json() == []
        httpx.post(local_project_url + "/track", json=EVENT, trust_env=False)
        assert httpx.get(local_project_url + NAMES, trust_env=False).json() == ["A"]
        mixpanel_project.limits(per_hour=1)
        mixpanel_project.faults.add(status=503)
        mixpanel_project.clock = None
"""


@pytest.fixture(autouse=True)
def no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested is this plugin, wherever it comes from."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def block(page: str, first_line: str, title: str = "") -> str:
    """Return the block of code on a page that begins with a line, or has a title."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    info = rf'\w+ title="{re.escape(title)}"' if title else r"\w+"
    (found,) = re.findall(
        rf"^```{info}\n({re.escape(first_line)}.*?)^```", text, re.MULTILINE | re.DOTALL
    )
    return str(found)


def test_the_address_is_that_of_the_project(
    mixpanel_project: LocalProject, local_project_url: str
) -> None:
    """It answers there."""
    assert local_project_url == mixpanel_project.base_url
    answer = httpx.get(f"{local_project_url}/api/app/me", trust_env=False)
    assert answer.status_code == 200


def test_each_test_begins_with_a_new_project(pytester: pytest.Pytester) -> None:
    """What the one before left is gone, and so are its faults and limits."""
    pytester.makepyfile(test_app=TESTS)

    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=8)


def test_workers_do_not_see_each_other(pytester: pytest.Pytester) -> None:
    """Under pytest-xdist each has a server of its own."""
    pytester.makepyfile(test_app=TESTS)
    result = pytester.runpytest_subprocess(*PLUGIN, "-p", "xdist.plugin", "-n", "2")

    result.assert_outcomes(passed=8)


def test_what_is_held_back_at_the_end_of_a_test_is_let_go(
    pytester: pytest.Pytester,
) -> None:
    """The next test, and the end of the session, need not wait for it."""
    pytester.makepyfile(
        test_app="""
        import threading, time
        import httpx

        ANSWERED = []

        def test_that_leaves_a_thread(mixpanel_project, local_project_url):
            fault = mixpanel_project.faults.add(delay=3000)
            def ask():
                url = local_project_url + "/api/app/me"
                ANSWERED.append(httpx.get(url, trust_env=False, timeout=60))
            threading.Thread(target=ask).start()
            while mixpanel_project.faults[0].hits == 0:
                time.sleep(0.01)

        def test_next():
            end = time.monotonic() + 60
            while not ANSWERED and time.monotonic() < end:
                time.sleep(0.01)
            assert ANSWERED[0].status_code == 200
        """
    )

    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=2)


def test_the_tests_of_the_documents_pass(pytester: pytest.Pytester) -> None:
    """Together with their settings."""
    page = "pyramid/testing-your-app.md"
    pytester.makeconftest(block(page, "", title="tests/conftest.py"))
    pytester.makepyfile(test_orders=block(page, "", title="tests/test_orders.py"))

    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=2)


def test_the_commands_of_the_documents_work(mixpanel_project: LocalProject) -> None:
    """Those of curl: a fault is added, the log read, the fault cleared, all reset."""
    needs_curl_with_json()
    httpx.get(f"{mixpanel_project.base_url}/api/app/me", trust_env=False)
    answers = []
    for line in block("query/local-project.md", "$ curl").splitlines():
        command = line.removeprefix("$ ").replace(
            "http://127.0.0.1:8600", mixpanel_project.base_url
        )
        done = subprocess.run(
            ["/bin/sh", "-c", f"{command} --fail --silent --noproxy '*'"],
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(done.stdout)

    assert [text[:11] for text in answers] == [
        '{"path":"/t',
        '{"requests"',
        '{"faults":[',
        '{"status":"',
    ]
    assert '"path":"/api/app/me"' in answers[1]
    assert answers[2:] == ['{"faults":[]}', '{"status":"ok"}']


def needs_curl_with_json() -> None:
    """Skip where curl is missing, or older than 7.82, which has ``--json``."""
    try:
        done = subprocess.run(
            ["curl", "--help", "all"],  # noqa: S607 - whichever curl there is
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs curl")
    if "--json" not in done.stdout:
        pytest.skip("needs curl 7.82 or newer")


def test_without_the_extra_the_error_says_what_to_install(
    pytester: pytest.Pytester,
) -> None:
    """In the line of the test's report."""
    pytester.makeconftest("import sys; sys.modules['duckdb'] = None")
    pytester.makepyfile(test_app="def test_one(mixpanel_project): pass")
    result = pytester.runpytest_subprocess(*PLUGIN)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*needs duckdb*pip install 'mixpanel-query[[]local]'*"]
    )


def test_a_suite_that_does_not_use_it_pays_nothing() -> None:
    """Only modules without code to speak of are imported."""
    code = (
        "import sys, pytest; before = set(sys.modules);"
        "import mixpanel_query.local.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [
        "mixpanel_query",
        "mixpanel_query.exceptions",
        "mixpanel_query.local",
        "mixpanel_query.local.exceptions",
        "mixpanel_query.local.pytest_plugin",
    ]


def test_pytest_finds_it_where_the_package_is_installed() -> None:
    """By its entry point."""
    metadata = ROOT / "packages" / "mixpanel-query" / "pyproject.toml"
    (declared,) = re.findall(
        r"^\[project.entry-points.pytest11\]\n(.*)",
        metadata.read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    assert declared == 'mixpanel_query = "mixpanel_query.local.pytest_plugin"'
