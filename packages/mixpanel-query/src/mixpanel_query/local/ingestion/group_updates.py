"""Updates of groups: which ones Mixpanel would take.

Nothing asks a local project for groups, so they are checked and shown, not kept.
https://developer.mixpanel.com/reference/group-set-property and the pages beside it.
"""

from __future__ import annotations

from mixpanel_query.local.ingestion.events import Refusal, check_storable
from mixpanel_query.local.profiles.profile_updates import judged_operation

__all__ = ["judge_group_update"]

# Unlike profiles, groups know no $add and no $append.
OPERATIONS = ("$set", "$set_once", "$unset", "$remove", "$union", "$delete")


def judge_group_update(record: object, *, token: str | None) -> str | None:
    """Return the operation of a record, or None if it carries another token.

    Args:
        record: A record of ``/groups``: one operation beside the meta keys.
        token: Token of the project; None if any will do.

    Raises:
        Refusal: If the record breaks a rule.
    """
    if not isinstance(record, dict):
        raise Refusal("", "an update is a JSON object")
    for name in ("$token", "$group_key", "$group_id"):
        if not isinstance(record.get(name), str) or not record[name]:
            raise Refusal(name, f"'{name}' must be a text, not empty")
    operation = judged_operation(record, OPERATIONS)
    check_storable(operation, record[operation])
    return operation if token in (None, record["$token"]) else None
