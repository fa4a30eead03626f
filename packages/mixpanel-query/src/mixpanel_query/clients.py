"""The client that waits for its answers.

Its methods hand over to the questions, which `mixpanel_query.async_clients` shares.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Mapping
from datetime import date, tzinfo
from types import TracebackType
from typing import TYPE_CHECKING

from mixpanel_query.credentials import Credentials
from mixpanel_query.environment import read_environment
from mixpanel_query.events import count_events, list_event_names
from mixpanel_query.export import read_export
from mixpanel_query.exported_events import ExportedEvent
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.segmentation import segment_event
from mixpanel_query.sending import DEFAULT_TIMEOUT, Sender
from mixpanel_query.time_series import TimeSeries
from mixpanel_query.timezones import read_timezone
from mixpanel_query.window import Window
from mixpanel_query.wire import Destination

if TYPE_CHECKING:
    import httpx

    from mixpanel_schema import Event, Property

__all__ = ["Client"]


class Client:
    """Asks a Mixpanel project questions; threads may share one client.

    Use it in a ``with`` block, or call `close`, to give back its connections.

    Args:
        credentials: Who asks; a service account, best.
        region: ``us``, ``eu`` or ``in``: where the project's data live.
        base_url: Address that replaces every host: a local project, a proxy.
        workspace_id: Number of the data view to ask through. The export ignores
            data views.
        timeout: Seconds to wait for the next bytes of an answer. As it is, a
            little longer than Mixpanel itself gives a query.
        transport: How to reach the network, instead of httpx's own way. It stays
            open when the client closes.
        timezone: The project's timezone. It is needed only for results by hour or
            minute, where an answer leaves the offset out.

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
        timeout: float = DEFAULT_TIMEOUT,
        transport: httpx.BaseTransport | None = None,
        timezone: tzinfo | str | None = None,
    ) -> None:
        destination = Destination(credentials, region, base_url, workspace_id)
        self._timezone = read_timezone(timezone)
        self._sender = Sender(destination, timeout=timeout, transport=transport)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Client:
        """Make a client from ``MIXPANEL_USERNAME``, ``_SECRET`` and ``_PROJECT_ID``.

        ``MIXPANEL_REGION`` and ``MIXPANEL_BASE_URL`` are read too, if they are set.

        Args:
            environ: The variables; those of this process, where left out.

        Raises:
            InvalidQueryError: If variables are missing or wrong; names all of them.
        """
        found = read_environment(os.environ if environ is None else environ)
        return cls(found.credentials, found.region, found.base_url)

    def events(
        self,
        events: Event | str | Iterable[Event | str],
        from_date: date | str,
        to_date: date | str,
        *,
        type: CountType = "general",
        unit: Unit = "day",
    ) -> TimeSeries:
        """Count several events over time, with one request.

        https://developer.mixpanel.com/reference/list-recent-events

        Args:
            events: What to count.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            type: ``general`` counts events, ``unique`` the users who did them,
                ``average`` the events a user.
            unit: Length of a bucket. Mixpanel counts no unique users by the hour.

        Raises:
            InvalidQueryError: If the question cannot be right; nothing was sent.
            NoAnswerError: If Mixpanel could not be reached or did not answer.
            RefusedError: If Mixpanel said no.
            UnreadableAnswerError: If the answer is not as documented.
        """
        window = Window.of(from_date, to_date)
        return self._sender.run(
            count_events(events, window, type=type, unit=unit, timezone=self._timezone)
        )

    def event_names(
        self, *, type: CountType = "general", limit: int = 255
    ) -> list[str]:
        """List the commonest events of the last 31 days, commonest first.

        https://developer.mixpanel.com/reference/query-months-top-event-names

        Args:
            type: What "commonest" counts: events or users.
            limit: How many names at most; Mixpanel gives up to 5000.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        return self._sender.run(list_event_names(type=type, limit=limit))

    def segmentation(
        self,
        event: Event | str,
        from_date: date | str,
        to_date: date | str,
        *,
        on: Property | str | None = None,
        where: str | None = None,
        unit: Unit = "day",
        interval: int | None = None,
        type: CountType = "general",
        limit: int | None = None,
    ) -> TimeSeries:
        """Count one event over time, filtered and broken down.

        Mixpanel keeps this endpoint in maintenance mode; reports that were saved can
        be asked through https://developer.mixpanel.com/reference/insights-query.
        https://developer.mixpanel.com/reference/segmentation-query

        Args:
            event: What to count.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            on: Property, or expression such as ``properties["plan"]``, to break the
                counts down by; the values of the result are then its segments.
            where: Expression that an event must meet, such as
                ``properties["plan"] == "pro"``. It is sent as it is.
            unit: Length of a bucket: minute, hour, day or month.
            interval: Length of a bucket in days, instead of ``unit``; for unique
                and average counts only. A bucket is known by its first day.
            type: ``general`` counts events, ``unique`` the users who did them,
                ``average`` the events a user.
            limit: How many segments at most, the largest first; Mixpanel gives 60
                if it is not said, and up to 10000.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        flow = segment_event(
            event,
            Window.of(from_date, to_date),
            on=on,
            where=where,
            unit=unit,
            interval=interval,
            type=type,
            limit=limit,
            timezone=self._timezone,
        )
        return self._sender.run(flow)

    def export(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        events: Event | str | Iterable[Event | str] | None = None,
        where: str | None = None,
    ) -> Generator[ExportedEvent, None, None]:
        """Yield every event of a window while it arrives, in no order.

        Memory stays bounded: one piece of the stream, and about 120 bytes an event to
        recognise copies. Copies of one event (same name, distinct_id, time and insert
        id) are yielded once; events without an insert id are all yielded.

        A cut export raises: what was yielded until then is not the whole. Nothing is
        fetched again by itself; ask for the whole window again.
        https://developer.mixpanel.com/reference/raw-event-export

        Args:
            from_date: First day, in UTC; in the project's timezone for projects made
                before 2023.
            to_date: Last day.
            events: Which events; all of them, where left out.
            where: Expression that an event must meet. It is sent as it is.

        Raises:
            ExportTruncatedError: If the export ended before its last event.
            MixpanelQueryError: As `events` does.
        """
        window = Window.of(from_date, to_date)
        return self._sender.export(read_export(window, events=events, where=where))

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
