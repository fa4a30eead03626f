"""The tracker's calls that change the profile of a user.

What each of them does: https://developer.mixpanel.com/reference/profile-set and its
neighbours there.
"""

from __future__ import annotations

import time as clocks
from collections.abc import Iterable

from mixpanel_pyramid.invalid_values import leave_out_invalid
from mixpanel_pyramid.membership import check_profile, without_values
from mixpanel_pyramid.message_keeping import MessageKeeper, Properties
from mixpanel_pyramid.replication import Replicate, profile_replica
from mixpanel_schema import (
    InvalidValueError,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    profile_message,
)
from mixpanel_schema.json_values import Json, json_value
from mixpanel_schema.plain_values import carry_plain

__all__ = ["ProfileUpdates"]


class ProfileUpdates(MessageKeeper):
    """Changes the profile of the user whose messages it keeps.

    Keys are members of ``profile_properties``, and of ``profile_meta_properties`` in
    ``meta``. Nothing that is given is changed, and later changes to it do not matter.
    All calls raise the same:

    Raises:
        DistinctIdMissingError: If it is not known whose profile it is.
        UndeclaredNameError: If a property is not in the plan.
        InvalidValueError: While recording, if something cannot be sent. In
            production text is cut, other values are left out, and it is logged.
    """

    def profile_set(
        self,
        props: Properties,
        meta: Properties | None = None,
        skip_customerio: bool = False,
    ) -> None:
        """Set properties of the user's profile, which is made if there is none.

        Args:
            props: The properties.
            meta: What is said of the update itself, such as ``$ip``.
            skip_customerio: Do not replicate to Customer.io. It has an effect only
                where Customer.io is configured.
        """
        replicated = self.settings.customerio is not None and not skip_customerio
        if self.takes_short_way and not meta and self.set_shortly(props, replicated):
            return
        replicate = profile_replica if replicated else None
        self.update_profile("$set", props, meta, replicate)

    def set_shortly(self, props: Properties, replicated: bool) -> bool:
        """Keep a ``$set`` that needs no closer look; tell whether it was one."""
        who = self.taken_id
        if who is None or who is not self.known_distinct_id:
            who = self.plain_id()
        if who is None or type(props) is not dict or not props:
            return False
        settings, consumer = self.settings, self.consumer
        values: dict[str, Json] = {}
        if not carry_plain(props, settings.plan.profile_kinds, values):
            return False
        update: dict[str, Json] = {
            "$time": clocks.time(),
            "$distinct_id": who,
            "$set": values,
        }
        if not replicated:
            consumer.keep_profile(update)
        elif consumer.replicates_itself and settings.replicas.take_profile(who, props):
            consumer.keep_profile(update, replicated=True)
        else:
            update = {"$token": self.token, **update}
            self.keep_both("people", update, props, profile_replica)
        return True

    def profile_set_once(
        self, props: Properties, meta: Properties | None = None
    ) -> None:
        """Set properties that the user's profile does not have yet.

        Args:
            props: The properties.
            meta: What is said of the update itself.
        """
        self.update_profile("$set_once", props, meta)

    def profile_append(self, props: Properties, meta: Properties | None = None) -> None:
        """Append a value to the list that a property is, made if there is none.

        It is also called ``people_append``. Values are not compared with the
        property's declared type, which is that of the list.

        Args:
            props: A value by property; the list may hold it already.
            meta: What is said of the update itself.
        """
        self.update_profile("$append", props, meta)

    def profile_union(self, props: Properties, meta: Properties | None = None) -> None:
        """Add those values to a list that it does not hold yet.

        It is also called ``people_union``.

        Args:
            props: Filled lists of texts and numbers by property.
            meta: What is said of the update itself, lists here as well.

        Raises:
            TypeError: If a value is not a list.
        """
        self.update_profile("$union", props, meta)

    people_append = profile_append
    people_union = profile_union

    def profile_increment(self, props: Properties) -> None:
        """Add to numbers; a property that is not there counts from 0.

        Args:
            props: What to add by property; less than 0 to subtract.
        """
        self.update_profile("$add", props)

    def profile_remove(self, props: Properties) -> None:
        """Remove a value from the list that a property is.

        Args:
            props: The value to remove by property; nothing happens where the list
                does not hold it.
        """
        self.update_profile("$remove", props)

    def profile_unset(self, names: Iterable[Property]) -> None:
        """Remove properties, with their values, from the user's profile.

        Args:
            names: The properties.

        Raises:
            TypeError: If it is a single property, or text.
        """
        self.update_profile("$unset", without_values(names))

    def profile_delete(self, ignore_alias: bool = False) -> None:
        """Delete the user's profile; the user's events stay.

        Args:
            ignore_alias: Delete the profile that has this very id, even where the id
                is an alias of another user's.
        """
        meta = {ProfileMetaProperties.dollar_ignore_alias: True}
        self.update_profile("$delete", {}, meta if ignore_alias else None)

    def profile_track_charge(
        self, amount: float, props: Properties | None = None
    ) -> None:
        """Note in the user's profile that so much was paid.

        Args:
            amount: The amount, a number; less than 0 for a refund.
            props: What else is said of the payment.
        """
        who, now = self.whose(), clocks.time()

        def build(properties: Properties) -> dict[str, Json]:
            check_profile(self.settings.plan, "$set", properties, None)
            charge = {
                prop.name: json_value(value, prop.name)
                for prop, value in properties.items()
            }
            charge["$amount"] = numeric(amount)
            return profile_message(
                "$append",
                {ProfileProperties.dollar_transactions: charge},
                token=self.token,
                distinct_id=who,
                time=now,
            )

        self.keep("people", build, props or {})

    def update_profile(
        self,
        operation: str,
        props: Properties,
        meta: Properties | None = None,
        replicate: Replicate | None = None,
    ) -> None:
        """Change the profile by one of Mixpanel's operations, such as ``$set``."""
        who, now = self.whose(), clocks.time()
        if meta and not self.settings.refuses_invalid:
            meta = leave_out_invalid(meta, self.settings.invalid_counts)

        def build(properties: Properties) -> dict[str, Json]:
            check_profile(self.settings.plan, operation, properties, meta)
            return profile_message(
                operation,
                properties,
                token=self.token,
                distinct_id=who,
                time=now,
                meta=meta,
            )

        self.keep("people", build, props, replicate=replicate)


def numeric(amount: object) -> Json:
    """Give an amount its form in JSON, refusing what is no number."""
    plain = json_value(amount, "$amount")
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        given = type(amount).__name__
        raise InvalidValueError(f"the charge's amount is a {given}; give a number")
    return plain
