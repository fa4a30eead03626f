"""Rules of who did something: identities, and merging them."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, Rule

__all__ = ["IDENTITIES"]

PAGES: Final = f"{DOCS}tracking-methods/id-management/"

IDENTITIES: Final = (
    Rule(
        "identity-merge",
        "documented",
        "The first event with both a $device_id and a $user_id merges the device into "
        "the user; questions and exports see the user in all events of the device, "
        "also in earlier ones, and at once.",
        f"{PAGES}identifying-users-simplified",
    ),
    Rule(
        "first-user-of-a-device",
        "observed",
        "A device that was merged stays with its user; events from it with another "
        "$user_id are the other user's.",
        "ak--47/mixpanel-import probed a project with Simplified ID Merge.",
    ),
    Rule(
        "jql-ids-as-sent",
        "observed",
        "JQL sees events with the distinct_id that they arrived with, also where their "
        "device was merged into a user.",
        "ak--47/mixpanel-import probed a project with Simplified ID Merge.",
    ),
)
