"""A project that serves over https: who can trust it, and what is left behind."""

from __future__ import annotations

import gc
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_query.exceptions import ExportTruncatedError, NoAnswerError
from mixpanel_query.local import LocalProject, LocalProjectError

ACCOUNT = ServiceAccount("anybody", "anything", 1)
EVENT = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalProject]:
    """Give a project that serves over https, and see that it leaves nothing behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with LocalProject(tls=True) as project:
        assert [path.name for path in folder.rglob("*.pem")] == ["ca.pem"]
        assert b"PRIVATE KEY" not in project.ca_file.read_bytes()
        yield project
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_whoever_trusts_the_authority_is_answered(
    secured: LocalProject, name: str
) -> None:
    """The certificate is for both names of this machine."""
    port = urlsplit(secured.base_url).port
    trusting = ssl.create_default_context(cafile=secured.ca_file)
    answer = httpx.post(
        f"https://{name}:{port}/track", json=EVENT, verify=trusting, trust_env=False
    )

    assert secured.base_url == f"https://127.0.0.1:{port}"
    assert (answer.status_code, answer.text) == (200, "1")


def test_certificate_is_for_the_address_of_ipv6_too() -> None:
    """Where the project listens at ::1."""
    try:
        with LocalProject(tls=True, host="::1") as project:
            trusting = ssl.create_default_context(cafile=project.ca_file)
            url = f"{project.base_url}/local/requests"
            answer = httpx.get(url, verify=trusting, trust_env=False)
    except LocalProjectError as error:
        pytest.skip(f"this machine has no IPv6: {error}")

    assert answer.json() == {"requests": []}


def test_others_do_not_trust_it(secured: LocalProject) -> None:
    """Without the file of the authority there is no connection."""
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.post(f"{secured.base_url}/track", json=EVENT, trust_env=False)


def test_client_is_told_by_the_environment(
    secured: LocalProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SSL_CERT_FILE it asks; without, it says what is wrong."""
    once = RetryPolicy(attempts=1)
    with (
        Client(ACCOUNT, base_url=secured.base_url, retry=once) as client,
        pytest.raises(NoAnswerError, match=r"VERIFY_FAILED.*in SSL_CERT_FILE"),
    ):
        client.event_names()
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.ca_file))
    secured.load_sample()
    with Client(ACCOUNT, base_url=secured.base_url) as client:
        assert len(client.event_names()) > 3


