"""Saving what is saved in Mixpanel's web interface: reports, funnels and cohorts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.saved.cohorts import SavedCohort, checked_cohort, cohort_of
from mixpanel_query.local.saved.definitions import keep_definition, read_definitions
from mixpanel_query.local.saved.funnels import (
    FunnelStep,
    SavedFunnel,
    checked_funnel,
    funnel_of,
)
from mixpanel_query.local.saved.reports import SavedReport, checked_report, report_of
from mixpanel_query.local.settings import ProjectSettings

if TYPE_CHECKING:
    from mixpanel_query.expression_operators import Expression

__all__ = ["SavedDefinitions"]

T = TypeVar("T", SavedReport, SavedFunnel, SavedCohort)


class SavedDefinitions:
    """Saves reports, funnels and cohorts in a local project; see `LocalProject`."""

    def _store(self) -> tuple[Engine, ProjectSettings]:
        """Return what definitions are kept in, and checked by."""
        raise NotImplementedError

    def save_report(
        self,
        bookmark_id: int,
        *,
        events: str | Sequence[str],
        from_date: date | str,
        to_date: date | str,
        unit: str | None = "day",
        kind: str = "general",
        where: Expression | str = "",
        on: Expression | str = "",
    ) -> None:
        """Save an Insights report, in place of one with the same number.

        Mixpanel's are made in its web interface; this one answers ``/insights``.

        Args:
            bookmark_id: Its number.
            events: Which events it counts: a name or several.
            from_date: First day, in the project's timezone.
            to_date: Last day, which counts.
            unit: Length of a bucket: hour, day, week or month; None for one number
                for all days together.
            kind: ``general`` counts events, ``unique`` users, ``average`` events a
                user.
            where: Expression that an event must meet.
            on: Expression to break the counts down by.

        Raises:
            LocalProjectError: If something of it is wrong, or the project does not
                serve.
        """
        names = (events,) if isinstance(events, str) else tuple(events)
        span = str(from_date), str(to_date)
        report = SavedReport(bookmark_id, names, *span, unit, kind, str(where), str(on))
        self._keep_report(report)

    def load_reports(self, path: str | os.PathLike[str]) -> int:
        """Save the Insights reports of a file, all of them or none.

        It holds a JSON object with what `save_report` takes under the same names, or
        an array of several.

        Returns:
            How many reports were saved.

        Raises:
            LocalProjectError: If the file cannot be read, or something is wrong in
                it, or the project does not serve.
        """
        return self._load(path, report_of, checked_report, self._keep_report)

    def save_funnel(
        self,
        funnel_id: int,
        *,
        steps: Sequence[str | tuple[str, Expression | str]],
        name: str = "",
        length: int = 14,
        length_unit: str = "day",
    ) -> None:
        """Save a funnel, in place of one with the same number.

        Mixpanel's are made in its web interface; this one answers ``/funnels``.

        Args:
            funnel_id: Its number.
            steps: What users do, in this order: names of events, or pairs of a name
                and an expression that the event must meet.
            name: Its name.
            length: How long a user may take from the first step to the last; at most
                90 days.
            length_unit: What that is measured in: day, hour, minute or second.

        Raises:
            LocalProjectError: If something of it is wrong, or the project does not
                serve.
        """
        pairs = [(step, "") if isinstance(step, str) else step for step in steps]
        listed = tuple(FunnelStep(event, str(where)) for event, where in pairs)
        self._keep_funnel(SavedFunnel(funnel_id, listed, name, length, length_unit))

    def load_funnels(self, path: str | os.PathLike[str]) -> int:
        """Save the funnels of a file, all of them or none.

        It holds a JSON object with what `save_funnel` takes under the same names, or
        an array of several. A step with an expression is an object with ``event`` and
        ``where``.

        Returns:
            How many funnels were saved.

        Raises:
            LocalProjectError: If the file cannot be read, or something is wrong in
                it, or the project does not serve.
        """
        return self._load(path, funnel_of, checked_funnel, self._keep_funnel)

    def save_cohort(
        self,
        cohort_id: int,
        *,
        name: str,
        description: str = "",
        where: Expression | str = "",
        event: str = "",
        event_where: Expression | str = "",
        times: int = 1,
        days: int | None = None,
        is_visible: bool = True,
    ) -> None:
        """Save a cohort, in place of one with the same number.

        Mixpanel's are made in its web interface; this one is listed, and filters
        profiles. Who is in it is worked out whenever somebody asks.

        Args:
            cohort_id: Its number.
            name: Its name.
            description: What is to be said about it.
            where: Expression that a profile must meet.
            event: What a user must have done. A cohort with an event and without
                ``where`` has users without a profile, too.
            event_where: Expression that the event must meet.
            times: How often it must have been done, at least.
            days: In how many of the latest days, today among them; None for ever.
            is_visible: Whether Mixpanel would show it.

        Raises:
            LocalProjectError: If something of it is wrong, or the project does not
                serve.
        """
        self._keep_cohort(
            SavedCohort(
                cohort_id,
                name,
                description,
                str(where),
                event,
                str(event_where),
                times,
                days,
                is_visible,
            )
        )

    def load_cohorts(self, path: str | os.PathLike[str]) -> int:
        """Save the cohorts of a file, all of them or none.

        It holds a JSON object with what `save_cohort` takes under the same names, or
        an array of several.

        Returns:
            How many cohorts were saved.

        Raises:
            LocalProjectError: If the file cannot be read, or something is wrong in
                it, or the project does not serve.
        """
        return self._load(path, cohort_of, checked_cohort, self._keep_cohort)

    def _load(
        self,
        path: str | os.PathLike[str],
        definition_of: Callable[[object], T],
        checked: Callable[[T, ProjectSettings], T],
        keep: Callable[[T], None],
    ) -> int:
        """Keep the definitions of a file if each of them is good, and count them."""
        settings = self._store()[1]
        definitions = read_definitions(
            Path(path), lambda each: checked(definition_of(each), settings)
        )
        for definition in definitions:
            keep(definition)
        return len(definitions)

    def _keep_cohort(self, cohort: SavedCohort) -> None:
        """Check a cohort and keep it, with the time."""
        engine, settings = self._store()
        checked_cohort(cohort, settings)
        now = settings.now().replace(tzinfo=None).isoformat(" ", "seconds")
        kept = replace(cohort, created=now)
        keep_definition(engine, "cohorts", cohort.cohort_id, kept)

    def _keep_report(self, report: SavedReport) -> None:
        """Check a report and keep it."""
        engine, settings = self._store()
        checked_report(report, settings)
        keep_definition(engine, "reports", report.bookmark_id, report)

    def _keep_funnel(self, funnel: SavedFunnel) -> None:
        """Check a funnel and keep it."""
        engine, settings = self._store()
        checked_funnel(funnel, settings)
        keep_definition(engine, "funnels", funnel.funnel_id, funnel)
