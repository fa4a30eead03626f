"""The client that awaits its answers, under asyncio or trio.

What is said of a method of `mixpanel_query.Client` holds for its twin here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import tzinfo
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from mixpanel_query.budget import Gate, gate_of
from mixpanel_query.clients.annotation_queries import AsyncAnnotationQueries
from mixpanel_query.clients.definition_queries import AsyncDefinitionQueries
from mixpanel_query.clients.event_queries import AsyncEventQueries
from mixpanel_query.clients.export_queries import AsyncExportQueries
from mixpanel_query.clients.folder_queries import AsyncFolderQueries
from mixpanel_query.clients.funnel_queries import AsyncFunnelQueries
from mixpanel_query.clients.jql_queries import AsyncJqlQueries
from mixpanel_query.clients.profile_queries import AsyncProfileQueries
from mixpanel_query.clients.property_queries import AsyncPropertyQueries
from mixpanel_query.clients.report_queries import AsyncReportQueries
from mixpanel_query.clients.retention_queries import AsyncRetentionQueries
from mixpanel_query.clients.segmentation_queries import AsyncSegmentationQueries
from mixpanel_query.credentials import Credentials
from mixpanel_query.retrying import RetryPolicy
from mixpanel_query.sending import DEFAULT_TIMEOUT, AsyncSender
from mixpanel_query.timezones import read_timezone, stored_timezone
from mixpanel_query.wire import Destination

if TYPE_CHECKING:
    import httpx

    from mixpanel_query.budget import Budget, BudgetStatus

__all__ = ["AsyncClient"]


class AsyncClient(
    AsyncEventQueries,
    AsyncPropertyQueries,
    AsyncSegmentationQueries,
    AsyncFunnelQueries,
    AsyncRetentionQueries,
    AsyncReportQueries,
    AsyncProfileQueries,
    AsyncJqlQueries,
    AsyncExportQueries,
    AsyncFolderQueries,
    AsyncAnnotationQueries,
    AsyncDefinitionQueries,
):
    """Asks a Mixpanel project questions without blocking, under asyncio or trio.

    It takes what `Client` takes, and its methods answer as those of `Client` do. Use
    it in an ``async with`` block, or call `close`.

    Raises:
        InvalidQueryError: If what it is given cannot be right.
    """

    def __init__(
        self,
        credentials: Credentials,
        region: str = "us",
        base_url: str | None = None,
        workspace_id: int | None = None,
        *,
        timeout: float | None = None,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        budget: Budget | Gate | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        timezone: tzinfo | str | None = None,
        stores_local_time: bool = False,
    ) -> None:
        destination = Destination(credentials, region, base_url, workspace_id)
        self._timezone = read_timezone(timezone)
        self._stored_timezone = stored_timezone(
            self._timezone, stores_local_time=stores_local_time
        )
        if timeout is None and http_client is None:
            timeout = DEFAULT_TIMEOUT
        self._sender = AsyncSender(
            destination,
            gate_of(budget, destination),
            retry,
            timeout=timeout,
            transport=transport,
            proxy=proxy,
            http=http_client,
        )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> AsyncClient:
        """Make a client from the environment, as `Client.from_env` does."""
        from mixpanel_query.environment import read_environment

        found = read_environment(os.environ if environ is None else environ)
        return cls(found.credentials, found.region, found.base_url, found.workspace_id)

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied: connections and threads cannot travel."""
        problem = "a client has connections, and cannot be pickled or copied"
        raise TypeError(f"{problem}; make one in each process, and share it there")

    def budget(self) -> BudgetStatus:
        """Return what is left, as `Client.budget` does; it needs no ``await``."""
        return self._sender.gate.status()

    async def close(self) -> None:
        """Give back the connections."""
        await self._sender.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
