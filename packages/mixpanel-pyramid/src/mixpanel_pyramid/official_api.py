"""The official ``mixpanel`` library, made to obey the deferral.

Imported on first use only: the library costs 0.2 s to import.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import partial

from mixpanel import Mixpanel  # type: ignore[import-untyped]

from mixpanel_pyramid.alias_messages import alias_message
from mixpanel_pyramid.consumer import TrackerConsumer
from mixpanel_pyramid.invalid_values import InvalidCounts, leave_out_invalid
from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.json_values import json_bytes, json_value

__all__ = ["DeferredMixpanel", "LenientEncoder", "StrictEncoder", "official_api"]

logger = logging.getLogger(__name__)


class StrictEncoder(json.JSONEncoder):
    """Encodes as this package does: datetimes in UTC, no NaN."""

    def encode(self, o: object) -> str:
        """Encode a message, refusing what JSON does not have.

        Raises:
            InvalidValueError: If a value is not JSON and has no agreed form in it, or
                holds half of a surrogate pair.
        """
        document = json_value(o, "message")
        json_bytes(document)
        return super().encode(document)


class LenientEncoder(StrictEncoder):
    """Encodes the same way, but leaves out and logs what JSON does not have.

    Args:
        counts: Counts what is left out.
        options: As of every encoder of JSON.
    """

    def __init__(self, counts: InvalidCounts, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # as json gives them
        self.counts = counts

    def encode(self, o: object) -> str:
        """Encode a message without the values that cannot be sent."""
        try:
            return super().encode(o)
        except InvalidValueError:
            if not isinstance(o, Mapping):
                raise
        inner = {
            key: leave_out_invalid(value, self.counts)
            if isinstance(value, Mapping)
            else value
            for key, value in o.items()
        }
        return super().encode(leave_out_invalid(inner, self.counts))


class DeferredMixpanel(Mixpanel):  # type: ignore[misc]  # mixpanel has no type hints
    """``mixpanel.Mixpanel`` whose every call waits for the end of the request.

    Attributes:
        counts: Counts what cannot be sent; None to refuse it.
    """

    counts: InvalidCounts | None = None

    def alias(
        self, alias_id: str, original: str, meta: Mapping[str, object] | None = None
    ) -> None:
        """Say that another id is of the same user, at the end of the request.

        The library itself would post it at once, past every consumer.

        Args:
            alias_id: The further id.
            original: Whose it is.
            meta: Overrides members of the message.
        """
        try:
            event = alias_message(
                str(alias_id),
                str(original),
                token=self._token,
                time=self._now(),
                insert_id=self._make_insert_id(),
            )
        except InvalidValueError as error:
            if self.counts is None:
                raise
            level = self.counts.level(str(error), logging.ERROR)
            logger.log(level, "a Mixpanel message is not sent: %s", error)
            self.counts.add(invalid=1)
            return
        text = self._serializer().encode({**event, **(meta or {})})
        self._consumer.send("events", text)


def official_api(
    token: str, consumer: TrackerConsumer, counts: InvalidCounts | None
) -> DeferredMixpanel:
    """Make the official library's object around a tracker's consumer.

    Args:
        token: The project's token.
        consumer: Takes the messages.
        counts: Counts values that are left out because they are not JSON; None to
            refuse them.
    """
    serializer = StrictEncoder if counts is None else partial(LenientEncoder, counts)
    api = DeferredMixpanel(token, consumer=consumer, serializer=serializer)
    api.counts = counts
    return api
