"""Frequency: in how many hours or days of a period users did something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.breakdowns import breakdown_params
from mixpanel_query.expressions import Where
from mixpanel_query.names import EventName, name_of
from mixpanel_query.parameters import checked_choice
from mixpanel_query.segment_buckets import OVERALL, only_bucket, read_segments
from mixpanel_query.tables import Tabular
from mixpanel_query.window import Window
from mixpanel_query.wire import Answer, Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["AddictionUnit", "Frequency", "FrequencyUnit", "ask_frequency"]

FrequencyUnit: TypeAlias = Literal["day", "week", "month"]
AddictionUnit: TypeAlias = Literal["hour", "day"]

UNITS: Final = ("day", "week", "month")
ADDICTION_UNITS: Final = ("hour", "day")


@dataclass(frozen=True, slots=True)
class Frequency(Tabular):
    """How many users were active in how many hours or days of each period.

    Attributes:
        unit: The length of a period: ``day``, ``week`` or ``month``.
        addiction_unit: What is counted inside a period: ``hour`` or ``day``.
        dates: The first day of each period, in order, in the project's timezone.
        counts: For each segment and period, how many users were active in at least
            1 hour or day of it, at least 2, and so on. Everything together is the
            segment ``$overall``, the only one if nothing was broken down.

    >>> monday = date(2012, 1, 2)
    >>> week = Frequency("week", "day", (monday,), {OVERALL: {monday: (305, 107, 60)}})
    >>> week.total()  # 107 users were active on two days of the week, or more
    (305, 107, 60)
    """

    columns: ClassVar[tuple[str, ...]] = (
        "segment",
        "date",
        "at_least",
        "count",
    )

    unit: str
    addiction_unit: str
    dates: tuple[date, ...]
    counts: Mapping[str, Mapping[date, tuple[int, ...]]]

    def total(self, segment: str = OVERALL) -> tuple[int, ...]:
        """Return the counts of the whole window, if it is one period.

        Raises:
            InvalidQueryError: If there are several periods: one user may be in
                several of them. Or if Mixpanel answered no such segment.
        """
        remedy = "ask once with a unit as long as the window"
        return only_bucket(self.counts, self.dates, segment, remedy=remedy) or ()

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every count, segment by segment, in order of date.

        ``at_least`` is in how many hours or days the users were active.
        """
        return [
            {"segment": segment, "date": when, "at_least": number, "count": count}
            for segment, periods in self.counts.items()
            for when, counts in periods.items()
            for number, count in enumerate(counts, start=1)
        ]


def ask_frequency(
    window: Window,
    *,
    unit: FrequencyUnit,
    addiction_unit: AddictionUnit,
    event: EventName | None,
    where: Where | None,
    on: Property | Where | None,
    limit: int | None,
) -> Flow[Frequency]:
    """Count in how many hours or days of each period users were active.

    https://developer.mixpanel.com/reference/retention-frequency-query

    >>> flow = ask_frequency(
    ...     Window.of("2026-11-09", "2026-11-15"), unit="week", addiction_unit="day",
    ...     event="Sign Up", where=None, on=None, limit=None,
    ... )
    >>> next(flow).path
    '/api/query/retention/addiction'
    """
    params = {
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
        "unit": checked_choice("unit", unit, UNITS),
        "addiction_unit": checked_choice(
            "addiction_unit", addiction_unit, ADDICTION_UNITS
        ),
        **breakdown_params(on, where, limit),
    }
    if event is not None:
        params["event"] = name_of(event)
    answer = yield QueryRequest("/api/query/retention/addiction", params)
    counts = read_counts(answer, is_broken_down=on is not None)
    dates = sorted({when for periods in counts.values() for when in periods})
    return Frequency(unit, addiction_unit, tuple(dates), counts)


def read_counts(
    answer: Answer, *, is_broken_down: bool
) -> dict[str, dict[date, tuple[int, ...]]]:
    """Read the answer, with ``data`` around it or without: the documents show both."""
    body = answer.body
    if isinstance(body, dict) and isinstance(body.get("data"), dict):
        body = body["data"]

    def read(period: object) -> tuple[int, ...] | None:
        if not isinstance(period, list):
            return None
        return AnswerFields(answer, "a period", {"counts": period}).wholes("counts")

    return read_segments(answer, body, read, is_broken_down=is_broken_down)
