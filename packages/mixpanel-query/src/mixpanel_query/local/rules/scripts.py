"""Rules of JQL."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, REFERENCE, Rule

__all__ = ["SCRIPTS"]

SCRIPTS: Final = (
    Rule(
        "jql",
        "documented",
        "Scripts have the sources, transformations, reducers and buckets of the "
        "documentation, and _ with the functions of Underscore.",
        f"{DOCS}reports/apps/jql",
    ),
    Rule(
        "jql-accumulators",
        "documented",
        "A reducer is called with several partial accumulators, already for two items.",
        f"{DOCS}reports/apps/jql",
    ),
    Rule(
        "jql-keys",
        "documented",
        "The key of a group is a list, also where it holds one value only.",
        f"{DOCS}reports/apps/jql; one of its examples shows a single key without a "
        "list.",
    ),
    Rule(
        "jql-times",
        "documented",
        "Times are milliseconds since 1970 in the project's timezone.",
        f"{DOCS}reports/apps/jql",
    ),
    Rule(
        "jql-error-status",
        "assumed",
        "A script that fails is answered with status 412, and says where it failed.",
        "The documentation names no status for it.",
    ),
    Rule(
        "jql-below-buckets",
        "assumed",
        "A number below the first boundary of numeric_bucket is in no bucket: its key "
        "is null.",
        "The documentation does not speak of it.",
    ),
    Rule(
        "jql-nobody",
        "assumed",
        "An event whose distinct_id is the empty text has none in a script.",
        "The documentation says so of an event that was sent without one.",
    ),
    Rule(
        "jql-equals-in-top",
        "assumed",
        "Of items with equal values the one that came first is the first of top, and "
        "is the one that its limit leaves.",
        "The documentation says that the items with the highest values are given.",
    ),
    Rule(
        "jql-mixed-sorts",
        "assumed",
        "Numbers are sorted before texts, and these before true and false, and null.",
        "The documentation sorts values of one type.",
    ),
    Rule(
        "jql-nothing-to-reduce",
        "assumed",
        "The average, least, greatest or percentile of no numbers is null.",
        "The documentation reduces items that have numbers.",
    ),
    Rule(
        "jql-join-sides",
        "assumed",
        "Of a join, events are the left side, and profiles the right one.",
        f"{REFERENCE}query-jql and {DOCS}reports/apps/jql name the types, and do not "
        "say which side is which.",
    ),
    Rule(
        "jql-selector-labels",
        "assumed",
        "The label of a selector changes nothing.",
        "The documentation shows it in an example, and does not say what it does.",
    ),
)