def test_export_is_cut_over_https_too(
    secured: LocalProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults are where they are over http."""
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.ca_file))
    secured.load_sample()
    secured.faults.add(path="/api/2.0/export", cut_after_rows=7)
    once = RetryPolicy(attempts=1)
    with (
        Client(ACCOUNT, base_url=secured.base_url, retry=once) as client,
        pytest.raises(ExportTruncatedError),
    ):
        list(client.export("2020-01-01", secured.clock().date().isoformat()))


def test_plain_http_to_it_is_not_answered(secured: LocalProject) -> None:
    """It serves on, after somebody who does not speak TLS was turned away."""
    with pytest.raises(httpx.HTTPError):
        httpx.get(secured.base_url.replace("https", "http"), trust_env=False)
    trusting = ssl.create_default_context(cafile=secured.ca_file)
    url = f"{secured.base_url}/local/requests"

    assert httpx.get(url, verify=trusting, trust_env=False).status_code == 200


@pytest.mark.parametrize("tls", [True, False])
def test_client_that_stays_connected_does_not_hold_the_end_up(tls: bool) -> None:
    """It is hung up on, and no socket stays open; answers under way still arrive."""
    with LocalProject(tls=tls) as project:
        verify = ssl.create_default_context(cafile=project.ca_file) if tls else True
        words: dict[str, Any] = {
            "base_url": project.base_url,
            "verify": verify,
            "trust_env": False,
        }
        idle, busy = httpx.Client(**words), httpx.Client(**words)
        assert idle.get("/local/clock").status_code == 200
        project.faults.add(path="/api/query/*", delay=0.5)
        with ThreadPoolExecutor() as threads:
            late = threads.submit(busy.get, "/api/query/events/names?type=general")
            while not any(each.path.startswith("/api/q") for each in project.requests):
                time.sleep(0.01)
            begun = time.monotonic()
            project.__exit__(None, None, None)
            took = time.monotonic() - begun
            assert late.result().json() == []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gc.collect()
    idle.close()
    busy.close()

    assert [str(each.message) for each in caught if "unclosed" in str(each)] == []
    assert took < 2.5


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_is_answered(secured: LocalProject) -> None:
    """With the file of the authority, as the documentation types it."""
    command = ["curl", "-sS", "--cacert", str(secured.ca_file), "--noproxy", "*"]
    data = 'data={"event":"A","properties":{"token":"t"}}'
    url = f"{secured.base_url}/track"
    done = subprocess.run([*command, url, "-d", data], capture_output=True, check=True)

    assert done.stdout == b"1"


def test_named_file_stays_and_may_be_written_again(tmp_path: Path) -> None:
    """Each time it holds the certificate of a new authority."""
    path = tmp_path / "ca.pem"
    with LocalProject(tls=path) as project:
        assert project.ca_file == path
        first = path.read_text()
    assert path.read_text() == first
    with LocalProject(tls=str(path)):
        second = path.read_text()

    assert second.startswith("-----BEGIN CERTIFICATE-----")
    assert second != first


def test_file_is_named_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told of it may be in another folder."""
    monkeypatch.chdir(tmp_path)
    with LocalProject(tls="ca.pem") as project:
        assert project.ca_file == tmp_path / "ca.pem"


@pytest.mark.parametrize("texts", [["notes"], ["one", "two"]])
def test_other_files_are_not_overwritten(tmp_path: Path, texts: list[str]) -> None:
    """Neither something else, nor a bundle of several authorities."""
    path = tmp_path / "precious.pem"
    with LocalProject(tls=tmp_path / "ca.pem"):
        certificate = (tmp_path / "ca.pem").read_text()
    path.write_text(certificate * 2 if len(texts) > 1 else texts[0])
    before = path.read_text()
    with pytest.raises(LocalProjectError, match="something else than one certificate"):
        LocalProject(tls=path).__enter__()

    assert path.read_text() == before


def test_file_that_cannot_be_written_gives_the_port_back(tmp_path: Path) -> None:
    """And the message names it."""
    path = tmp_path / "nowhere" / "ca.pem"
    project = LocalProject(tls=path)
    with pytest.raises(LocalProjectError, match=r"cannot write the certificate to .*"):
        project.__enter__()
    with pytest.raises(LocalProjectError, match="does not serve"):
        _ = project.ca_file


def test_nothing_is_left_where_the_store_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate of a project that did not begin is removed."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    (tmp_path / "no.duckdb").write_text("this is no store")
    with pytest.raises(LocalProjectError, match="no DuckDB file"):
        LocalProject(tmp_path / "no.duckdb", tls=True).__enter__()

    assert list(folder.iterdir()) == []


def test_project_over_http_has_no_authority() -> None:
    """It says how to have one."""
    with (
        LocalProject() as project,
        pytest.raises(LocalProjectError, match="give LocalProject tls=True"),
    ):
        _ = project.ca_file


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(LocalProjectError, match=r"needs trustme.*mixpanel-query\[loc"):
        LocalProject(tls=True).__enter__()


def test_http_needs_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project without them works where trustme is missing."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    with LocalProject() as project:
        assert project.base_url.startswith("http://")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_key_is_written_for_its_user_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """While Python reads it from a file, which is gone afterwards."""
    seen: list[tuple[int, str]] = []
    original = ssl.SSLContext.load_cert_chain

    def noted(context: ssl.SSLContext, path: str) -> None:
        seen.append((Path(path).stat().st_mode & 0o777, path))
        original(context, path)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", noted)
    with LocalProject(tls=True):
        [(mode, path)] = seen
        assert (mode, Path(path).exists()) == (0o600, False)
