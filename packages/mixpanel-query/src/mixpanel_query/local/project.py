"""A Mixpanel project that runs on one machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mixpanel_query.local.control.desk import controlled
from mixpanel_query.local.control.project_clock import ProjectClock
from mixpanel_query.local.control.request_log import RequestLog
from mixpanel_query.local.control.watched_app import Controls
from mixpanel_query.local.customerio.workspace import (
    CustomerioWorkspace,
    list_workspace,
)
from mixpanel_query.local.engine.event_days import event_days
from mixpanel_query.local.engine.loading import load, load_sample
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.faults.scripted import Faults
from mixpanel_query.local.page.page import Page
from mixpanel_query.local.rate_limits import RateLimits
from mixpanel_query.local.records.verdicts import Verdicts
from mixpanel_query.local.rules.table import Rule
from mixpanel_query.local.saved.saving import SavedDefinitions
from mixpanel_query.local.server.app import make_app
from mixpanel_query.local.server.cors import open_to_pages
from mixpanel_query.local.server.serving import BackgroundServer
from mixpanel_query.local.settings import Clock, ProjectSettings, project_settings

if TYPE_CHECKING:
    from mixpanel_query.credentials import ServiceAccount
    from mixpanel_schema import TrackingPlan

__all__ = ["LocalProject"]


class LocalProject(SavedDefinitions, CustomerioWorkspace):
    """A Mixpanel project on this machine, which serves while its ``with`` lasts.

    It takes ``/track``, ``/import``, ``/engage`` and ``/groups``. It answers the
    questions about events, segmentation, frequency, retention, activity, saved
    funnels, Insights reports and cohorts, profiles of users and groups, annotations,
    Lexicon and JQL, and gives events back through ``/api/2.0/export``.
    Everything else gets an error that says so. Any thread may use it while it serves;
    one thread enters and leaves it.

    Attributes:
        faults: What is to go wrong, and where.
        requests: The latest 1,000 requests.
        limits: How much may be asked; nothing is limited in the beginning.
        verdicts: What became of the latest 1,000 records that arrived.
    """

    faults: Faults
    requests: RequestLog
    limits: RateLimits
    verdicts: Verdicts

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        timezone: str = "UTC",
        week_start: str = "monday",
        project_id: int | None = None,
        token: str | None = None,
        credentials: ServiceAccount | tuple[str, str] | None = None,
        customerio_credentials: tuple[str, str] | None = None,
        clock: Clock | datetime | None = None,
        assume: bool = True,
        group_keys: Mapping[str, int] | None = None,
        plan: TrackingPlan | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool | str | os.PathLike[str] = False,
        prepare: Callable[[LocalProject], object] | None = None,
    ) -> None:
        """Check what is given; nothing is opened before ``with``.

        Args:
            path: File that keeps the data, for one project at a time; None, or
                ``":memory:"`` as databases have it, keeps them in memory, until
                ``with`` ends.
            timezone: IANA name of the zone in which days begin. The raw export
                counts days in UTC, as projects made since 2023 do.
            week_start: Weekday on which weeks begin.
            project_id: Number of the project, at least 1; with None any will do.
            token: Token that events must carry, others are ignored as documented;
                with None any token will do.
            credentials: Who may ask and import: a service account, or its name and
                secret; with None anybody may.
            customerio_credentials: Site id and key that requests to Customer.io's
                Track API must have; with None anybody may send them.
            clock: Says what time it is, or is the time at which it stands still; by
                default this machine's clock.
            assume: Whether answers may rest on behaviour that Mixpanel does not
                document; those that would get status 501 otherwise.
            group_keys: The group keys of the project with their numbers, by which
                ``data_group_id`` names them: ``{"company": 1}``; with None any key
                will do, and they are numbered from 1 as they come.
            plan: Tracking plan that the page compares records with; it says what it
                finds, and nothing is refused because of it.
            host: Address to listen at.
            port: Port to listen at; 0 takes any free one.
            tls: Whether to serve over https, with a certificate of an authority made
                for this: its certificate is in `ca_file`. A path names that file.
            prepare: Called with the project before its first answer, to load what all
                answers shall rest on; requests that come meanwhile wait.

        Raises:
            LocalProjectError: If a setting cannot be used.
        """
        self._controls = Controls(ProjectClock(clock), assume=assume)
        self.faults = self._controls.faults
        self.requests = self._controls.requests
        self.limits = self._controls.limits
        self.verdicts = self._controls.verdicts
        self._settings = project_settings(
            timezone=timezone,
            week_start=week_start,
            clock=self._controls.clock,
            project_id=project_id,
            token=token,
            credentials=credentials,
            customerio_credentials=customerio_credentials,
            limit_lexicon=self.limits.take_schemas,
            verdicts=self.verdicts,
            group_keys=group_keys,
        )
        self._plan = plan
        self._path = None if path in (None, ":memory:") else Path(path)
        self._address = host, port
        self._tls = tls
        self._prepare = prepare
        self._open: tuple[Engine, BackgroundServer] | None = None

    def __repr__(self) -> str:
        place = self._open[1].url if self._open else "not serving"
        return f"<LocalProject {place}, days in {self._settings.timezone.key}>"

    def __enter__(self) -> LocalProject:
        """Open the data and serve them.

        Raises:
            LocalProjectError: If the port is taken or the file cannot be opened, or
                if the project serves already; and whatever ``prepare`` raises.
        """
        if self._open:
            raise LocalProjectError("the project serves already; enter it once")
        server = BackgroundServer(*self._address, tls=self._tls)
        try:
            engine = Engine(self._path)
        except LocalProjectError:
            server.close()
            raise
        self._open = engine, server
        try:
            if self._prepare:
                self._prepare(self)
        except BaseException:
            self._open = None
            server.close()
            engine.close()
            raise
        app = controlled(
            make_app(engine, self._settings),
            self._controls,
            reset=self.reset,
            customers=lambda: list_workspace(engine),
            project_id=self._settings.project_id,
            page=Page(engine, self._settings, self._controls, self._plan),
        )
        server.start(open_to_pages(app, self._controls.assumptions))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the answers under way, give the port back and close the data."""
        if self._open:
            engine, server = self._open
            self._open = None
            self.faults.clear()
            server.stop()
            engine.close()

    @property
    def base_url(self) -> str:
        """Where the project serves, such as ``http://127.0.0.1:41234``.

        Raises:
            LocalProjectError: If it does not serve.
        """
        return self._opened()[1].url

    @property
    def ca_file(self) -> Path:
        """The certificate that clients of a project with ``tls`` must trust.

        ``SSL_CERT_FILE`` names it to httpx, ``REQUESTS_CA_BUNDLE`` to requests.

        Raises:
            LocalProjectError: If the project does not serve over https.
        """
        certificate = self._opened()[1].certificate
        if certificate is None:
            raise LocalProjectError(
                "the project serves over http; give LocalProject tls=True for https"
            )
        return certificate.ca_file

    @property
    def clock(self) -> Clock:
        """Says what time it is, as an aware datetime, wherever the project needs it.

        It may be set at any time: to a function, to a datetime, at which it stands
        still, or to None, for this machine's clock.
        """
        return self._controls.clock.source

    @clock.setter
    def clock(self, source: Clock | datetime | None) -> None:
        self._controls.clock.set(source)

    @property
    def event_days(self) -> tuple[date, date] | None:
        """The days of the earliest and the latest event; None without events.

        Raises:
            LocalProjectError: If the project does not serve.
        """
        return event_days(self._opened()[0], self._settings.timezone)

    @property
    def assumptions(self) -> list[Rule]:
        """The rules that are not documented and that answers rested on so far."""
        return self._controls.assumptions.listed()

    def reset(self) -> None:
        """Delete all data, faults and logged requests, and reset limits and clock.

        Raises:
            LocalProjectError: If the project does not serve.
        """
        engine = self._opened()[0]
        self._controls.reset()
        engine.clear()

    def snapshot(self, path: str | os.PathLike[str]) -> None:
        """Write all data into a new file, which ``LocalProject(path)`` opens.

        Raises:
            LocalProjectError: If there is such a file, or it cannot be written, or the
                project does not serve.
        """
        self._opened()[0].save_copy(Path(path))

    def load(self, path: str | os.PathLike[str]) -> int:
        """Load a file of events or profiles, or a folder, all of it or nothing.

        A file holds JSON Lines, gzipped or not: events as the raw export gives them,
        which keep their ``distinct_id``, with ``time`` in epoch seconds or
        milliseconds; or profiles as ``{"$distinct_id": …, "$properties": {…}}``, which
        replace those that are there. Events may also be Parquet, with the columns
        ``event`` and ``properties``, as `Client.export_to` writes them.

        Of a folder that `Client.export_to` filled, the files of all days are loaded,
        which must be complete; of another one every file whose name ends with
        ``.jsonl``, ``.jsonl.gz`` or ``.parquet``, in the order of their names.

        Returns:
            How many events or profiles were loaded.

        Raises:
            LocalProjectError: If the file cannot be read or a line is malformed (the
                message names the line), or if the project does not serve.
        """
        return load(self._opened()[0], Path(path))

    def load_sample(self) -> int:
        """Load two months of made-up events that end yesterday.

        Returns:
            How many events were loaded.

        Raises:
            LocalProjectError: If the project does not serve.
        """
        zone = self._settings.timezone.key
        return load_sample(self._opened()[0], self._settings.today(), timezone=zone)

    def _store(self) -> tuple[Engine, ProjectSettings]:
        """Return what definitions are kept in, and checked by."""
        return self._opened()[0], self._settings

    def _opened(self) -> tuple[Engine, BackgroundServer]:
        """Return what is open while the project serves."""
        if self._open is None:
            raise LocalProjectError(
                "the project does not serve; write 'with LocalProject() as project:'"
            )
        return self._open
