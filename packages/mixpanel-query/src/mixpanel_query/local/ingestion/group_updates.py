"""Updates of groups: which ones Mixpanel would take.

https://developer.mixpanel.com/reference/group-set-property and the pages beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mixpanel_query.local.ingestion.judging import Notes, Refusal, check_storable
from mixpanel_query.local.profiles.profile_updates import judged_operation

__all__ = ["GroupUpdate", "judge_group_update"]

# Unlike profiles, groups know no $add and no $append.
OPERATIONS = ("$set", "$set_once", "$unset", "$remove", "$union", "$delete")


@dataclass(frozen=True, slots=True)
class GroupUpdate:
    """One operation on the profile of one group.

    Attributes:
        group_key: The property by which events name their group, such as ``company``.
        group_id: The value of that property.
        operation: Such as ``$set``.
        value: What the operation takes.
    """

    group_key: str
    group_id: str
    operation: str
    value: Any


def judge_group_update(
    record: object, notes: Notes, *, token: str | None
) -> GroupUpdate | None:
    """Return the update of a record, or None if it carries another token.

    Args:
        record: A record of ``/groups``: one operation beside the meta keys.
        notes: Takes what there is to say of it.
        token: Token of the project; None if any will do.

    Raises:
        Refusal: If the record breaks a rule.
    """
    if not isinstance(record, dict):
        raise Refusal("", "an update is a JSON object")
    for name in ("$token", "$group_key", "$group_id"):
        if not isinstance(record.get(name), str) or not record[name]:
            raise Refusal(name, f"'{name}' must be a text, not empty")
        check_storable(name, record[name])
    operation = judged_operation(record, OPERATIONS)
    check_storable(operation, record[operation])
    if token not in (None, record["$token"]):
        notes.remarks.append("the token is that of another project")
        return None
    return GroupUpdate(
        record["$group_key"], record["$group_id"], operation, record[operation]
    )
