"""What a local project always answers 501, as it has nothing like it."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, REFERENCE, Rule

__all__ = ["REFUSALS"]

REFUSALS: Final = (
    Rule(
        "behaviors",
        "refused",
        "Profiles are not chosen by behaviors, in no parameter and in no expression.",
        f"{REFERENCE}engage-query has the parameter, and does not say what it holds.",
    ),
    Rule(
        "sampling",
        "refused",
        "Answers are never of a sample, and sampling_factor of an event is always 1.",
        f"{DOCS}reports/apps/jql",
    ),
    Rule(
        "lookup-tables",
        "refused",
        "There are no lookup tables.",
        f"{REFERENCE}lookup-tables",
    ),
    Rule(
        "custom-events",
        "refused",
        "There are no custom events, whose names begin with $custom_event:.",
        f"{DOCS}features/custom-events",
    ),
    Rule(
        "original-id-merge",
        "refused",
        "A project merges identities as Simplified ID Merge does, and in no other way.",
        f"{DOCS}tracking-methods/id-management",
    ),
    Rule(
        "profile-sorting",
        "refused",
        "Profiles are not sorted by sort_key, and not searched with search.",
        "mixpanel_headless 0.4.0 sends them; the documentation has no such parameters.",
    ),
    Rule(
        "cohorts-of-groups",
        "refused",
        "Cohorts are of users; groups are not chosen by filter_by_cohort.",
        f"{DOCS}data-structure/group-analytics",
    ),
    Rule(
        "jql-csv",
        "refused",
        "Scripts are not answered in CSV.",
        "mixpanel-jql 0.5.1 asks for it; nobody shows an answer.",
    ),
    Rule(
        "undocumented-endpoints",
        "refused",
        "There are no endpoints but the documented ones of ingestion, the Query API, "
        "the export, annotations and Lexicon.",
        f"{REFERENCE}overview",
    ),
)
