"""Messages: one JSON document each, as it waits, and as it goes over the wire.

A message waits without the project's token, so that neither an outbox nor a broker
holds it; whoever sends it puts the token in. That takes no parsing, because the text
of an event begins with its properties.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, cast

from mixpanel_pyramid.json_text import encoded
from mixpanel_schema.json_values import Json

__all__ = [
    "ALONE",
    "CUSTOMERIO",
    "EVENTS",
    "IDENTITY_EVENTS",
    "IMPORTS",
    "OWN_IP",
    "OWN_TOKEN",
    "REPEATABLE",
    "REPLICATED",
    "Message",
    "customerio_message",
    "event_message",
    "is_repeatable",
    "message_from_text",
    "mixpanel_message",
    "profile_message",
    "wire_text",
]

EVENTS, IMPORTS, CUSTOMERIO = "events", "imports", "customer.io"
PEOPLE = "people"

# What is known of a message without reading it, added together.
REPEATABLE = 1  # sending it twice leaves what sending it once does
ALONE = 2  # it travels in a batch of its own
OWN_TOKEN = 4  # the app gave it another token than the project's
OWN_IP = 8  # the app said where its user is
REPLICATED = 16  # Customer.io gets what ``replica_text`` makes of the message
MORE_IN_REPLICA = 32  # bytes that its text may be longer by

# Applied twice, these count twice: https://developer.mixpanel.com/reference/profile-numerical-add
COUNTING_OPERATIONS = frozenset({"$add", "$append", "$remove"})
# https://developer.mixpanel.com/reference/identity-create-alias and its neighbours
IDENTITY_EVENTS = frozenset({"$create_alias", "$identify", "$merge"})
MILLISECONDS = 100_000_000_000  # larger numbers are no seconds
make = tuple.__new__
EVENT_START, PROFILE_START = '{"properties":{', "{"


class Message(NamedTuple):
    """One JSON document on its way to Mixpanel or to Customer.io.

    Attributes:
        endpoint: ``"events"``, ``"people"``, ``"groups"``, ``"imports"`` or
            ``"customer.io"``.
        text: The document, without the project's token.
        traits: What is known of it, such as ``REPEATABLE | ALONE``.
        moment: When it was tracked or, of an event, when that happened: epoch
            seconds.
        credentials: The key and secret that an import came with; never on disk.
    """

    endpoint: str
    text: str
    traits: int
    moment: float = 0.0
    credentials: tuple[str | None, str | None] | None = None

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice leaves what sending it once does."""
        return bool(self.traits & REPEATABLE)

    @property
    def size(self) -> int:
        """How many bytes of a batch it takes at most, and the comma after it."""
        more = MORE_IN_REPLICA if self.traits & REPLICATED else 0
        return len(self.text) + more + 1

    def __repr__(self) -> str:
        return f"Message({self.endpoint!r}, {len(self.text)} characters)"


def mixpanel_message(
    endpoint: str,
    message: dict[str, Json],
    token: str,
    credentials: tuple[str | None, str | None] | None = None,
) -> Message:
    """Make the message of a document that nobody else holds.

    Args:
        endpoint: ``"events"``, ``"people"``, ``"groups"`` or ``"imports"``.
        message: The document, with or without a token; it is taken apart.
        token: The project's token.
        credentials: The key and secret that an import came with.

    >>> event = {"event": "Signed Up", "properties": {"token": "t", "time": 1.5}}
    >>> message = mixpanel_message("events", event, "t")
    >>> message.text, message.moment
    ('{"properties":{"time":1.5},"event":"Signed Up"}', 1.5)
    """
    properties = message.pop("properties", None)
    if not isinstance(properties, dict):
        traits = REPEATABLE if is_repeatable(message) else 0
        traits |= without_token(message, "$token", token)
        when = moment(message, "$time")
        # As the class would, without a call in Python; here and below.
        return make(Message, (endpoint, encoded(message), traits, when, None))
    traits = REPEATABLE | without_token(properties, "token", token)
    if "ip" in properties:
        traits |= OWN_IP
    if message.get("event") in IDENTITY_EVENTS:
        traits |= ALONE
    text = encoded({"properties": properties, **message})
    return Message(endpoint, text, traits, moment(properties, "time"), credentials)


