"""What holds for every suite: Ctrl-C arrives, and under CI nothing may be missing.

A shell that starts the tests in the background makes them ignore Ctrl-C, and with
them every process that they start; tests of Ctrl-C would wait in vain.

On somebody's machine a test skips where a tool or a service is not there, with a
reason that begins with "needs". Where ``CI`` is ``true`` such a skip is a failure,
because there it would be a test that silently stopped to run.
"""

import ast
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import wraps
from pathlib import Path
from threading import RLock, Thread
from typing import Any

import pytest
from hypothesis import settings

# Generated examples are judged by what they show, not by a busy machine's clock; in
# CI they are the same each time.
IN_CI = os.environ.get("CI") == "true"
settings.register_profile("patient", deadline=None, derandomize=IN_CI)
settings.load_profile("patient")


def one_at_a_time(work: Callable[..., Any]) -> Callable[..., Any]:
    """Let threads wait for each other where they do some work."""
    lock = RLock()

    @wraps(work)
    def done(*args: object, **options: object) -> object:
        with lock:
            return work(*args, **options)

    return done


# pytest parses what threads import of packages that bring it plugins, as ours do; on
# Python 3.11 it fails now and then where two do so together, because of
# https://github.com/python/cpython/issues/106905.
if sys.version_info[:2] == (3, 11):
    ast.parse = one_at_a_time(ast.parse)


def pytest_configure() -> None:
    """Let tests hear Ctrl-C and a hang-up, whatever started them."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up and signal.getsignal(hang_up) is signal.SIG_IGN:
        signal.signal(hang_up, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that differ from process to process, which no two workers share."""
    for item in items:
        if " at 0x" in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid}: an address is in its name")


@pytest.fixture(scope="session")
def state_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Names of folders that nobody has used; nobody has made them either."""
    folder = tmp_path_factory.mktemp("state")
    return (str(folder / str(number)) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_state(state_folders: Iterator[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what programs remember from one test to the next, and from this user."""
    monkeypatch.setenv("XDG_STATE_HOME", next(state_folders))
    monkeypatch.delenv("MIXPANEL_BUDGET_FILE", raising=False)


@pytest.fixture(autouse=True)
def unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep coverage out of processes whose imports a test looks at."""
    if request.node.get_closest_marker("imports"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(scope="session")
def serve() -> Callable[[object], AbstractContextManager[str]]:
    """Serve WSGI apps from threads of this process, each for a ``with`` block."""
    return served


@contextmanager
def served(app: object) -> Iterator[str]:
    """Serve a WSGI app with waitress, and give its address."""
    from waitress.server import create_server  # not all suites have it

    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run)
    thread.start()

    def close() -> None:
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # First the workers: one whose answer has arrived is yet to write into the pipe
        # that wakes the server, and its number may be another file's by then.
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(close)  # by the thread that uses the sockets
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def npm_package() -> Callable[[str, str], Path]:
    """Installs a package of npm in one version, once a machine; gives its programs."""
    return installed_programs


def installed_programs(name: str, version: str) -> Path:
    """Install a package of npm unless it is there, and return its folder of programs.

    It is kept in the folder for temporary files, for the next run.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip(f"needs npm: {name} is a package of node")
    kept = Path(
        tempfile.gettempdir(), f"mixpanel-tests-{name.split('/')[-1]}-{version}"
    )
    if not kept.exists():
        folder = Path(tempfile.mkdtemp())  # moved as a whole: tests run side by side
        install = [npm, "install", "--silent", "--no-audit", "--no-fund"]
        done = subprocess.run(
            [*install, f"{name}@{version}"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"needs npm's package {name}: {done.stderr[-200:]}")
        with suppress(OSError):  # another test was faster
            folder.rename(kept)
    return kept / "node_modules" / ".bin"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser; while it is there, its event loop keeps others from running."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("needs a browser: chromium")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                # A name that its owner lets point to this machine.
                "--host-resolver-rules=MAP rebound.example 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of something into a failure where all has to be there."""
    report = yield
    if report.skipped and IN_CI and call.excinfo is not None:
        refuse_want(report, str(call.excinfo.value))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[
    None, pytest.CollectReport, pytest.CollectReport
]:
    """Do the same where a file is skipped as a whole, before it has any test."""
    report = yield
    if report.skipped and IN_CI and isinstance(report.longrepr, tuple):
        refuse_want(report, report.longrepr[2].removeprefix("Skipped: "))
    return report


def refuse_want(report: pytest.TestReport | pytest.CollectReport, reason: str) -> None:
    """Let what was skipped fail, if it was for want of something."""
    if reason.startswith("needs "):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {reason}"
