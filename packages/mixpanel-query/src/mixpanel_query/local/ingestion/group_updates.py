"""Updates of the profiles of groups: which ones Mixpanel would take.

https://developer.mixpanel.com/reference/group-set-property and the pages beside it.
"""

from __future__ import annotations

from mixpanel_query.local.profiles.group_keys import GroupKeys
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate, judged_value
from mixpanel_query.local.records.judging import Notes, Refusal, check_storable

__all__ = ["judge_group_update"]

# Unlike profiles of users, groups know no $add and no $append.
OPERATIONS = ("$set", "$set_once", "$unset", "$remove", "$union", "$delete")


def judge_group_update(
    record: object,
    notes: Notes,
    *,
    token: str | None,
    group_keys: GroupKeys,
) -> ProfileUpdate | None:
    """Return the update of a record, or None if it carries another token.

    Args:
        record: A record of ``/groups``: one operation beside the meta keys.
        notes: Takes what there is to say of it.
        token: Token of the project; None if any will do.
        group_keys: The group keys of the project.

    Raises:
        Refusal: If the record breaks a rule.
    """
    if not isinstance(record, dict):
        raise Refusal("", "an update is a JSON object")
    for name in ("$token", "$group_key", "$group_id"):
        if not isinstance(record.get(name), str) or not record[name]:
            raise Refusal(name, f"'{name}' must be a text, not empty")
        check_storable(name, record[name])
    operation, value = judged_value(record, OPERATIONS, notes)
    if token not in (None, record["$token"]):
        notes.remarks.append("the token is that of another project")
        return None
    key = record["$group_key"]
    group_keys.check(key)
    return ProfileUpdate(
        record["$group_id"], operation, value, None, group_key=key, notes=notes
    )
