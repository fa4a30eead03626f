"""The built site, as files and at an address of this machine."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT), str(Path(__file__).parent)]


def run_mkdocs(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run MkDocs in this repository."""
    if not (find_spec("mkdocs") and find_spec("mkdocstrings")):
        pytest.skip("needs mkdocs and mkdocstrings")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def mkdocs() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs MkDocs with arguments."""
    return run_mkdocs


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site; one that was built for these tests, or a new one."""
    if built := os.environ.get("BUILT_SITE"):
        return Path(built)
    folder = tmp_path_factory.mktemp("site") / "built"
    done = run_mkdocs("build", "--site-dir", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def site_address(built_site: Path) -> Iterator[str]:
    """The address at which the site is served while a module's tests run."""
    handler = partial(Quiet, directory=str(built_site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
