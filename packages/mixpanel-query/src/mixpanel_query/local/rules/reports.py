"""Rules of reports: funnels, retention, frequency, and Insights."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import REFERENCE, Rule

__all__ = ["REPORTS"]

REPORTS: Final = (
    Rule(
        "funnels",
        "documented",
        "A funnel counts, by the day of their first step, the users who take the steps "
        "of a saved funnel in time, also after to_date.",
        f"{REFERENCE}funnels-query",
    ),
    Rule(
        "funnel-reentry",
        "assumed",
        "A user who takes the first step again begins anew: in each bucket the attempt "
        "that got furthest counts, and of several such the first.",
        "The documentation does not speak of it.",
    ),
    Rule(
        "events-of-one-moment",
        "assumed",
        "Of two events of one moment that have different names the one that is asked "
        "for as the later one is the later one; of two of the same name, none is.",
        "The documentation does not speak of it.",
    ),
    Rule(
        "funnel-last-moment",
        "assumed",
        "A step that is taken exactly at the end of the length still counts.",
        "The documentation does not say which side the end is on.",
    ),
    Rule(
        "worst-of-ties",
        "assumed",
        "Of several steps with the highest drop-off, worst is the first one.",
        "The documentation says that it is the step with the highest drop-off.",
    ),
    Rule(
        "funnel-breakdown",
        "observed",
        "With on, each date has a list of steps for each segment, and for $overall.",
        "mixpanel_headless 0.4.0 and singer-io/tap-mixpanel read it.",
    ),
    Rule(
        "retention",
        "documented",
        "/retention counts who began, and who came back in each interval; intervals of "
        "users who begin with their first event (birth) or with any (compounded).",
        f"{REFERENCE}retention-query",
    ),
    Rule(
        "retention-anchors",
        "assumed",
        "Intervals begin for each user at the moment of the event with which they "
        "began, and that event is none of coming back.",
        "The documentation does not say at which moment an interval begins.",
    ),
    Rule(
        "retention-births",
        "assumed",
        "With birth, a user begins with the first such event between the dates, "
        "whatever there was before.",
        "The documentation says first time, and not since when.",
    ),
    Rule(
        "retention-intervals",
        "assumed",
        "With an interval of several units, who began is counted by as many of them, "
        "the first ones from from_date on.",
        "The documentation speaks of the intervals after which users come back.",
    ),
    Rule(
        "retention-months",
        "assumed",
        "An interval of a month has 30 days.",
        "The documentation does not say how long it is.",
    ),
    Rule(
        "retention-breakdown",
        "assumed",
        "With on, each date has the counts of each segment, and of $overall; without a "
        "limit there are at most 255 segments.",
        f"{REFERENCE}retention-query has on, and does not show an answer.",
    ),
    Rule(
        "frequency",
        "documented",
        "/retention/addiction counts the users who were active in at least 1, 2 and so "
        "on hours or days of each period; the answer stands below data.",
        f"{REFERENCE}retention-frequency-query",
    ),
    Rule(
        "frequency-breakdown",
        "assumed",
        "With on, each period has the counts of each segment, and of $overall; without "
        "a limit there are at most 255 segments.",
        f"{REFERENCE}retention-frequency-query has on, and does not show an answer.",
    ),
    Rule(
        "insights",
        "documented",
        "/insights answers a saved report, as headers describe it.",
        f"{REFERENCE}insights-query",
    ),
    Rule(
        "insights-totals",
        "observed",
        "With a breakdown, each event has $overall beside its segments; a value that "
        "is not over time has the key all.",
        "mixpanel_headless 0.4.0 reads both.",
    ),
)
