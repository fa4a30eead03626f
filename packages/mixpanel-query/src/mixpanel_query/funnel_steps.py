"""The steps of a funnel, as Mixpanel counted them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.segment_buckets import OVERALL, first_day, only_bucket
from mixpanel_query.tables import Tabular

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["Funnel", "FunnelStep", "read_funnel"]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of a funnel, in one bucket of time.

    Attributes:
        event: Name of the event; ``$custom_event:`` and a number for a custom one.
        label: What Mixpanel calls the step: the name of the event, or of the custom
            event.
        count: How many users got so far.
        step_conv_ratio: How many of those at the step before got so far, from 0 to 1,
            worked out of the counts; 1 for the first step, None if nobody was there.
        overall_conv_ratio: How many of those at the first step got so far, the same.
        avg_time: Mean seconds from the step before to this one; None for the first
            step, and where Mixpanel gives none.
        avg_time_from_start: Mean seconds from the first step to this one; the same.
        custom_event_id: Number of the custom event; None for any other event.
    """

    event: str
    label: str
    count: int
    step_conv_ratio: float | None
    overall_conv_ratio: float | None
    avg_time: int | float | None
    avg_time_from_start: int | float | None
    custom_event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Funnel(Tabular):
    """How many users took the steps of a funnel, in each bucket of time.

    A user is counted in the bucket in which they took the first step, even if they
    took the last one after it, or after the window.

    Attributes:
        funnel_id: The number of the funnel.
        unit: ``day``, ``week`` or ``month``: what buckets are measured in.
        interval: How many of them a bucket is long.
        dates: The first day of each bucket, in order, in the project's timezone.
        steps: For each segment the steps of each bucket. Everything together is the
            segment ``$overall``, the only one if the funnel was not broken down.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "segment",
        "date",
        "step",
        "event",
        "label",
        "count",
        "step_conv_ratio",
        "overall_conv_ratio",
        "avg_time",
        "avg_time_from_start",
    )

    funnel_id: int
    unit: str
    interval: int
    dates: tuple[date, ...]
    steps: Mapping[str, Mapping[date, tuple[FunnelStep, ...]]]

    def total(self, segment: str = OVERALL) -> tuple[FunnelStep, ...]:
        """Return the steps of the whole window, if it is one bucket.

        Raises:
            InvalidQueryError: If there are several buckets: one user may be in
                several of them. Or if Mixpanel answered no such segment.
        """
        remedy = "ask once with an interval as long as the window"
        return only_bucket(self.steps, self.dates, segment, remedy=remedy) or ()

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every step, segment by segment, in order of date.

        ``step`` is 1 for the first one; the rest is named as in `FunnelStep`.
        """
        return [
            {
                "segment": segment,
                "date": when,
                "step": number,
                "event": step.event,
                "label": step.label,
                "count": step.count,
                "step_conv_ratio": step.step_conv_ratio,
                "overall_conv_ratio": step.overall_conv_ratio,
                "avg_time": step.avg_time,
                "avg_time_from_start": step.avg_time_from_start,
            }
            for segment, buckets in self.steps.items()
            for when in self.dates
            for number, step in enumerate(buckets.get(when, ()), start=1)
        ]


def read_funnel(
    answer: Answer, funnel_id: int, *, unit: str, interval: int, is_broken_down: bool
) -> Funnel:
    """Read the answer of ``/funnels``.

    Without a breakdown, each date has an object with ``steps``. With one it has a
    list of steps for each segment, ``$overall`` among them.

    Raises:
        UnreadableAnswerError: If it does not have one of these shapes.
    """
    data = answer.body.get("data") if isinstance(answer.body, dict) else None
    if not isinstance(data, dict):
        raise answer.unreadable("no 'data' by date")
    steps: dict[str, dict[date, tuple[FunnelStep, ...]]] = {}
    for key, bucket in data.items():
        when = first_day(answer, key)
        segments = segments_of(answer, bucket, is_broken_down=is_broken_down)
        for segment, documents in segments.items():
            by_date = steps.setdefault(segment, {})
            if when in by_date:
                raise answer.unreadable(f"two buckets begin on {when}")
            by_date[when] = read_steps(answer, documents)
    found = {when for by_date in steps.values() for when in by_date}
    dates = tuple(sorted(found | meta_dates(answer)))
    return Funnel(funnel_id, unit, interval, dates, steps)


def meta_dates(answer: Answer) -> set[date]:
    """Return the dates that an answer lists beside its data; it need not."""
    meta = answer.body.get("meta") if isinstance(answer.body, dict) else None
    dates = meta.get("dates") if isinstance(meta, dict) else None
    return {first_day(answer, key) for key in dates or ()}


def segments_of(
    answer: Answer, bucket: object, *, is_broken_down: bool
) -> dict[str, object]:
    """Return the steps of one bucket by segment, in whichever shape they came."""
    if not isinstance(bucket, dict):
        raise answer.unreadable("a bucket of a funnel is no object")
    # A segment, too, may be called "steps", but has no analysis beside it.
    has_analysis = isinstance(bucket.get("analysis"), dict)
    if has_analysis or not is_broken_down:
        return {OVERALL: bucket.get("steps")}
    return bucket


def read_steps(answer: Answer, documents: object) -> tuple[FunnelStep, ...]:
    """Read the steps of one segment in one bucket: a list, or an object with one."""
    if isinstance(documents, dict):
        documents = documents.get("steps")
    if not isinstance(documents, list):
        raise answer.unreadable("the steps of a funnel are no list")
    steps: list[FunnelStep] = []
    for document in documents:
        steps.append(read_step(AnswerFields(answer, "a step", document), steps))
    return tuple(steps)


def read_step(fields: AnswerFields, before: list[FunnelStep]) -> FunnelStep:
    """Read one step, after those ``before`` it."""
    event = fields.text("event")
    label = fields.text_or_none("step_label") or event
    count = fields.whole("count")
    custom = fields.whole_or_none("custom_event_id")
    if not before:
        # Mixpanel documents null, and answers numbers that mean nothing.
        ratio = 1.0 if count else None
        return FunnelStep(event, label, count, ratio, ratio, None, None, custom)
    return FunnelStep(
        event,
        label,
        count,
        ratio_of(count, before[-1].count),
        ratio_of(count, before[0].count),
        fields.number_or_none("avg_time"),
        fields.number_or_none("avg_time_from_start"),
        custom,
    )


def ratio_of(part: int, whole: int) -> float | None:
    """Return the part of a whole; None if there is no whole."""
    return part / whole if whole else None
