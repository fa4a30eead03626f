"""What happens in Blob storage between two requests of one run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.record_json import document_name

if TYPE_CHECKING:
    from azure.storage.blob import BlobClient
    from tests.mixpanel_slack_report.ledger.conftest import Place

    from mixpanel_slack_report.ledger.blob_ledger import BlobLedger

pytest.importorskip("azure.storage.blob", reason="needs the extra azure")
KeyOf = Callable[..., EntryKey]
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)


class Meddler:
    """Does something to the document of a posting before requests of a run.

    Attributes:
        blob: The document, as somebody else sees it.
        acts: What is done before each of the next requests of its kind, the next first.
        seen: How many requests of that kind there were.
        kind: ``"write"`` or ``"lease"``.
    """

    def __init__(self, blob: BlobClient) -> None:
        self.blob = blob
        self.acts: list[Callable[[Any], None]] = []
        self.seen = 0
        self.kind = "write"

    def __call__(self, request: Any) -> None:  # noqa: ANN401 - Azure's
        """Look at a request before it leaves."""
        asked = request.http_request
        is_write = asked.method == "PUT" and "If-Match" in asked.headers
        action = asked.headers.get("x-ms-lease-action")
        if is_write if self.kind == "write" else action == "acquire":
            self.seen += 1
            if self.acts:
                self.acts.pop(0)(asked)

    def touch(self, _: object) -> None:
        """Write the document as it is, which makes it another version of it."""
        self.take_lease_away()
        self.blob.upload_blob(self.blob.download_blob().readall(), overwrite=True)

    def remove(self, _: object) -> None:
        """Remove the document."""
        self.take_lease_away()
        self.blob.delete_blob()

    def write_first(self, asked: Any) -> None:  # noqa: ANN401 - Azure's
        """Write what the request will, as if its answer got lost."""
        self.blob.upload_blob(
            asked.body, overwrite=True, lease=asked.headers["x-ms-lease-id"]
        )

    def take_lease_away(self) -> None:
        """Break the lease of the run."""
        from azure.core.exceptions import ResourceExistsError
        from azure.storage.blob import BlobLeaseClient

        try:
            BlobLeaseClient(self.blob).break_lease(0)
        except ResourceExistsError:
            return  # There is none any more.


@pytest.fixture
def meddler(blob_place: Place, key_of: KeyOf) -> Meddler:
    """Somebody else at the document of the week's report."""
    from azure.storage.blob import BlobClient

    return Meddler(
        BlobClient.from_connection_string(
            blob_place.connection, blob_place.where, document_name(key_of())
        )
    )


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the run waited, without waiting."""
    return []


@pytest.fixture
def ledger(blob_place: Place, meddler: Meddler, waits: list[float]) -> BlobLedger:
    """The ledger of a run whose requests somebody else comes before."""
    from azure.storage.blob import ContainerClient

    from mixpanel_slack_report.ledger.blob_container import BlobContainer
    from mixpanel_slack_report.ledger.blob_ledger import BlobLedger

    client = ContainerClient.from_connection_string(
        blob_place.connection, blob_place.where, raw_request_hook=meddler
    )
    return BlobLedger(
        BlobContainer(client), clock=lambda: NOW, sleep=waits.append, lease_seconds=15
    )


def test_a_document_that_changes_while_it_is_claimed_is_another_runs(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf
) -> None:
    """Both would post."""
    meddler.acts = [meddler.touch]

    with (
        pytest.raises(LedgerError, match="was changed by another run"),
        ledger.claim(key_of()),
    ):
        pytest.fail("it was claimed")


def test_a_document_that_was_touched_is_read_and_written_again(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf
) -> None:
    """The claim in it is still this run's."""
    with ledger.claim(key_of()) as claim:
        meddler.acts = [meddler.touch]
        claim.posting()
        claim.settle("sent", "")

    assert list(ledger.last_sent().values()) == [NOW]


def test_a_document_that_changes_again_and_again_stops_the_run(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf
) -> None:
    """It gives up before it posts."""
    with ledger.claim(key_of()) as claim:
        meddler.acts = [meddler.touch] * 100
        with pytest.raises(LedgerError, match="was changed by another run"):
            claim.posting()


def test_a_write_whose_answer_was_lost_is_known_by_what_it_wrote(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf
) -> None:
    """The repeat is refused, as the document is no longer what was read."""
    with ledger.claim(key_of()) as claim:
        before = meddler.seen
        meddler.acts = [meddler.write_first]
        claim.posting()
        repeats = meddler.seen - before
        claim.settle("sent", "")

    assert repeats == 1
    assert b'"settled": "sent"' in meddler.blob.download_blob().readall()


def test_a_document_that_somebody_removed_is_no_leave_to_post(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf
) -> None:
    """Nobody knows what another run has done since."""
    with ledger.claim(key_of()) as claim:
        meddler.remove(None)
        with pytest.raises(LedgerError) as refused:
            claim.posting()

    assert "somebody removed it; see whether the report is in " in str(refused.value)


def test_a_run_that_is_held_up_posts_nothing_while_another_has_the_lease(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf
) -> None:
    """The other one has not yet put its claim on record."""
    from azure.storage.blob import BlobLeaseClient

    with ledger.claim(key_of()) as claim:
        meddler.take_lease_away()
        other = BlobLeaseClient(meddler.blob)
        other.acquire(15)
        with pytest.raises(LedgerError, match="was changed by another run"):
            claim.posting()
        other.release()


def test_a_document_that_is_removed_before_it_is_leased_is_made_again(
    ledger: BlobLedger, meddler: Meddler, key_of: KeyOf, waits: list[float]
) -> None:
    """Another run has given its claim back just then."""
    meddler.kind = "lease"
    # The first lease is of a document that is not there yet.
    meddler.acts = [lambda _: None, meddler.remove]

    with ledger.claim(key_of()) as claim:
        claim.posting()
        claim.settle("sent", "")

    assert waits == [1.0]
    assert list(ledger.last_sent().values()) == [NOW]
