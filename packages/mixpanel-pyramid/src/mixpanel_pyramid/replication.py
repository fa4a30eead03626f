"""Replication: what Mixpanel gets, made into what Customer.io gets.

Values that Customer.io does not take meet the same end as at Mixpanel: they raise
while recording, and are cut or left out, and logged, in production.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, cast

from mixpanel_pyramid.customerio_mirror import (
    Item,
    cut_event_name,
    cut_value,
    event_item,
    profile_item,
    ulid,
)
from mixpanel_pyramid.invalid_values import InvalidCounts, mended
from mixpanel_pyramid.message import moment
from mixpanel_schema import InvalidValueError, Property
from mixpanel_schema.json_values import Json

__all__ = ["Replica", "Replicate", "event_replica", "profile_replica"]

logger = logging.getLogger(__name__)

Properties = Mapping[Property, object]


class Replica(NamedTuple):
    """What goes to Customer.io.

    Attributes:
        item: The item.
        moment: When it was tracked, in epoch seconds.
    """

    item: Item
    moment: float


Replicate = Callable[
    [dict[str, Json], Properties, InvalidCounts | None], Replica | None
]


def event_replica(
    message: dict[str, Json], props: Properties, counts: InvalidCounts | None
) -> Replica | None:
    """Make the replica of an event; None where it is nobody's.

    Args:
        message: The message to Mixpanel: who, when, and under which id.
        props: What is said of the event.
        counts: Counts what cannot be sent as it is; None to raise.

    Raises:
        InvalidValueError: If something cannot be sent, and is not to be counted.
    """
    body = cast("dict[str, Json]", message["properties"])
    who, name = cast("str", body["distinct_id"]), cast("str", message["event"])
    if not who:
        return None
    when = moment(body, "time")
    unique = ulid(cast("str", body["$insert_id"]), name, who)
    if counts is not None:
        name = cut_event_name(name)

    def build(properties: Properties) -> Item:
        return event_item(who, name, properties, unique=unique, timestamp=int(when))

    return replica(build, props, when, counts)


def profile_replica(
    message: dict[str, Json], props: Properties, counts: InvalidCounts | None
) -> Replica | None:
    """Make the replica of a profile that is set; arguments are as for events."""
    who = cast("str", message["$distinct_id"])

    def build(properties: Properties) -> Item:
        return profile_item(who, properties)

    return replica(build, props, moment(message, "$time"), counts)


def replica(
    build: Callable[[Properties], Item],
    props: Properties,
    when: float,
    counts: InvalidCounts | None,
) -> Replica | None:
    """Build an item, of mended properties if it has to be; None if that fails."""
    try:
        return Replica(build(props), when)
    except InvalidValueError:
        if counts is None:
            raise
    try:
        build({})  # what is wrong beside the properties cannot be mended
        kept = mended(props, build, counts, stand_ins, "Customer.io")
        return Replica(build(kept), when)
    except InvalidValueError as error:
        level = counts.level(f"Customer.io: {error}", logging.ERROR)
        logger.log(level, "a Customer.io message is not sent: %s", error)
        counts.add(invalid=1)
        return None


def stand_ins(key: object, value: object) -> Iterator[object]:
    """Give a value, and what could stand in for it: a text cut to what is taken."""
    yield value
    if isinstance(value, str):
        yield cut_value(value)
