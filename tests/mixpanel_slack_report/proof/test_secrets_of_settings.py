"""Settings that are wrong, and ledgers that cannot be used, show no secret."""

from __future__ import annotations

from contextlib import ExitStack
from urllib.parse import quote

import pytest
from tests.mixpanel_slack_report.conftest import Answer, ScriptedServer, serve

from mixpanel_slack_report.settings import SETTINGS

from .conftest import Surround, run_debugged
from .secrets_given import (
    ACCOUNT_KEY,
    BOT_TOKEN,
    SECRET,
    SECRETS,
    SIGNATURE,
    WEBHOOK_PATH,
    found_secrets,
)

SEND = ("send", "weekly", "--date", "2026-11-16")
CHECK = ("check",)
# What nobody wrote for people to see: whoever swaps two settings pastes a secret here.
HIDDEN = [
    setting.name
    for setting in SETTINGS
    if setting.secret and setting.name != "REPORT_LEDGER"
]
XML = {"Content-Type": "application/xml"}
DENIED = (
    "<Error><Code>AuthenticationFailed</Code><Message>Server failed: sig="
    f"{quote(SIGNATURE, safe='')} key={ACCOUNT_KEY}</Message></Error>"
)


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("command", [SEND, CHECK], ids=["send", "check"])
def test_a_secret_in_the_wrong_setting_is_not_shown(
    surround: Surround,
    capsys: pytest.CaptureFixture[str],
    name: str,
    command: tuple[str, ...],
) -> None:
    """The error names the setting, and what is allowed."""
    around = surround(**{name: f"https://{SECRET}{WEBHOOK_PATH} {BOT_TOKEN}"})

    run_debugged(around, capsys, *command)

    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize(
    "ledger",
    [
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={ACCOUNT_KEY}",
        f"postgres://clerk:{SECRETS['password of the proxy']}@db/ledger",
        f"azure-blob:sig={SIGNATURE}",
        ".",
    ],
    ids=["connection", "database", "container", "folder"],
)
@pytest.mark.parametrize("command", [SEND, CHECK], ids=["send", "check"])
def test_a_ledger_that_is_none_shows_no_secret(
    surround: Surround,
    capsys: pytest.CaptureFixture[str],
    ledger: str,
    command: tuple[str, ...],
) -> None:
    """Nor does a connection string become the name of a file."""
    around = surround(REPORT_LEDGER=ledger)

    code = run_debugged(around, capsys, *command)

    assert code == 1
    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize("command", [SEND, CHECK], ids=["send", "check"])
@pytest.mark.parametrize("place", ["address", "connection"])
@pytest.mark.parametrize("status", [403, 404])
def test_a_storage_that_quotes_its_key_makes_nobody_show_it(
    surround: Surround,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    place: str,
    status: int,
) -> None:
    """Neither the signature of an address, nor the key of an account."""
    pytest.importorskip("azure.storage.blob", reason="needs the extra azure")

    def answer(_: ScriptedServer, path: str, body: str) -> Answer | None:
        return status, XML, DENIED

    with ExitStack() as stack:
        storage = stack.enter_context(serve(answer)).url
        around = surround(**ledger_at(storage, place))

        code = run_debugged(around, capsys, *command)

    assert code == 1
    assert found_secrets(around.written()) == set()


def ledger_at(storage: str, place: str) -> dict[str, str]:
    """Return the settings of a ledger in a storage, by address or by connection."""
    if place == "address":
        signed = f"{storage}/acme/reports?sv=2024-11-04&sig={quote(SIGNATURE, safe='')}"
        return {"REPORT_LEDGER": signed}
    connection = (
        f"DefaultEndpointsProtocol=http;AccountName=acme;AccountKey={ACCOUNT_KEY};"
        f"BlobEndpoint={storage}/acme"
    )
    return {"REPORT_LEDGER": "azure-blob:reports", "AzureWebJobsStorage": connection}
