"""The ledger in Blob storage: what only it can do, and what can go wrong with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from mixpanel_slack_report.exceptions import AlreadySentError, LedgerError
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.slack.stand_in import SlackStandIn

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeAnswers, ServeMixpanel
    from tests.mixpanel_slack_report.ledger.conftest import Place

pytest.importorskip("azure.storage.blob", reason="needs the extra azure")
KeyOf = Callable[..., EntryKey]
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)
# Asks a storage for a document that is leased first, without repeats.
ASK = """
import sys
from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger import blob_container
blob_container.OPTIONS["retry_total"] = 0
container = blob_container.BlobContainer.of_address(sys.argv[1])
try:
    container.lease("reports/weekly.json", 15)
except LedgerError as error:
    print(error)
"""


def test_a_document_says_what_it_is_of(blob_place: Place, key_of: KeyOf) -> None:
    """People find it by report and days, and can read it."""
    from azure.storage.blob import ContainerClient

    with blob_place.open(lambda: NOW).claim(key_of()) as claim:
        claim.posting()
        claim.settle("sent", "")

    container = ContainerClient.from_connection_string(
        blob_place.connection, blob_place.where
    )
    (name,) = container.list_blob_names()
    assert name.startswith("reports/weekly/2026-11-09_2026-11-15/")
    assert json.loads(container.download_blob(name).readall()) == {
        "trigger": "schedule",
        "report": "weekly",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "channel": "#sales",
        "source": "",
        "step": "",
        "writer": "",
        "settled": "sent",
        "detail": "",
        "changed": "2026-11-16T09:00:00+00:00",
        "sent": "2026-11-16T09:00:00+00:00",
    }


def test_a_claim_that_was_given_back_leaves_no_document(
    blob_place: Place, key_of: KeyOf
) -> None:
    """It would be one for each failed run."""
    from azure.storage.blob import ContainerClient

    with blob_place.open().claim(key_of()):
        pass

    container = ContainerClient.from_connection_string(
        blob_place.connection, blob_place.where
    )
    assert list(container.list_blob_names()) == []


def test_an_address_with_a_signature_is_enough(azurite: str, key_of: KeyOf) -> None:
    """Whoever has it needs no key of the storage account."""
    from azure.storage.blob import (
        ContainerClient,
        ContainerSasPermissions,
        generate_container_sas,
    )

    from mixpanel_slack_report.ledger.blob_container import BlobContainer
    from mixpanel_slack_report.ledger.blob_ledger import BlobLedger

    container = ContainerClient.from_connection_string(azurite, f"led-{uuid4().hex}")
    container.create_container()
    signature = generate_container_sas(
        str(container.account_name),
        container.container_name,
        account_key=azurite.split("AccountKey=")[1].split(";")[0],
        permission=ContainerSasPermissions.from_string("racwdl"),
        expiry=datetime.now(timezone.utc) + timedelta(hours=1),
    )
    ledger = BlobLedger(
        BlobContainer.of_address(f"{container.url}?{signature}"), clock=lambda: NOW
    )
    with ledger.claim(key_of()) as claim:
        claim.posting()
        claim.settle("sent", "")

    with pytest.raises(AlreadySentError), ledger.claim(key_of()):
        pass


def test_a_key_that_is_wrong_is_one_line_without_it(
    blob_place: Place, key_of: KeyOf
) -> None:
    """Azure's word for it is there, its address is not."""
    blob_place.connection = blob_place.connection.replace(
        "AccountKey=E", "AccountKey=F"
    )

    with pytest.raises(LedgerError) as refused, blob_place.open().claim(key_of()):
        pass

    assert str(refused.value) == (
        f"ledger in blob container {blob_place.where} cannot be used "
        "(AuthorizationFailure); see whether AzureWebJobsStorage, or the address in "
        "REPORT_LEDGER, is right and may read, add, write, list and delete"
    )
    assert refused.value.__cause__ is None


