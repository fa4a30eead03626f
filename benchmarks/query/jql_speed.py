"""Measure reading a large answer of JQL, beside other packages and a bare decoder.

    python -m benchmarks.query.jql_speed --peer readers=PYTHON

PYTHON has mixpanel-utils and mixpanel-jql.
"""

from __future__ import annotations

import asyncio
import collections
import collections.abc

from benchmarks.query.made_data import make_jql
from benchmarks.query.readings import Reader, Reading

AREA = "Reading JQL"
SCRIPT = "function main() { return Events({}); }"


def ours(url: str) -> int:
    """Run a script, and take row by row."""
    from mixpanel_query import Client, ServiceAccount

    with Client(ServiceAccount("user", "secret", 1), base_url=url) as client:
        return sum(1 for _ in client.iter_jql(SCRIPT))


def ours_awaited(url: str) -> int:
    """Do the same without blocking."""
    from mixpanel_query import AsyncClient, ServiceAccount

    async def count() -> int:
        rows = 0
        async with AsyncClient(ServiceAccount("u", "s", 1), base_url=url) as client:
            async for _ in client.iter_jql(SCRIPT):
                rows += 1
        return rows

    return asyncio.run(count())


def floor(url: str) -> int:
    """Split at what these very rows have between them; it would fail with others."""
    import httpx
    import msgspec

    decode, rows, rest = msgspec.json.Decoder().decode, 0, b""
    with httpx.stream("POST", f"{url}/api/query/jql", data={"script": SCRIPT}) as got:
        for piece in got.iter_bytes(1 << 17):
            rest += piece
            end = rest.rfind(b"}},{")
            if end > 0:
                rows += len(decode(b"[" + rest[: end + 2].lstrip(b"[,") + b"]"))
                rest = rest[end + 2 :]
    return rows + len(decode(b"[" + rest.lstrip(b"[,")))


def utils(url: str) -> int:
    """Gather rows as mixpanel-utils does."""
    from mixpanel_utils import MixpanelUtils

    client = MixpanelUtils("secret", service_account_username="user", project_id=1)
    client.formatted_api = f"{url}/api"
    return len(client.query_jql(SCRIPT))


def mixpanel_jql(url: str) -> int:
    """Read rows as mixpanel-jql does, once Python 3.10 does not stop it any more."""
    for name in ("Mapping", "Iterable", "MutableMapping", "Sequence", "Callable"):
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    import mixpanel_jql

    mixpanel_jql.query.JQL.ENDPOINT = f"{url}/api/%s/jql"
    question = mixpanel_jql.JQL("secret", events=mixpanel_jql.Events()).group_by(
        keys=["e.name"], accumulator=mixpanel_jql.Reducer.count()
    )
    return sum(1 for _ in question.send())


READERS = {
    "mixpanel-query": Reader(ours),
    "ours, awaited": Reader(ours_awaited),
    "mixpanel-utils": Reader(utils, "mixpanel-utils"),
    "mixpanel-jql": Reader(mixpanel_jql, "mixpanel-jql"),
    "httpx, msgspec; unchecked": Reader(floor),
}
READING = Reading(
    "benchmarks.query.jql_speed",
    READERS,
    make_jql,
    (1, 60),
    "a large answer of JQL",
    30.0,
)


if __name__ == "__main__":
    raise SystemExit(READING.run(AREA, __doc__))
