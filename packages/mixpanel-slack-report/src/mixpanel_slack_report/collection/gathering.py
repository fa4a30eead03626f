"""Asks for everything that a report needs, in as few rounds as there can be.

The names of the project's events come first, and with them whatever needs no name.
Then goes what is about events that are listed; then what is about events that are
known by their counts alone, and what is asked again because Mixpanel refused its days
or answered in other buckets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias, cast

from mixpanel_slack_report.collection.buckets import day_buckets, window_buckets
from mixpanel_slack_report.collection.call_plan import CallPlan
from mixpanel_slack_report.collection.choice import (
    bucket_questions,
    shorter_questions,
    single_questions,
)
from mixpanel_slack_report.collection.inquiry import (
    Inquiry,
    is_refused,
    reaches_too_far,
)
from mixpanel_slack_report.collection.questions import (
    BucketQuestion,
    CountQuestion,
    NamesQuestion,
    NotesQuestion,
    Question,
    SavedQuestion,
    ScriptQuestion,
    SumQuestion,
)
from mixpanel_slack_report.collection.readings import (
    ANY_EVENT,
    Add,
    BucketCounts,
    Counts,
    Failure,
    Reading,
    active_days,
    exact_sum,
    foreign_days,
    merge_readings,
    read_events,
    whole_sum,
)
from mixpanel_slack_report.collection.saved_report import read_saved
from mixpanel_slack_report.collection.statuses import Knowledge
from mixpanel_slack_report.collection.wanted import TOTALS, USERS, Wanted

__all__ = ["Gathering"]

# What is shown by counts that are asked for again is asked for after that.
MOST_ROUNDS = 3
Asked: TypeAlias = tuple[Wanted, BucketQuestion]


class Gathering:
    """The answers of one report; used by one thread.

    Args:
        plan: What to ask.
        inquiry: Puts the questions.

    Attributes:
        names: The project's events, or why they are not known.
        notes: The notes of the reported days, or why they are not known.
        answers: What was asked for each number, and what came back.
    """

    def __init__(self, plan: CallPlan, inquiry: Inquiry) -> None:
        self.plan = plan
        self.inquiry = inquiry
        self.asked = plan.asked
        self.names: tuple[str, ...] | Failure = ()
        self.notes: tuple[tuple[date, str], ...] | Failure = ()
        self.saved: dict[Wanted, object] = {}
        self.counted: tuple[str, ...] = ()
        self.answers: dict[Wanted, list[tuple[BucketQuestion, object]]] = {}

    def ask_names(self) -> None:
        """Ask for the names, and for what needs none."""
        saved = [wanted for wanted in self.plan.singles if wanted.kind == "saved"]
        active = [
            asked
            for wanted in self.plan.singles
            if wanted.kind == "active" and not wanted.events
            for asked in self.questions(wanted, "")
        ]
        questions: list[Question] = [NamesQuestion()]
        questions += [SavedQuestion(one.report_id, one.purpose) for one in saved]
        questions += [question for _, question in active]
        if self.plan.has_notes:
            questions.append(NotesQuestion(self.plan.windows.current))
        answers = iter(self.inquiry.ask(questions))
        names = cast("list[str] | Failure", next(answers))
        # One without a name, which nobody can ask for, is passed over.
        self.names = names if isinstance(names, Failure) else tuple(filter(None, names))
        self.saved = {one: next(answers) for one in saved}
        for asked in active:
            self.keep(asked, next(answers))
        if self.plan.has_notes:
            notes = cast("tuple[tuple[date, str], ...] | Failure", next(answers))
            self.notes = notes

    def ask_counts(self, counted: tuple[str, ...]) -> None:
        """Ask how often events happened, and for users of events that are listed.

        Args:
            counted: The events to count; those of metrics, and the commonest.
        """
        self.counted = counted
        two = (self.plan.windows.compared, self.plan.windows.current)
        early = [answer for found in self.answers.values() for _, answer in found]
        if any(map(reaches_too_far, early)):
            self.asked = two
        days = day_buckets(self.asked)
        batch: list[Asked] = [
            (TOTALS, CountQuestion(counted, "general", days, "totals"))
        ]
        if self.plan.users:
            (buckets,) = window_buckets(self.asked, week_start=self.plan.week_start)
            users = tuple(
                dict.fromkeys(e for one in self.plan.together for e in one.events)
            )
            question = CountQuestion(users, "unique", buckets, "unique users")
            batch.append((USERS, question))
        for wanted in self.plan.singles:
            if self.is_listed(wanted):
                batch += self.questions(wanted, wanted.events[0])
        self.ask(batch)

    def doubt_names(self, *, since: date) -> None:
        """Take an empty list of names for none, if events of its days were counted.

        Args:
            since: First day whose events are listed.
        """
        days = self.knowledge().active_days
        if self.names == () and any(day >= since for day in days):
            self.names = Failure("Mixpanel lists no event names, but counted events")

    def is_listed(self, wanted: Wanted) -> bool:
        """Whether the list of names settles which event is counted."""
        if isinstance(self.names, Failure) or not wanted.events:
            return False
        events = wanted.events if wanted.kind == "active" else wanted.events[:1]
        return set(events) <= set(self.names)

    def ask_rest(self) -> None:
        """Ask for events that only their counts show, and again what was refused.

        A round may show what the next one asks for: counts that were refused at first
        may be known after it.
        """
        for _ in range(MOST_ROUNDS):
            waiting = self.waiting()
            known = self.knowledge() if waiting else None
            ready: list[Asked] = []
            for wanted in waiting:
                event = known.first_known(wanted.events) if known else None
                if event is not None:
                    ready += self.questions(wanted, event)
            failed = all(isinstance(one, Failure) for _, one in self.answers[TOTALS])
            # Counts that are asked for again may show which of those are known.
            kept = sum(self.plan.cost(one).calls for one in waiting) if failed else 0
            batch = self.again(reserve=max(len(ready), kept)) + ready
            if not batch:
                return
            self.ask(batch)

    def waiting(self) -> list[Wanted]:
        """List the numbers that were not asked for, as their event is not known."""
        return [
            wanted
            for wanted in self.plan.singles
            if wanted.kind != "saved" and wanted not in self.answers
        ]

    def questions(self, wanted: Wanted, event: str) -> list[Asked]:
        """Choose the questions for a number."""
        chosen = bucket_questions(
            wanted, event, self.asked, week_start=self.plan.week_start
        )
        return [(wanted, question) for question in chosen]

    def ask(self, batch: Sequence[Asked]) -> None:
        """Put questions at once, and keep the answers."""
        answers = self.inquiry.ask([question for _, question in batch])
        for asked, answer in zip(batch, answers, strict=True):
            self.keep(asked, answer)

    def keep(self, asked: Asked, answer: object) -> None:
        """Keep an answer."""
        wanted, question = asked
        self.answers.setdefault(wanted, []).append((question, answer))

    def again(self, *, reserve: int) -> list[Asked]:
        """Choose what to ask in the place of what failed, as far as calls are left."""
        left = self.inquiry.left - reserve
        put = {question for found in self.answers.values() for question, _ in found}
        chosen = [
            (wanted, other)
            for wanted, found in self.answers.items()
            for question, answer in found
            for other in self.instead(wanted, question, answer)
            if other not in put
        ]
        return list(dict.fromkeys(chosen))[: max(left, 0)]

    def instead(
        self, wanted: Wanted, question: BucketQuestion, answer: object
    ) -> tuple[BucketQuestion, ...]:
        """Choose what to ask in the place of one question; nothing if it did well."""
        windows, week_start = self.plan.windows, self.plan.week_start
        # A filter that is no expression is refused, too, whatever the days are.
        has_filter = not isinstance(question, CountQuestion) and question.where
        if reaches_too_far(answer) or (is_refused(answer) and not has_filter):
            return shorter_questions(question, windows, week_start=week_start)
        if isinstance(answer, Failure):
            return ()
        if not foreign_days(cast("Counts", answer), question.buckets):
            return ()
        known = self.knowledge()
        events: Iterable[str | None] = question.events
        if wanted == USERS:
            events = (known.first_known(one.events) for one in self.plan.together)
        return single_questions(
            question, windows, tuple(dict.fromkeys(filter(None, events)))
        )

    def knowledge(self) -> Knowledge:
        """Return what is known of the events, from the answers so far."""
        totals = self.readings(TOTALS, self.counted)
        days: frozenset[date] = frozenset()
        for question, answer in self.answers.get(TOTALS, []):
            counts = cast("Counts | Failure", answer)
            if isinstance(counts, Failure) or not foreign_days(
                counts, question.buckets
            ):
                days |= active_days(counts)
        return Knowledge(self.names, totals, days, self.plan.windows)

    def readings(self, wanted: Wanted, events: Sequence[str]) -> dict[str, Reading]:
        """Read what was answered for a number, event by event."""
        found: dict[str, list[Reading]] = {event: [] for event in events}
        for question, answer in self.answers.get(wanted, []):
            counts = cast("Counts | Failure", answer)
            add: Add = whole_sum
            if isinstance(question, SumQuestion):
                add, counts = exact_sum, self.with_quiet_days(question, counts)
            for event, reading in read_events(
                counts, question.buckets, self.plan.windows, question.events, add=add
            ).items():
                found.setdefault(event, []).append(reading)
        return {event: merge_readings(parts) for event, parts in found.items() if parts}

    def with_quiet_days(
        self, question: SumQuestion, counts: Counts | Failure
    ) -> Counts | Failure:
        """Take days as answered on which the event surely did not happen."""
        if isinstance(counts, Failure):
            return counts
        quiet: set[date] = set()
        for asked, answer in self.answers.get(TOTALS, []):
            totals = cast("Counts | Failure", answer)
            if isinstance(totals, Failure) or foreign_days(totals, asked.buckets):
                continue
            by_day = totals.values.get(question.event)
            if by_day is not None:
                quiet |= {day for day in totals.dates if not by_day.get(day, 0)}
        covered = quiet & set(question.buckets.starts)
        return BucketCounts({*counts.dates, *covered}, counts.values)

    def reading_of(self, wanted: Wanted, event: str) -> Reading | None:
        """Read what was answered for a number of its own; None if it was not asked."""
        if wanted.kind == "saved":
            return read_saved(self.saved[wanted], self.plan.windows.current)
        key = ANY_EVENT if wanted.kind == "active" else event
        return self.readings(wanted, ()).get(key)

    def has_script(self, wanted: Wanted) -> bool:
        """Whether a number was counted by a script, whose users are other ones."""
        return any(
            isinstance(question, ScriptQuestion)
            for question, _ in self.answers.get(wanted, [])
        )
