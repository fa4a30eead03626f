"""Rules of questions that count events: numbers over time, names, properties."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import REFERENCE, Rule

__all__ = ["QUESTIONS"]

QUESTIONS: Final = (
    Rule(
        "counts-of-events",
        "documented",
        "/events and /segmentation count events, users, or events a user, by the days, "
        "weeks and months of the project's timezone, both dates included.",
        f"{REFERENCE}list-recent-events",
    ),
    Rule(
        "segments",
        "documented",
        "With on, values of /segmentation are named by the text of what it gives; the "
        "limit leaves the commonest.",
        f"{REFERENCE}segmentation-query",
    ),
    Rule(
        "hour-labels",
        "assumed",
        "Hours and minutes are named by their local time with its UTC offset, such as "
        "2026-11-22T09:00:00+01:00.",
        "The documentation shows the names of days only.",
    ),
    Rule(
        "cut-periods",
        "assumed",
        "A week or month of which the dates leave a part holds that part, and is named "
        "by its first day all the same.",
        "The documentation shows whole ones only.",
    ),
    Rule(
        "order-of-ties",
        "assumed",
        "Of names with equal counts the one that comes first in the alphabet is the "
        "first, and is the one that a limit leaves.",
        "The documentation says that the commonest come first, and no more.",
    ),
    Rule(
        "limit-of-users",
        "assumed",
        "With unique and average, a limit leaves the names whose users, or averages, "
        "of all dates add up to most.",
        "The documentation calls them the top values, and does not say by what.",
    ),
    Rule(
        "names-of-segments",
        "assumed",
        "What is not there is the segment undefined, null is null, and a list or an "
        "object is named by its JSON.",
        "The documentation shows names that are texts and numbers.",
    ),
    Rule(
        "csv-columns",
        "assumed",
        "An answer in CSV has a row for each date, and a column for each name.",
        "The documentation has format=csv, and does not show an answer.",
    ),
    Rule(
        "numeric-bucket-labels",
        "assumed",
        "/segmentation/numeric makes at most eight ranges, 1, 2 or 5 of a power of ten "
        "wide, each named like 2,000 - 2,100.",
        f"{REFERENCE}segmentation-numeric-query shows one name, and not how the ranges "
        "are chosen.",
    ),
    Rule(
        "sums-and-averages",
        "documented",
        "/segmentation/sum and /segmentation/average count what is no number as 0.",
        f"{REFERENCE}segmentation-sum-query",
    ),
    Rule(
        "percent-change",
        "assumed",
        "percent_change of /events/top is the part by which the day so far differs "
        "from the same hours of yesterday, and 1 where yesterday had none.",
        f"{REFERENCE}query-top-events calls it the change from yesterday.",
    ),
    Rule(
        "event-names",
        "documented",
        "/events/names gives the names of the last 31 days, the commonest first.",
        f"{REFERENCE}query-months-top-event-names",
    ),
    Rule(
        "names-of-dates",
        "observed",
        "/events/names takes from_date and to_date.",
        "mixpanel_headless 0.4.0 sends them.",
    ),
    Rule(
        "days-of-properties",
        "assumed",
        "/events/properties/top and /events/properties/values look at the last 31 "
        "days, as /events/names does.",
        "The documentation does not say how far back they look.",
    ),
    Rule(
        "activity",
        "documented",
        "/stream/query gives the events of users, with time in seconds, the oldest "
        "first; no order is promised.",
        f"{REFERENCE}activity-stream-query",
    ),
)
