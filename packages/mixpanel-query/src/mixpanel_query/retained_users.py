"""Users who came back, as Mixpanel counted them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.segment_buckets import OVERALL, only_bucket, read_segments
from mixpanel_query.tables import Tabular

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["RetainedUsers", "Retention", "read_retention"]


@dataclass(frozen=True, slots=True)
class RetainedUsers:
    """Users who began in one bucket of time, and how many of them came back.

    Attributes:
        first: How many users began.
        counts: How many of them came back in each interval; number 0 is less than
            one interval after they began. This is no funnel: counts may rise.

    >>> RetainedUsers(10, (9, 7, 6)).ratios
    (0.9, 0.7, 0.6)
    """

    first: int
    counts: tuple[int, ...]

    @property
    def ratios(self) -> tuple[float | None, ...]:
        """The counts as parts of `first`, from 0 to 1; None if nobody began."""
        return tuple(
            count / self.first if self.first else None for count in self.counts
        )


@dataclass(frozen=True, slots=True)
class Retention(Tabular):
    """How many users came back, by the bucket of time in which they began.

    Attributes:
        retention_type: ``birth`` counts those who began with the born event,
            ``compounded`` those who did the event, whenever they do it again.
        unit: ``day``, ``week`` or ``month``: what intervals are measured in.
        interval: How many of them an interval is long.
        dates: The first day of each bucket, in order, in the project's timezone.
        users: For each segment the users of each bucket. Everything together is the
            segment ``$overall``, the only one if nothing was broken down.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "segment",
        "date",
        "first",
        "interval",
        "count",
        "ratio",
    )

    retention_type: str
    unit: str
    interval: int
    dates: tuple[date, ...]
    users: Mapping[str, Mapping[date, RetainedUsers]]

    def total(self, segment: str = OVERALL) -> RetainedUsers | None:
        """Return the users of the whole window, if it is one bucket; None if empty.

        Raises:
            InvalidQueryError: If there are several buckets: one user may be in
                several of them. Or if Mixpanel answered no such segment.
        """
        remedy = "compare the ratios of the buckets instead"
        return only_bucket(self.users, self.dates, segment, remedy=remedy)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every interval, segment by segment, in order of date.

        ``interval`` is 0 for what is less than one interval after the first event;
        ``ratio`` is ``count`` as a part of ``first``.
        """
        return [
            {
                "segment": segment,
                "date": when,
                "first": users.first,
                "interval": number,
                "count": count,
                "ratio": ratio,
            }
            for segment, buckets in self.users.items()
            for when, users in buckets.items()
            for number, (count, ratio) in enumerate(
                zip(users.counts, users.ratios, strict=True)
            )
        ]


def read_retention(
    answer: Answer,
    *,
    retention_type: str,
    unit: str,
    interval: int,
    is_broken_down: bool,
) -> Retention:
    """Read the answer of ``/retention``.

    Raises:
        UnreadableAnswerError: If it does not have the documented shape.
    """

    def read(bucket: object) -> RetainedUsers | None:
        if not isinstance(bucket, dict) or not isinstance(bucket.get("counts"), list):
            return None
        fields = AnswerFields(answer, "a bucket of retention", bucket)
        return RetainedUsers(fields.whole("first"), fields.wholes("counts"))

    users = read_segments(answer, answer.body, read, is_broken_down=is_broken_down)
    dates = sorted({when for buckets in users.values() for when in buckets})
    return Retention(retention_type, unit, interval, tuple(dates), users)