def test_a_storage_that_does_not_run_is_one_line_that_says_how_to_run_one() -> None:
    """Nothing listens at this port; Azurite is what a first set-up lacks."""
    asked = subprocess.run(
        [sys.executable, "-c", ASK, "http://127.0.0.1:9/account/container?sig=none"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert asked.stdout.count("\n") == 1
    assert "cannot be used (ServiceRequestError)" in asked.stdout
    assert asked.stdout.endswith("; on this machine npx azurite runs one\n")


def test_azures_own_warnings_are_not_on_stderr(serve_answers: ServeAnswers) -> None:
    """Nobody has set up logging; what the storage answers is no XML of Azure's."""
    storage = serve_answers((500, {}, ""))

    done = subprocess.run(
        [sys.executable, "-c", ASK, f"{storage.url}/account/ledger?sig=s3cret"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.startswith("ledger in blob container ledger cannot be used (")


def test_a_signature_that_is_wrong_is_in_no_error(azurite: str, key_of: KeyOf) -> None:
    """Whoever reads a log could use a right one."""
    from mixpanel_slack_report.ledger.blob_container import BlobContainer
    from mixpanel_slack_report.ledger.blob_ledger import BlobLedger

    endpoint = azurite.split("BlobEndpoint=")[1].rstrip(";")
    address = f"{endpoint}/ledger?sv=2025-01-05&sr=c&sp=rcw&sig=s3cretsignature%3D"
    ledger = BlobLedger(BlobContainer.of_address(address), clock=lambda: NOW)

    with pytest.raises(LedgerError) as refused, ledger.claim(key_of()):
        pass

    assert "ledger in blob container ledger cannot be used" in str(refused.value)
    shown = "".join(traceback.format_exception(refused.value))
    assert "s3cretsignature" not in shown


def test_a_damaged_document_is_no_leave_to_post(
    blob_place: Place, key_of: KeyOf
) -> None:
    """Nobody knows what was there."""
    from azure.storage.blob import ContainerClient

    with blob_place.open().claim(key_of()) as claim:
        claim.posting()
        claim.settle("sent", "")
    container = ContainerClient.from_connection_string(
        blob_place.connection, blob_place.where
    )
    (name,) = container.list_blob_names()
    container.upload_blob(name, b'{"step": "dancing"}', overwrite=True)

    with pytest.raises(LedgerError) as refused, blob_place.open().claim(key_of()):
        pass

    assert "its step is none that is known here" in str(refused.value)


def test_a_run_that_lost_its_lease_can_still_say_that_it_sent(
    blob_place: Place, key_of: KeyOf
) -> None:
    """As one that was held up for a minute after Slack's answer."""
    from azure.storage.blob import BlobLeaseClient, ContainerClient

    from mixpanel_slack_report.ledger.record_json import document_name

    container = ContainerClient.from_connection_string(
        blob_place.connection, blob_place.where
    )
    with blob_place.open().claim(key_of()) as claim:
        claim.posting()
        blob = container.get_blob_client(document_name(key_of()))
        BlobLeaseClient(blob).break_lease(0)
        claim.settle("sent", "")

    with pytest.raises(AlreadySentError), blob_place.open().claim(key_of()):
        pass


def test_a_run_that_was_taken_over_posts_nothing(
    blob_place: Place, key_of: KeyOf
) -> None:
    """It lost its lease while it asked Mixpanel, and another run has the claim."""
    from azure.storage.blob import BlobLeaseClient, ContainerClient

    from mixpanel_slack_report.ledger.record_json import document_name

    container = ContainerClient.from_connection_string(
        blob_place.connection, blob_place.where
    )
    with blob_place.open().claim(key_of()) as first:
        blob = container.get_blob_client(document_name(key_of()))
        BlobLeaseClient(blob).break_lease(0)
        with blob_place.open().claim(key_of()) as second:
            with pytest.raises(LedgerError, match="was changed by another run"):
                first.posting()
            second.posting()
            second.settle("sent", "")


def test_processes_send_once_with_a_container(
    blob_place: Place, serve_mixpanel: ServeMixpanel, tmp_path: Path
) -> None:
    """Three at once, as the settings name it; .env has the connection."""
    (tmp_path / ".env").write_text(f"AzureWebJobsStorage={blob_place.connection}\n")
    (tmp_path / "report.toml").write_text(
        '[[metric]]\nname = "Signups"\nevent = "Sign Up"\nkind = "total"\n'
    )
    mixpanel = serve_mixpanel()
    with SlackStandIn() as slack:
        environ = {
            **os.environ,
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": mixpanel.url,
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "REPORT_FILE": "report.toml",
            "TIMEZONE": "UTC",
            "REPORT_LEDGER": f"azure-blob:{blob_place.where}",
        }
        command = [sys.executable, "-m", "mixpanel_slack_report", "send", "weekly"]
        runs = [
            subprocess.Popen(
                [*command, "--date", "2026-11-16"],
                cwd=tmp_path,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        said = [(*run.communicate(timeout=100), run.returncode) for run in runs]

    assert [code for _, _, code in said] == [0, 0, 0]
    assert len(slack.messages) == 1
    printed = sorted(out for out, _, _ in said)
    assert printed == ["", "", "Sent the weekly report 2026-11-09 to 2026-11-15.\n"]
