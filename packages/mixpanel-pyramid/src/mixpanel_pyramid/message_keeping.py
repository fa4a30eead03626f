"""What every call of the tracker does: settle whose message it is, and keep it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from mixpanel_pyramid.consumer import RECORDING_TOKEN, TrackerConsumer
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.invalid_values import mended
from mixpanel_pyramid.replication import Replicate
from mixpanel_pyramid.settings import TrackingSettings
from mixpanel_schema import InvalidValueError, Property
from mixpanel_schema.json_values import Json
from mixpanel_schema.messages import are_taken

__all__ = ["Build", "MessageKeeper", "Properties"]

logger = logging.getLogger(__name__)

Properties = Mapping[Property, object]
Build = Callable[[Properties], dict[str, Json]]


class MessageKeeper:
    """Knows whose messages it keeps, and gives them to a consumer.

    Nearly all of them are plain: declared names, short texts, numbers. A short way
    checks and copies those in one pass, and leaves what Customer.io gets of them to
    the consumer. The long way makes the same of them, and says what is wrong with all
    others, if anything is.

    Args:
        settings: The checked settings.
        consumer: Takes the messages.
        distinct_id: Whose messages these are.
        find_distinct_id: Gives the distinct id when it is first needed.
    """

    taken_id: str | None = None  # a plain id; it counts while it is the known one
    takes_short_way = True

    def __init__(
        self,
        settings: TrackingSettings,
        consumer: TrackerConsumer,
        distinct_id: object,
        find_distinct_id: Callable[[], object] | None,
    ) -> None:
        self.settings = settings
        self.consumer = consumer
        self.find_distinct_id = None if distinct_id else find_distinct_id
        self.known_distinct_id = distinct_id

    @property
    def distinct_id(self) -> object:
        """Whose messages these are; None while nobody is known."""
        if self.find_distinct_id is not None:
            self.known_distinct_id = self.find_distinct_id()
            if self.known_distinct_id:
                self.find_distinct_id = None
        return self.known_distinct_id

    @distinct_id.setter
    def distinct_id(self, value: object) -> None:
        self.find_distinct_id = None
        self.known_distinct_id = value

    @property
    def is_recording(self) -> bool:
        """Whether messages are recorded instead of sent."""
        return self.settings.token is None

    @property
    def token(self) -> str:
        """The token that messages carry."""
        return self.settings.token or RECORDING_TOKEN

    def whose(self, distinct_id: str | None = None) -> str:
        """Settle whose message it is; ids are text in Mixpanel.

        Raises:
            DistinctIdMissingError: If it is not known.
        """
        who = self.distinct_id if distinct_id is None else distinct_id
        if not who:
            raise DistinctIdMissingError
        return who if type(who) is str else str(who)

    def plain_id(self) -> str | None:
        """Give whose message it is; None if the id wants a closer look.

        Raises:
            DistinctIdMissingError: If it is not known.
        """
        who = self.whose()
        if not are_taken(self.token, who):
            return None
        self.taken_id = who
        return who

    def keep(
        self,
        endpoint: str,
        build: Build,
        props: Properties,
        *,
        now: bool = False,
        replicate: Replicate | None = None,
    ) -> None:
        """Build a message and give it to the consumer.

        Args:
            endpoint: Where the message goes.
            build: Makes the message of properties.
            props: The properties.
            now: Whether it leaves now, whatever becomes of the request.
            replicate: Makes what goes to Customer.io as well.

        Raises:
            InvalidValueError: If a value cannot be sent, and ``mixpanel.on_invalid``
                is ``raise``; else it is mended or left out, logged and counted.
        """
        try:
            message = build(props)
        except InvalidValueError:
            if self.settings.refuses_invalid:
                raise
            counts = self.settings.invalid_counts
            try:
                build({})  # what is wrong beside the properties cannot be mended
                kept = mended(props, build, counts)
                message = build(kept)
            except InvalidValueError as error:
                level = counts.level(str(error), logging.ERROR)
                logger.log(level, "a Mixpanel message is not sent: %s", error)
                counts.add(invalid=1)
                return
            # Customer.io takes longer texts, but nothing that is not in the plan.
            props = {key: value for key, value in props.items() if key in kept}
        self.keep_both(endpoint, message, props, replicate, now=now)

    def keep_both(
        self,
        endpoint: str,
        message: dict[str, Json],
        props: Properties,
        replicate: Replicate | None,
        *,
        now: bool = False,
    ) -> None:
        """Give a message to the consumer, and what Customer.io gets of it."""
        if replicate is None:
            self.consumer.keep(endpoint, message, now=now)
            return
        # Made first, because it may raise, and because a consumer takes messages apart.
        strict = self.settings.refuses_invalid
        counted = None if strict else self.settings.invalid_counts
        replica = replicate(message, props, counted)
        self.consumer.keep(endpoint, message, now=now)
        if replica is not None:
            self.consumer.replicate(replica.item, replica.moment, now=now)

    def replicates(self, skip_customerio: bool) -> bool:
        """Tell whether a call is for Customer.io as well."""
        return self.settings.customerio is not None and not skip_customerio
