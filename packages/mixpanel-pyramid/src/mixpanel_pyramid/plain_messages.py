"""Messages that need no closer look, built in one pass.

That is nearly all that an app tracks: declared names, short texts, numbers. Whatever is
not goes the long way, which refuses or mends what is wrong with it, if anything is.
The results are the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from mixpanel_schema import Event, Property, TrackingPlan
from mixpanel_schema.json_values import Json
from mixpanel_schema.messages import are_taken, library_version

__all__ = ["plain_event", "plain_profile_set"]

Properties = Mapping[Property, object]


def plain_event(
    plan: TrackingPlan,
    event: object,
    props: Properties,
    token: str,
    distinct_id: str,
    *,
    bare: bool,
) -> dict[str, Json] | None:
    """Give the properties of an event, but for the token; None if it is not plain.

    Args:
        plan: The plan.
        event: The event.
        props: What is said of it.
        token: The project's token, for the check.
        distinct_id: Whose event it is.
        bare: Whether to leave out what every event has.
    """
    if type(event) is not Event or type(props) is not dict:
        return None
    if not are_taken(token, distinct_id):
        return None
    body: dict[str, Json] = {"distinct_id": distinct_id}
    if not bare:
        body |= {
            "time": time.time(),
            "$insert_id": os.urandom(16).hex(),
            "mp_lib": "python",
            "$lib_version": library_version(),
        }
    return body if plan.carry_event(event, props, body) else None


def plain_profile_set(
    plan: TrackingPlan, props: Properties, token: str, distinct_id: str
) -> dict[str, Json] | None:
    """Give the message that sets a profile's properties; None if it is not plain."""
    if type(props) is not dict or not props or not are_taken(token, distinct_id):
        return None
    values: dict[str, Json] = {}
    if not plan.carry_profile(props, values):
        return None
    return {
        "$token": token,
        "$time": time.time(),
        "$distinct_id": distinct_id,
        "$set": values,
    }
