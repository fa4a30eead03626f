"""Rules of who did something: identities, and merging them."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, Rule

__all__ = ["IDENTITIES"]

PAGES: Final = f"{DOCS}tracking-methods/id-management/"
PROBE: Final = "ak--47/mixpanel-import probed a project with Simplified ID Merge."

IDENTITIES: Final = (
    Rule(
        "identity-of-events",
        "documented",
        "The distinct_id of an event is its $user_id, or else '$device:' and its "
        "$device_id; where it has neither, its own distinct_id says the $device_id, if "
        "it begins with '$device:', or else the $user_id.",
        f"{PAGES}migrating-to-simplified-id-merge-system",
    ),
    Rule(
        "ids-of-other-types",
        "assumed",
        "A $user_id or $device_id that is neither a text nor a whole number is a "
        "property like others, and names nobody.",
        "The documentation shows texts, and does not say what happens to others.",
    ),
    Rule(
        "identity-merge",
        "documented",
        "The first event with both a $device_id and a $user_id merges the device into "
        "the user; questions and exports see the user in all events of the device, "
        "also in earlier ones, and at once.",
        f"{PAGES}identifying-users-simplified",
    ),
    Rule(
        "profiles-of-devices",
        "documented",
        "The profile of a device stays as it is, and is not carried over to the user "
        "whom the device is merged into.",
        f"{PAGES}identifying-users-simplified",
    ),
    Rule(
        "identity-events",
        "documented",
        "$identify, $create_alias and $merge are ignored: they merge nobody, and are "
        "not kept.",
        f"{PAGES}migrating-to-simplified-id-merge-system",
    ),
    Rule(
        "imports-of-identity-events",
        "observed",
        "/import with strict=1 refuses a batch in which one of those is, all of it, "
        "with a list of texts as failed_records.",
        PROBE,
    ),
    Rule(
        "first-user-of-a-device",
        "observed",
        "A device that was merged stays with its user; events from it with another "
        "$user_id are the other user's.",
        PROBE,
    ),
    Rule(
        "jql-ids-as-sent",
        "observed",
        "JQL sees events with the distinct_id that they arrived with, also where their "
        "device was merged into a user.",
        PROBE,
    ),
)
