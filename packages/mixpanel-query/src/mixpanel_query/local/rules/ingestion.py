"""Rules of what arrives: events, profile updates, and what becomes of them."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import REFERENCE, Rule

__all__ = ["INGESTION"]

INGESTION: Final = (
    Rule(
        "event-deduplication",
        "documented",
        "Events with the same event, distinct_id, time and $insert_id count once in "
        "questions, of which the one that came last is shown; the export gives each "
        "of them.",
        f"{REFERENCE}event-deduplication",
    ),
    Rule(
        "track-answers",
        "documented",
        "/track answers 1 if one of its events was valid and 0 if none was; with "
        "verbose=1 it answers in JSON, with the first problem. An event with another "
        "project's token is valid, and ignored.",
        f"{REFERENCE}track-event",
    ),
    Rule(
        "import-answers",
        "documented",
        "/import with strict=1 keeps the valid events beside those that it refuses, "
        "and lists these with status 400.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "event-times",
        "documented",
        "Times are epoch seconds or milliseconds, from 1971 on and at most an hour "
        "ahead; /track takes those of the last 5 days, and the time of arrival for "
        "one that is missing.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "event-users",
        "documented",
        "An empty distinct_id is nobody; a missing one is a hash of the sender's "
        "address, and refused by /import with strict=1; the names on Mixpanel's list, "
        "such as undefined, are refused.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "ignored-events",
        "documented",
        "An event with $ignore is dropped without a word.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "profile-operations",
        "documented",
        "/engage and /groups take one operation a record, and batches of records.",
        f"{REFERENCE}profile-set",
    ),
    Rule(
        "surrogate-pairs",
        "observed",
        "In base64, a character beyond U+FFFF may be written as the two halves of its "
        "surrogate pair, in three bytes each.",
        "mixpanel-browser writes them so: "
        "https://github.com/mixpanel/mixpanel-js/blob/master/src/utils.js",
    ),
    Rule(
        "large-property",
        "assumed",
        "A list or an object of more than 8 KB of JSON, or 256 KB in a profile, is "
        "left out of what is kept.",
        "The documentation has the limits, and not what happens beyond them.",
    ),
    Rule(
        "numbers-as-ids",
        "assumed",
        "A number as distinct_id is made a text, but by /import with strict=1.",
        "The documentation says that ids are texts, and not what happens to others.",
    ),
    Rule(
        "insert-ids-unless-strict",
        "assumed",
        "An event whose $insert_id is too long, or has other signs than letters, "
        "digits and hyphens, is refused by /track and /import with strict=0 too.",
        "The documentation has the rule for /import with strict=1.",
    ),
    Rule(
        "invalid-ids-in-any-case",
        "assumed",
        "Ids that stand for nobody, such as undefined, are refused in capitals too.",
        "The documentation lists them in small letters.",
    ),
    Rule(
        "no-places",
        "assumed",
        "No address or position is looked up; $city, $region and the country stay as "
        "they were sent.",
        "The documentation does not say which place an address gives.",
    ),
)