def profile_message(update: dict[str, Json], traits: int = 0) -> Message:
    """Make the message of a ``$set`` of a user's profile, which holds no token.

    Args:
        update: The update, and its time; nobody else holds it.
        traits: What is known of it beside what it shows.
    """
    when = cast("float", update["$time"])
    return make(Message, (PEOPLE, encoded(update), REPEATABLE | traits, when, None))


def event_message(name: str, properties: dict[str, Json], traits: int = 0) -> Message:
    """Make the message of an event, whose properties hold no token.

    Args:
        name: The event's name.
        properties: What it carries; nobody else holds it.
        traits: What is known of it beside what it shows.
    """
    traits |= REPEATABLE
    if "ip" in properties:
        traits |= OWN_IP
    if name in IDENTITY_EVENTS:
        traits |= ALONE
    text = f'{{"properties":{encoded(properties)},"event":{encoded_name(name)}}}'
    when = properties.get("time")  # seconds, but for what an app itself gave
    if type(when) is not float or when >= MILLISECONDS:
        when = moment(properties, "time")
    return make(Message, (EVENTS, text, traits, when, None))


@lru_cache(maxsize=1024)
def encoded_name(name: str) -> str:
    """Write an event's name; an app has a few hundred."""
    return encoded(name)


def message_from_text(
    endpoint: str,
    text: str,
    token: str,
    credentials: tuple[str | None, str | None] | None = None,
) -> Message:
    """Make the message of a document that comes as text, from the official library."""
    return mixpanel_message(endpoint, json.loads(text), token, credentials)


def customerio_message(item: Mapping[str, Json], moment: float) -> Message:
    """Make the message of an item of Customer.io's batches.

    https://docs.customer.io/integrations/api/track/#operation/batch: an event has an
    id and attributes are set, so that a repeat changes nothing.
    """
    return Message(CUSTOMERIO, encoded(item), REPEATABLE, moment)


def wire_text(message: Message, token: str, *, with_ip: bool = False) -> str:
    """Give the document as Mixpanel takes it, with the token.

    Args:
        message: The message.
        token: The project's token; empty to leave it out.
        with_ip: Whether to say that the sender's address is not the user's, unless
            the app said where the user is.

    >>> event = {"event": "Signed Up", "properties": {"time": 1.5}}
    >>> wire_text(mixpanel_message("events", event, "t"), "t")
    '{"properties":{"token":"t","time":1.5},"event":"Signed Up"}'
    """
    text, extra = message.text, ""
    is_event = text.startswith(EVENT_START)
    if token and not message.traits & OWN_TOKEN:
        extra = token_member("token" if is_event else "$token", token)
    if with_ip and is_event and not message.traits & OWN_IP:
        extra += '"ip":0,'
    start = EVENT_START if is_event else PROFILE_START
    rest = text[len(start) :]
    return f"{start}{extra[:-1] if rest.startswith('}') else extra}{rest}"


@lru_cache(maxsize=64)
def token_member(name: str, token: str) -> str:
    """Write the token as a member of a document."""
    return f"{encoded(name)}:{encoded(token)},"


def without_token(values: dict[str, Json], name: str, token: str) -> int:
    """Take the project's token out; say whether another one stays."""
    if name in values:
        if values[name] != token:
            return OWN_TOKEN
        del values[name]
    return 0


def moment(values: Mapping[str, Json], name: str) -> float:
    """Read when something happened, in seconds; 0 where it does not say.

    Mixpanel takes seconds and milliseconds:
    https://developer.mixpanel.com/reference/import-events
    """
    value = values.get(name)
    if type(value) is float and value < MILLISECONDS:
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return value / 1000 if value >= MILLISECONDS else float(value)


def is_repeatable(message: Mapping[str, Json]) -> bool:
    """Tell whether a profile's or group's update may be applied twice.

    >>> is_repeatable({"$distinct_id": "u1", "$set": {"Plan": "pro"}})
    True
    >>> is_repeatable({"$distinct_id": "u1", "$add": {"Logins": 1}})
    False
    """
    return COUNTING_OPERATIONS.isdisjoint(message)
