"""Rules of what arrives: events, profile updates, and what becomes of them."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, REFERENCE, Rule

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
        "verbose=1 it answers in JSON, with the first problem in words of its own. An "
        "event with another project's token is valid, and ignored.",
        f"{REFERENCE}track-event",
    ),
    Rule(
        "import-answers",
        "documented",
        "/import with strict=1 keeps the valid events beside those that it refuses, "
        "and lists these with status 400, each with its field and a message in words "
        "of its own.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "event-times",
        "documented",
        "Times are epoch seconds or milliseconds, from 1971 on; /track takes those of "
        "the last 5 days, and an event without one has that of its arrival.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "times-ahead",
        "assumed",
        "An event whose time lies up to an hour ahead is kept with that time, so that "
        "a repeat of it counts once; one further ahead is refused.",
        f"{REFERENCE}import-events refuses what is over an hour ahead, and also says "
        "that a time in the future is made that of the arrival.",
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
        "event-sizes",
        "documented",
        "Names of events and properties are cut to 255 characters and texts to 255 "
        "bytes, between characters; an event with 255 properties, a list with 255 "
        "elements, an object with 255 keys, objects nested 4 deep, and an event of "
        "1 MB are refused.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "many-event-names",
        "documented",
        "Events beyond 5,000 names are kept, and Mixpanel would not index them, which "
        "is said in their verdicts; questions find them here all the same.",
        f"{DOCS}data-structure/events-and-properties",
    ),
    Rule(
        "no-hot-shards",
        "documented",
        "Above 200,000 events of one distinct_id a day, Mixpanel makes the others "
        "$hotshard_events; a local project keeps them as they are.",
        f"{DOCS}tracking-best-practices/hot-shard-limits",
    ),
    Rule(
        "groups-of-events",
        "documented",
        "Mixpanel assigns an event to 300 groups at most; a local project keeps the "
        "properties that name them as they are.",
        f"{DOCS}data-structure/group-analytics",
    ),
    Rule(
        "ignored-events",
        "documented",
        "An event with $ignore is dropped without a word.",
        f"{REFERENCE}import-events",
    ),
    Rule(
        "dropped-by-lexicon",
        "documented",
        "Events and properties of events that Lexicon says to drop are dropped when "
        "they arrive.",
        f"{REFERENCE}upload-schemas-for-project",
    ),
    Rule(
        "profile-operations",
        "documented",
        "/engage and /groups take one operation a record, and batches of records; "
        "groups know no $add and no $append. $ignore_time leaves $last_seen as it is.",
        f"{REFERENCE}profile-set",
    ),
    Rule(
        "taking-from-nobody",
        "assumed",
        "$unset and $remove make no profile where there is none.",
        "The documentation says that $union makes one, and that $remove does nothing "
        "if its value is not there.",
    ),
    Rule(
        "profile-sizes",
        "documented",
        "Names and texts of profiles are cut as those of events are; objects have "
        "fewer than 255 keys and 3 levels, an update less than 1 MB, and an update "
        "that would give a profile more than 2,000 properties is refused.",
        f"{DOCS}data-structure/user-profiles",
    ),
    Rule(
        "strict-updates",
        "assumed",
        "/engage and /groups with strict=1 answer as /import does, with status 400 if "
        "an update is refused.",
        "The documentation says that each error is given, and not in which shape.",
    ),
    Rule(
        "order-of-updates",
        "observed",
        "The updates of one request are applied in the order of their $time.",
        "pyramid_mixpanel 0.13.0 relies on it; the documentation does not say.",
    ),
    Rule(
        "large-lists-of-profiles",
        "assumed",
        "$append and $union are refused if the list would have more than 256 KB.",
        "The documentation has the limit, and not what happens beyond it.",
    ),
    Rule(
        "operations-on-other-values",
        "assumed",
        "$add takes what is no number for 0, $append and $union what is no list for "
        "an empty one.",
        "The documentation says what happens to numbers and lists, and to properties "
        "that are missing.",
    ),
    Rule(
        "group-keys",
        "documented",
        "A project has 6 group keys at most: those that it is told, or the first that "
        "come. Updates of groups with others are refused.",
        f"{DOCS}data-structure/group-analytics",
    ),
    Rule(
        "numbers-of-group-keys",
        "assumed",
        "data_group_id counts the group keys from 1, in the order in which they first "
        "came, unless the project is told their numbers.",
        "The documentation says that Mixpanel's settings show such a number.",
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
        "tracking-pixels",
        "documented",
        "With img=1, /track answers with a picture of one transparent pixel.",
        f"{REFERENCE}track-event",
    ),
    Rule(
        "script-answers",
        "assumed",
        "With callback, the answer is a script that calls that function with what "
        "the answer would be.",
        "The documentation says that the function is called, and not with what.",
    ),
    Rule(
        "data-in-the-url",
        "observed",
        "The records of /track, /engage and /groups may stand in the URL, as data.",
        "mixpanel-js 2 sends so with api_method GET; the documentation has POST only.",
    ),
    Rule(
        "imports-of-forms",
        "observed",
        "/import takes a form too, and answers it as /track does unless it says "
        "strict.",
        "mixpanel 5.4.1, Mixpanel's library for Python, sends one.",
    ),
    Rule(
        "imports-unless-strict",
        "assumed",
        "/import with strict=0 leaves out wrong events, fills in what is missing as "
        "/track does, and answers 200 with the number of those that it keeps.",
        "The documentation shows answers of strict=1 only.",
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
