"""The client that waits for its answers.

Its questions are the methods that it inherits.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import tzinfo
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from mixpanel_query.budget import Gate, gate_of
from mixpanel_query.clients.annotation_queries import AnnotationQueries
from mixpanel_query.clients.definition_queries import DefinitionQueries
from mixpanel_query.clients.event_queries import EventQueries
from mixpanel_query.clients.export_queries import ExportQueries
from mixpanel_query.clients.folder_queries import FolderQueries
from mixpanel_query.clients.funnel_queries import FunnelQueries
from mixpanel_query.clients.jql_queries import JqlQueries
from mixpanel_query.clients.profile_queries import ProfileQueries
from mixpanel_query.clients.property_queries import PropertyQueries
from mixpanel_query.clients.report_queries import ReportQueries
from mixpanel_query.clients.retention_queries import RetentionQueries
from mixpanel_query.clients.segmentation_queries import SegmentationQueries
from mixpanel_query.credentials import Credentials
from mixpanel_query.retrying import RetryPolicy
from mixpanel_query.sending import DEFAULT_TIMEOUT, Sender
from mixpanel_query.timezones import read_timezone, stored_timezone
from mixpanel_query.wire import Destination

if TYPE_CHECKING:
    import httpx

    from mixpanel_query.budget import Budget, BudgetStatus

__all__ = ["Client"]


class Client(
    EventQueries,
    PropertyQueries,
    SegmentationQueries,
    FunnelQueries,
    RetentionQueries,
    ReportQueries,
    ProfileQueries,
    JqlQueries,
    ExportQueries,
    FolderQueries,
    AnnotationQueries,
    DefinitionQueries,
):
    """Asks a Mixpanel project questions; threads may share one client.

    Use it in a ``with`` block, or call `close`, to give back its connections.

    Args:
        credentials: Who asks; a service account, best.
        region: ``us``, ``eu`` or ``in``: where the project's data live.
        base_url: Address that replaces every host: a local project, a proxy.
        workspace_id: Number of the data view to ask through. The export ignores
            data views.
        timeout: Seconds to wait for the next bytes of an answer. As it is, a
            little longer than Mixpanel itself gives a query, or what
            ``http_client`` says.
        retry: How often a question is asked again, and after how long.
        budget: How many questions may be asked, together with others who ask the same
            project. Where left out, the one that this user's processes share; or none
            if ``base_url`` is this machine and ``MIXPANEL_BUDGET_FILE`` is not set.
        transport: How to reach the network, instead of httpx's own way. It stays
            open when the client closes.
        proxy: Address of a proxy, instead of the one that the environment names.
        http_client: A client of httpx to send with, which stays open when this one
            closes; it goes with neither ``transport`` nor ``proxy``.
        timezone: The project's timezone. It is needed only for results by hour or
            minute, where an answer leaves the offset out, and with
            ``stores_local_time``.
        stores_local_time: Whether the project is from before 2023. Such a project
            stores what the clocks of its timezone show, and exports days of that
            timezone; times of events are set right, with the offset of each moment.

    Raises:
        InvalidQueryError: If one of them cannot be right.
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
        transport: httpx.BaseTransport | None = None,
        proxy: str | None = None,
        http_client: httpx.Client | None = None,
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
        self._sender = Sender(
            destination,
            gate_of(budget, destination),
            retry,
            timeout=timeout,
            transport=transport,
            proxy=proxy,
            http=http_client,
        )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Client:
        """Make a client from ``MIXPANEL_USERNAME``, ``_SECRET`` and ``_PROJECT_ID``.

        ``MIXPANEL_REGION``, ``MIXPANEL_BASE_URL`` and ``MIXPANEL_WORKSPACE_ID`` are
        read too, if they are set.

        Args:
            environ: The variables; those of this process, where left out.

        Raises:
            InvalidQueryError: If variables are missing or wrong; names all of them.
        """
        from mixpanel_query.environment import read_environment

        found = read_environment(os.environ if environ is None else environ)
        return cls(found.credentials, found.region, found.base_url, found.workspace_id)

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied: connections and threads cannot travel."""
        problem = "a client has connections, and cannot be pickled or copied"
        raise TypeError(f"{problem}; make one in each process, and share it there")

    def budget(self) -> BudgetStatus:
        """Return what is left of the project's queries, and when there is more.

        Nothing is sent. It knows what this machine asked, with the same budget file; it
        cannot see other machines, nor Mixpanel's own pages, until Mixpanel refuses
        something. Where there are no limits, as on a local project, it lists none.

        Raises:
            MixpanelQueryError: If a process that is stopped keeps the file to itself.
        """
        return self._sender.gate.status()

    def close(self) -> None:
        """Give back the connections."""
        self._sender.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
