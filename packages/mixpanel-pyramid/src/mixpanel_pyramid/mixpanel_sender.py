"""How batches go to Mixpanel: which path, in which form, with which credentials."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence

from mixpanel_pyramid.answers import (
    Attempt,
    Outcome,
    read_answer,
    read_import_answer,
)
from mixpanel_pyramid.delivery import Answer, Connection, percent_encoded
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.masking import Mask
from mixpanel_pyramid.message import ALONE, EVENTS, IMPORTS, Message, wire_text

__all__ = ["MixpanelSender"]

# https://developer.mixpanel.com/reference/track-event, .../profile-set, .../group-set
PATHS = {"events": "/track", "people": "/engage", "groups": "/groups"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GZIPPED = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
# https://developer.mixpanel.com/reference/track-event: /track takes no older ones
OLDEST_TRACKED = 5 * 86_400
TOO_OLD = (
    "it is over 5 days old, which /track does not take; "
    "with mixpanel.service_account.* events are imported at any age"
)
NO_CREDENTIALS = (
    "an import needs credentials; set mixpanel.service_account.* or mixpanel.api_secret"
)


class MixpanelSender:
    """Posts batches to a project of Mixpanel; used by one thread at a time.

    Args:
        destination: The project.
        clock: Epoch seconds.

    Raises:
        OSError: If the certificates that the environment names cannot be read.
    """

    def __init__(
        self, destination: MixpanelDestination, clock: Callable[[], float] = time.time
    ) -> None:
        self.destination = destination
        self.clock = clock
        self.connection = Connection(destination.base_url, destination.request_timeout)
        self.mask = mask_of(destination)

    def post(self, batch: Sequence[Message], within: float | None = None) -> Attempt:
        """Send messages of one endpoint; never raises.

        Args:
            batch: At least one message.
            within: Seconds that it may take; by default the destination's timeout.
        """
        return self.mask.attempt(self.post_batch(batch, within))

    def post_batch(self, batch: Sequence[Message], within: float | None) -> Attempt:
        """Send messages of one endpoint, in the way that suits them."""
        first = batch[0]
        if first.endpoint == IMPORTS:
            attempt = self.import_events(batch, within)
            _, secret = first.credentials or (None, None)
            return Mask([secret], [(secret or "", "")]).attempt(attempt)
        if first.endpoint != EVENTS:
            return self.post_form(batch, within)
        if self.destination.service_account and not first.traits & ALONE:
            return self.import_events(batch, within)
        return self.track_events(batch, within)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def track_events(
        self, batch: Sequence[Message], within: float | None = None
    ) -> Attempt:
        """Send events to ``/track``, but for those that it would silently drop."""
        oldest = self.clock() - OLDEST_TRACKED
        old = tuple(
            (index, TOO_OLD)
            for index, message in enumerate(batch)
            if 0 < message.moment < oldest
        )
        if not old:
            return self.post_form(batch, within)
        dropped = dict(old)
        young = [m for index, m in enumerate(batch) if index not in dropped]
        if not young:
            return Attempt(Outcome.ACCEPTED, refused=old)
        attempt = self.post_form(young, within)
        if attempt.outcome is Outcome.ACCEPTED:
            return Attempt(Outcome.ACCEPTED, refused=old)
        return attempt

    def post_form(
        self, batch: Sequence[Message], within: float | None = None
    ) -> Attempt:
        """Send messages as the official library does: a form, and ``ip=0``.

        The address of this server says nothing about the user.
        """
        token = self.destination.token
        texts = ",".join([wire_text(message, token) for message in batch])
        answer = self.connection.post(
            PATHS[batch[0].endpoint],
            b"data=" + percent_encoded(f"[{texts}]".encode()),
            FORM,
            params={"ip": "0", "verbose": "1"},
            within=within,
        )
        if not isinstance(answer, Answer):
            return answer
        return read_answer(answer.status, answer.headers, answer.body, answer.moment)

    def import_events(
        self, batch: Sequence[Message], within: float | None = None
    ) -> Attempt:
        """Send events to ``/import``, which says of each whether it is taken.

        https://developer.mixpanel.com/reference/import-events
        """
        account = self.destination.service_account
        params = {"strict": "1"}
        if account:
            params["project_id"] = account.project_id
            auth = (account.username, account.secret)
        else:
            _, secret = batch[0].credentials or (None, None)
            secret = secret or self.destination.api_secret
            if not secret:
                each = tuple((index, NO_CREDENTIALS) for index in range(len(batch)))
                return Attempt(Outcome.ACCEPTED, refused=each)
            auth = (secret, "")
        texts = ",".join([imported(message) for message in batch])
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = packer.compress(f"[{texts}]".encode()) + packer.flush()
        answer = self.connection.post(
            "/import", body, GZIPPED, params=params, auth=auth, within=within
        )
        if not isinstance(answer, Answer):
            return answer
        return read_import_answer(
            answer.status, answer.headers, answer.body, answer.moment, len(batch)
        )


def imported(message: Message) -> str:
    """Give the text of an event as ``/import`` takes it, without a token."""
    return wire_text(message, "", with_ip=True)


def mask_of(destination: MixpanelDestination) -> Mask:
    """Make what masks a project's secrets."""
    account, secret = destination.service_account, destination.api_secret or ""
    pairs = [(secret, "")]
    if account:
        pairs.append((account.username, account.secret))
    return Mask([destination.token, secret, *(s for _, s in pairs)], pairs)
