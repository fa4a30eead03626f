"""Measure reading an export, beside other packages and what reads without checking.

    python -m benchmarks.query.export_speed --peer readers=PYTHON

PYTHON has mixpanel-headless and mixpanel-utils.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.query.made_data import make_export
from benchmarks.query.readings import Reader, Reading

if TYPE_CHECKING:
    from mixpanel_query import ExportedEvent

AREA = "Exporting"
DAYS = {"from_date": "2023-11-14", "to_date": "2023-11-15"}


def ours(url: str, wanted: Callable[[ExportedEvent], object]) -> int:
    """Export, and look at each event."""
    from mixpanel_query import Client, ServiceAccount

    account = ServiceAccount("user", "secret", 1)
    with Client(account, base_url=url) as client:
        return sum(1 for event in client.export(*DAYS.values()) if wanted(event))


def ours_awaited(url: str) -> int:
    """Export without blocking."""
    from mixpanel_query import AsyncClient, ServiceAccount

    async def count() -> int:
        rows = 0
        async with AsyncClient(ServiceAccount("u", "s", 1), base_url=url) as client:
            async for _ in client.export(*DAYS.values()):
                rows += 1
        return rows

    return asyncio.run(count())


def floor(url: str) -> int:
    """Decode five properties of each line with isal and msgspec; check nothing."""
    import httpx
    import msgspec
    from isal import isal_zlib

    texts = [(name, str, "") for name in ("distinct_id", "insert_id", "Path", "Plan")]
    properties = msgspec.defstruct(
        "Properties", [("time", int), *texts], rename={"insert_id": "$insert_id"}
    )
    row = msgspec.defstruct("Row", [("event", str), ("properties", properties)])

    def lines() -> Iterator[bytes]:
        inflate, rest = isal_zlib.decompressobj(31), b""
        with httpx.stream("GET", f"{url}/api/2.0/export", params=DAYS) as answer:
            for piece in answer.iter_raw():
                *whole, rest = (rest + inflate.decompress(piece)).split(b"\n")
                yield from whole

    decode = msgspec.json.Decoder(row).decode
    return sum(1 for _ in map(decode, lines()))


def headless(url: str) -> int:
    """Stream events as mixpanel-headless does."""
    settings = {"USERNAME": "sa.user", "SECRET": "secret", "PROJECT_ID": "1"}
    os.environ.update({f"MP_{name}": value for name, value in settings.items()})
    os.environ["MP_REGION"] = "us"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MP_CONFIG_PATH"] = str(Path(folder) / "config.toml")
        import mixpanel_headless
        from mixpanel_headless._internal import api_client

        for region in api_client.ENDPOINTS.values():
            region["export"] = f"{url}/api/2.0"
        events = mixpanel_headless.Workspace().stream_events(raw=True, **DAYS)
        return sum(1 for _ in events)


def utils(url: str) -> int:
    """Gather events as mixpanel-utils does."""
    from mixpanel_utils import MixpanelUtils

    client = MixpanelUtils("secret", service_account_username="user", project_id=1)
    client.raw_api = f"{url}/api"
    return len(client.query_export(dict(DAYS), add_gzip_header=True))


READERS = {
    "mixpanel-query": Reader(lambda url: ours(url, lambda event: event.event)),
    "ours, all properties": Reader(lambda url: ours(url, lambda e: e.properties)),
    "ours, awaited": Reader(ours_awaited),
    "mixpanel-headless": Reader(headless, "mixpanel-headless"),
    "mixpanel-utils": Reader(utils, "mixpanel-utils"),
    "httpx, isal, msgspec; unchecked": Reader(floor),
}
READING = Reading(
    "benchmarks.query.export_speed",
    READERS,
    make_export,
    (5_000, 300_000),
    "an export of some 450 bytes an event",
    60.0,
)


if __name__ == "__main__":
    raise SystemExit(READING.run(AREA, __doc__))
