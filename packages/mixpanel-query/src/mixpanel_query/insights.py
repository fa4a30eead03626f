"""Insights: what a saved report shows.

It is the successor that Mixpanel names for the endpoints in maintenance mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.insight_dates import read_dates, read_moment
from mixpanel_query.insight_series import Value, read_series
from mixpanel_query.parameters import Unit, checked_choice, checked_number
from mixpanel_query.tables import Tabular
from mixpanel_query.wire import Answer, Flow, QueryRequest

__all__ = ["Insight", "ask_insight"]

UNITS = ("minute", "hour", "day", "week", "month")


@dataclass(frozen=True, slots=True)
class Insight(Tabular):
    """What a saved report showed when it was computed.

    Attributes:
        bookmark_id: The number of the report.
        computed_at: When it was computed, with the offset that Mixpanel says.
        from_date: First day of the report, in the project's timezone.
        to_date: Last day of the report.
        headers: What the names of a value are, level by level: ``$event`` or
            ``$metric`` first, then what the report is broken down by.
        unit: The length of a bucket, if it was said; an answer does not say it.
        dates: The buckets in order; empty for a report that is not over time. Days,
            weeks and months are a ``date``, the first day in the project's timezone;
            hours and minutes are an aware ``datetime``.
        values: For the names of each value, one a header, its buckets. A value that is
            not over time has the bucket None. What all segments together have is
            named ``$overall``.

    >>> monday = date(2020, 8, 31)
    >>> moment = datetime(2020, 9, 21, 16, 35)
    >>> values = {("Logged in",): {monday: 9852}}
    >>> report = Insight(
    ...     1, moment, monday, monday, ("$event",), "week", (monday,), values
    ... )
    >>> report.value("Logged in", when=monday)
    9852
    """

    bookmark_id: int
    computed_at: datetime
    from_date: date
    to_date: date
    headers: tuple[str, ...]
    unit: Unit | None
    dates: tuple[date, ...]
    values: Mapping[tuple[str, ...], Mapping[date | None, Value]]

    @property
    def header_columns(self) -> list[str]:
        """The headers as names of columns."""
        return column_names(self.headers)

    def value(self, *names: str, when: date | None = None) -> Value:
        """Return one value; None if Mixpanel left it out, which for counts means 0.

        Args:
            names: The names of the value, one a header.
            when: The bucket; None for a value that is not over time.

        Raises:
            InvalidQueryError: If the report has nothing of these names.
        """
        if names not in self.values:
            known = ", ".join(map(repr, list(self.values)[:5])) or "nothing"
            raise InvalidQueryError(f"{names!r} is not in the report; it has {known}")
        return self.values[names].get(when)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every value that Mixpanel answered, in order of date.

        Its columns are the headers, then ``date`` and ``value``. Where a header has
        the name of a column before it, or of those two, a number is added to it.
        """
        columns = self.header_columns
        return [
            {**dict(zip(columns, names, strict=True)), "date": when, "value": value}
            for names, buckets in self.values.items()
            for when, value in buckets.items()
        ]


def column_names(headers: tuple[str, ...]) -> list[str]:
    """Return the headers as names of columns, each of them once.

    >>> column_names(("$event", "date", "plan", "plan"))
    ['$event', 'date 2', 'plan', 'plan 2']
    """
    taken = {"date", "value"}
    columns = []
    for header in headers:
        name, number = header, 1
        while name in taken:
            number += 1
            name = f"{header} {number}"
        taken.add(name)
        columns.append(name)
    return columns


def ask_insight(
    bookmark_id: int, *, unit: Unit | None, timezone: tzinfo | None
) -> Flow[Insight]:
    """Ask for what a saved report shows.

    https://developer.mixpanel.com/reference/insights-query
    """
    if unit is not None:
        checked_choice("unit", unit, UNITS)
    params = {"bookmark_id": checked_number("bookmark_id", bookmark_id)}
    answer = yield QueryRequest("/api/query/insights", params)
    return read_insight(answer, bookmark_id, unit=unit, timezone=timezone)


def read_insight(
    answer: Answer, bookmark_id: int, *, unit: Unit | None, timezone: tzinfo | None
) -> Insight:
    """Read the answer of ``/insights``.

    Raises:
        UnreadableAnswerError: If it does not have the documented shape.
    """
    fields = AnswerFields(answer, "the report", answer.body)
    window = AnswerFields(answer, "the date_range", fields.document.get("date_range"))
    headers = fields.texts("headers")
    by_key = read_series(answer, fields.document.get("series"), headers)
    keys = {key for buckets in by_key.values() for key in buckets if key is not None}
    dates = read_dates(answer, keys, unit=unit, timezone=timezone)
    values = {
        names: in_order(
            {
                None if key is None else dates[key]: value
                for key, value in buckets.items()
            }
        )
        for names, buckets in by_key.items()
    }
    return Insight(
        bookmark_id,
        read_moment(answer, fields.text("computed_at")),
        read_moment(answer, window.text("from_date")).date(),
        read_moment(answer, window.text("to_date")).date(),
        headers,
        unit,
        tuple(sorted(dates.values())),
        values,
    )


def in_order(buckets: dict[date | None, Value]) -> dict[date | None, Value]:
    """Return buckets in order of date, what is not over time first."""
    dated = sorted(when for when in buckets if when is not None)
    first = [None] if None in buckets else []
    return {when: buckets[when] for when in [*first, *dated]}
