"""Tests of the command where it is called, and where its output goes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# An output that is not buffered fails earlier than a user's.
DROPPED = ("MIXPANEL_", "PYTHONUNBUFFERED")
FULL = Path("/dev/full")
MODULE = [sys.executable, "-m", "mixpanel_query"]
ACCOUNT = {
    "MIXPANEL_USERNAME": "u",
    "MIXPANEL_SECRET": "s",
    "MIXPANEL_PROJECT_ID": "abc",
}


def called(shell: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the module in a shell, as ``$QUERY``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(DROPPED)}
    return subprocess.run(
        ["/bin/sh", "-c", shell],
        env={**kept, "QUERY": " ".join(MODULE), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_module_is_the_command() -> None:
    """``python -m mixpanel_query`` is the command, under its own name."""
    done = called("$QUERY --version")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mixpanel-query, version ")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has it")
@pytest.mark.parametrize("shape", ["table", "csv"])
def test_full_output(
    shape: str, scripted: Callable[..., Any], reply: Callable[..., bytes]
) -> None:
    """A disk that is full is one line and exit code 1."""
    server = scripted(reply(b'["Sign Up"]'))
    account = {**ACCOUNT, "MIXPANEL_PROJECT_ID": "1"}
    done = called(
        f"$QUERY event-names --format {shape} > {FULL}",
        MIXPANEL_BASE_URL=server.base_url,
        **account,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: standard output cannot be used: No space left on device; "
        "choose another place\n"
    )


def test_closed_output() -> None:
    """A standard output that is closed is one line and exit code 1."""
    done = called("$QUERY --help >&-")

    assert done.returncode == 1
    assert done.stderr == "Error: standard output is closed; send it somewhere\n"


def test_option_and_variable_are_named() -> None:
    """What is wrong is named as it may have been typed, or set."""
    done = called("$QUERY --region uk event-names", **ACCOUNT)

    assert done.returncode == 1
    assert "Error: --project-id / MIXPANEL_PROJECT_ID: project id is" in done.stderr
    assert "; --region / MIXPANEL_REGION: region 'uk' is unknown" in done.stderr


def test_certificates_that_are_not_there() -> None:
    """A wrong SSL_CERT_FILE is one line that names it."""
    account = {**ACCOUNT, "MIXPANEL_PROJECT_ID": "1"}
    done = called("$QUERY event-names", SSL_CERT_FILE="/nonexist", **account)

    assert done.returncode == 1
    assert done.stderr.startswith("Error: the certificates of this machine cannot be")
    assert done.stderr.count("\n") == 1
    assert "SSL_CERT_FILE" in done.stderr
