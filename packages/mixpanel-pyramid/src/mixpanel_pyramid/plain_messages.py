"""Messages that need no closer look, built in one pass.

That is nearly all that an app tracks: declared names, short texts, numbers. Whatever is
not goes the long way, which refuses or mends what is wrong with it, if anything is.
The results are the same.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from mixpanel_schema import Property, TrackingPlan
from mixpanel_schema.json_values import Json
from mixpanel_schema.messages import are_taken

__all__ = ["plain_profile_set"]

Properties = Mapping[Property, object]


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
