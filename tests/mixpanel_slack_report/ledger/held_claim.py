"""A program that holds a claim, until it is killed or told what became of it."""

import json
import sys
from datetime import date, datetime, timezone
from pathlib import Path

from mixpanel_slack_report.ledger.entries import EntryKey, Ledger


def opened(asked: dict[str, str]) -> Ledger:
    """Open the ledger that is named."""

    def clock() -> datetime:
        return datetime.now(timezone.utc)

    if asked["kind"] == "sqlite":
        from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger

        return SqliteLedger(Path(asked["where"]), clock=clock)
    from mixpanel_slack_report.ledger.blob_container import BlobContainer
    from mixpanel_slack_report.ledger.blob_ledger import BlobLedger

    container = BlobContainer.of_connection(asked["connection"], asked["where"])
    return BlobLedger(container, clock=clock, lease_seconds=15)


def main() -> None:
    """Claim, go to the step, say so, and do what is read."""
    asked = json.loads(sys.argv[1])
    days = date(2026, 11, 9), date(2026, 11, 15)
    key = EntryKey("schedule", asked["report"], *days, "#sales")
    with opened(asked).claim(key, force=asked["force"]) as claim:
        if asked["step"] == "posting":
            claim.posting()
        sys.stdout.write("here\n")
        sys.stdout.flush()
        state = sys.stdin.readline().strip()
        if state == "sent":
            claim.settle("sent", "")


if __name__ == "__main__":
    main()
