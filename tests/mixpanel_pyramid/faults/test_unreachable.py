"""No way to Mixpanel at all: it reads nothing, so everything arrives exactly once."""

from __future__ import annotations

import ssl
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.faults.conftest import MakeRun, Resolver

HOST = "mixpanel.test"
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)


def secured(
    authority: trustme.CA, name: str = HOST, *, until: datetime | None = None
) -> ssl.SSLContext:
    """Make what a server is secured with: a certificate, and who vouches for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=until).configure_cert(context)
    return context


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Make an authority that ``SSL_CERT_FILE`` names."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def test_a_name_that_does_not_resolve(
    make_run: MakeRun, resolver: Resolver, caplog: pytest.LogCaptureFixture
) -> None:
    """The name is looked up anew, so that it may come back."""
    resolver.knows = False
    run = make_run(f"http://{HOST}:{{port}}")
    run.sink.listen()
    run.survive()
    resolver.knows = True

    run.assert_all_exact()
    run.assert_logged_once(caplog)


@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize("fault", ["unknown", "another host's", "expired", "none"])
def test_a_certificate(
    make_run: MakeRun,
    trusted: trustme.CA,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    """A server that does not prove who it is gets nothing to read."""
    run = make_run(f"https://{HOST}:{{port}}")
    run.sink.tls = {
        "unknown": secured(trustme.CA()),
        "another host's": secured(trusted, "example.test"),
        "expired": secured(trusted, until=LONG_AGO),
        "none": None,
    }[fault]
    run.sink.listen()
    run.survive()
    run.sink.tls = secured(trusted)

    run.assert_all_exact()
    run.assert_logged_once(caplog)
