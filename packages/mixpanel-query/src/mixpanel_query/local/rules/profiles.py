"""Rules of profiles and cohorts."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import REFERENCE, Rule

__all__ = ["PROFILES"]

PROFILES: Final = (
    Rule(
        "profile-pages",
        "documented",
        "/engage gives profiles by pages of 1,000, which a session holds still.",
        f"{REFERENCE}engage-query",
    ),
    Rule(
        "profile-totals",
        "observed",
        "total counts the profiles of all pages.",
        f"mixpanel_utils 2.2.7 and mixpanel_headless 0.4.0 read it so; "
        f"{REFERENCE}engage-query calls it the count of the answer.",
    ),
    Rule(
        "profile-selectors",
        "observed",
        "selector is another name of where.",
        "mixpanel_utils 2.2.7 sends it.",
    ),
    Rule(
        "profile-requests",
        "observed",
        "Profiles may be asked for by GET, or with a JSON object in place of a form.",
        "mixpanel_utils 2.2.7 does the one, mixpanel_headless 0.4.0 the other; "
        f"{REFERENCE}engage-query has a form.",
    ),
    Rule(
        "members-without-profile",
        "assumed",
        "A member of a cohort who has no profile meets the conditions that a profile "
        "without properties meets.",
        "The documentation does not speak of where beside include_all_users.",
    ),
    Rule(
        "cohorts",
        "documented",
        "/cohorts/list gives saved cohorts; /engage filters by one, and gives members "
        "without a profile too, unless include_all_users is false.",
        f"{REFERENCE}cohorts-list",
    ),
)
