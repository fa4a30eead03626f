"""The ledger in Azure Blob storage, for runs that share no disk.

A posting is a document. A run holds its lease while it has a claim, and renews it; the
lease of a run that is gone runs out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import blake2b

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.blob_claim import BlobClaim, Document, renewed
from mixpanel_slack_report.ledger.blob_container import BlobContainer, let_go
from mixpanel_slack_report.ledger.entries import Claim, EntryKey
from mixpanel_slack_report.ledger.record import fresh_rung, still_busy

__all__ = ["BlobLedger"]

LONGEST_WAIT = 600.0
PAUSE = 1.0
# The longest that Azure lends: https://learn.microsoft.com/rest/api/storageservices/lease-blob
LEASE_SECONDS = 60


class BlobLedger:
    """What was posted, in a container that processes on any machine share.

    Threads may share it.

    Args:
        container: Where the documents are; made if it is not there.
        clock: Gives the current time in UTC.
        longest_wait: Seconds to wait for another living run.
        sleep: Waits for so many seconds.
        lease_seconds: After how long a run that is gone is known to be, 15 to 60.
    """

    def __init__(
        self,
        container: BlobContainer,
        *,
        clock: Callable[[], datetime],
        longest_wait: float = LONGEST_WAIT,
        sleep: Callable[[float], None] = time.sleep,
        lease_seconds: int = LEASE_SECONDS,
    ) -> None:
        self._container = container
        self._clock = clock
        self._longest_wait = longest_wait
        self._sleep = sleep
        self._lease_seconds = lease_seconds

    @contextmanager
    def claim(self, key: EntryKey, *, force: bool = False) -> Iterator[Claim]:
        """Claim a posting, as ``Ledger.claim`` says."""
        document = Document(self._container, key)
        waited = 0.0
        while (lease := document.lease(self._lease_seconds)) is None:
            if waited >= self._longest_wait:
                raise LedgerError(still_busy(key, self._longest_wait))
            self._sleep(PAUSE)
            waited += PAUSE
        claim = BlobClaim(document, lease, self._clock)
        try:
            with renewed(lease, every=self._lease_seconds / 3):
                claim.take(force=force)
                try:
                    yield claim
                finally:
                    claim.leave()
        finally:
            let_go(lease)

    def last_sent(self) -> Mapping[str, datetime]:
        """Return when each report was last sent, in UTC; failure notices left out."""
        latest: dict[str, datetime] = {}
        for blob in self._container.listing("reports/"):
            report = blob.name.split("/")[1]
            with suppress(KeyError, ValueError):
                sent = datetime.fromisoformat(blob.metadata["sent"])
                latest[report] = max(sent, latest.get(report, sent))
        return latest

    def remember(self, name: str, value: str, *, now: datetime) -> None:
        """Remember a value in place of the last one."""
        document = {"name": name, "value": value, "since": now.isoformat()}
        self._container.overwrite(memory_name(name), json.dumps(document).encode())

    def recall(self, name: str) -> tuple[str, datetime] | None:
        """Return a remembered value and since when; None if there is none."""
        found = self._container.read(memory_name(name))
        try:
            document = json.loads(found[0]) if found else {}
            return str(document["value"]), datetime.fromisoformat(document["since"])
        except (KeyError, TypeError, ValueError):
            return None

    def accepted_rung(self, channel: str, *, now: datetime) -> int | None:
        """Return the rung that a channel took in the last 30 days; None if none."""
        return fresh_rung(self.recall(f"rung:{channel}"), now)

    def remember_rung(self, channel: str, rung: int, *, now: datetime) -> None:
        """Remember the rung that a channel took."""
        self.remember(f"rung:{channel}", str(rung), now=now)

    def close(self) -> None:
        """Let go of connections."""
        self._container.close()


def memory_name(name: str) -> str:
    """Return the path of the document that remembers a value."""
    digest = blake2b(name.encode(errors="replace"), digest_size=12)
    return f"memory/{digest.hexdigest()}.json"
