"""Which questions give a wanted number, and which are asked if those are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mixpanel_slack_report.collection.buckets import (
    Buckets,
    day_buckets,
    single_bucket,
    window_buckets,
)
from mixpanel_slack_report.collection.questions import (
    ActiveQuestion,
    BucketQuestion,
    EventQuestion,
    ScriptQuestion,
    SumQuestion,
)
from mixpanel_slack_report.collection.wanted import Wanted
from mixpanel_slack_report.periods import ReportWindows, Window

__all__ = ["bucket_questions", "shorter_questions", "single_questions"]


def bucket_questions(
    wanted: Wanted, event: str, windows: Sequence[Window], *, week_start: int
) -> tuple[BucketQuestion, ...]:
    """Choose the questions that give a number in several windows.

    Args:
        wanted: The number, which is none of a saved report.
        event: Which of its events is counted; for active users it is all of them.
        windows: The days, the oldest first.
        week_start: The weekday on which the project's weeks start, Monday being 0.

    Returns:
        One question, or one for each window if users are counted and nothing fits.
    """
    purpose, where = replace(wanted, events=(event,)).purpose, wanted.where
    days = day_buckets(windows)
    whole = window_buckets(windows, week_start=week_start)
    if wanted.kind == "total":
        return (EventQuestion(event, where, "general", days, purpose),)
    if wanted.kind == "sum":
        return (SumQuestion(event, where, wanted.on, days, purpose),)
    if wanted.kind == "unique":
        return tuple(
            EventQuestion(event, where, "unique", buckets, purpose) for buckets in whole
        )
    if wanted.events or whole[0].interval is not None:
        windows = tuple(windows)
        return (ScriptQuestion(wanted.events, where, windows, wanted.purpose),)
    return (ActiveQuestion(where, whole[0], wanted.purpose),)


def shorter_questions(
    question: BucketQuestion, windows: ReportWindows, *, week_start: int
) -> tuple[BucketQuestion, ...]:
    """Choose what to ask if the days of a trend reach back too far.

    Returns:
        What gives the two windows that are compared; nothing if ``question`` does.
    """
    two = (windows.compared, windows.current)
    if isinstance(question, ScriptQuestion):
        return () if question.windows == two else (replace(question, windows=two),)
    by_windows = isinstance(question, ActiveQuestion) or (
        not isinstance(question, SumQuestion) and question.kind == "unique"
    )
    choice: Sequence[Buckets] = (
        window_buckets(two, week_start=week_start) if by_windows else [day_buckets(two)]
    )
    if question.buckets in choice:
        return ()
    return tuple(replace(question, buckets=buckets) for buckets in choice)


def single_questions(
    question: BucketQuestion, windows: ReportWindows, events: Sequence[str]
) -> tuple[BucketQuestion, ...]:
    """Choose what to ask if the buckets of an answer are not those asked for.

    Args:
        question: What was answered in other buckets.
        windows: The days to report, which are asked for first, and those to compare.
        events: Those of its events that are needed.
    """
    if isinstance(question, ScriptQuestion):
        return ()
    each = (windows.current, windows.compared)
    if isinstance(question, ActiveQuestion):
        two = (windows.compared, windows.current)
        return (ScriptQuestion((), question.where, two, question.purpose),)
    if isinstance(question, SumQuestion) or question.kind == "general":
        return tuple(
            replace(question, buckets=day_buckets((window,))) for window in each
        )
    where = question.where if isinstance(question, EventQuestion) else ""
    return tuple(
        EventQuestion(
            event, where, "unique", single_bucket(window), f"unique users of {event!r}"
        )
        for window in each
        for event in events
    )
