"""The tracker's calls that change the profile of a group, such as a company.

What each of them does: https://developer.mixpanel.com/reference/group-set and its
neighbours there.
"""

from __future__ import annotations

import time as clocks
from collections.abc import Iterable

from mixpanel_pyramid.membership import check_group, without_values
from mixpanel_pyramid.message_keeping import MessageKeeper, Properties
from mixpanel_schema import InvalidValueError, Property, group_message
from mixpanel_schema.json_values import Json

__all__ = ["GroupUpdates"]


class GroupUpdates(MessageKeeper):
    """Changes profiles of groups; no user has to be known.

    A group is named by its kind, ``group_key``, as it is configured in the Mixpanel
    project, and its id, which becomes text. Keys of ``props`` are members of
    ``group_properties``. All calls raise the same:

    Raises:
        UndeclaredNameError: If a property is not in the plan.
        InvalidValueError: While recording, if something cannot be sent, or the key
            or the id is empty. In production text is cut, other values are left out,
            what is no group's is not sent, and it is logged.
    """

    def group_set(self, group_key: str, group_id: object, props: Properties) -> None:
        """Set properties of the group's profile, which is made if there is none."""
        self.update_group("$set", group_key, group_id, props)

    def group_set_once(
        self, group_key: str, group_id: object, props: Properties
    ) -> None:
        """Set properties that the group's profile does not have yet."""
        self.update_group("$set_once", group_key, group_id, props)

    def group_union(self, group_key: str, group_id: object, props: Properties) -> None:
        """Add those values to a list that it does not hold yet.

        Args:
            group_key: The kind of group.
            group_id: Which group.
            props: Filled lists of texts and numbers by property.

        Raises:
            TypeError: If a value is not a list.
        """
        self.update_group("$union", group_key, group_id, props)

    def group_remove(self, group_key: str, group_id: object, props: Properties) -> None:
        """Remove a value from the list that a property is."""
        self.update_group("$remove", group_key, group_id, props)

    def group_unset(
        self, group_key: str, group_id: object, names: Iterable[Property]
    ) -> None:
        """Remove properties, with their values, from the group's profile.

        Args:
            group_key: The kind of group.
            group_id: Which group.
            names: The properties.

        Raises:
            TypeError: If ``names`` is a single property, or text.
        """
        self.update_group("$unset", group_key, group_id, without_values(names))

    def group_delete(self, group_key: str, group_id: object) -> None:
        """Delete the group's profile; events of its members stay."""
        self.update_group("$delete", group_key, group_id, {})

    def update_group(
        self, operation: str, group_key: str, group_id: object, props: Properties
    ) -> None:
        """Change a group's profile by one of Mixpanel's operations."""
        now = clocks.time()

        def build(properties: Properties) -> dict[str, Json]:
            check_group(self.settings.plan, operation, properties)
            if not group_key or group_id is None or group_id == "":
                given = f"group {group_key!r} {group_id!r} has no key or no id"
                raise InvalidValueError(f"{given}; give both")
            return group_message(
                operation,
                properties,
                token=self.token,
                group_key=group_key,
                group_id=str(group_id),
                time=now,
            )

        self.keep("groups", build, props)
