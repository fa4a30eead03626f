"""How batches go to Customer.io, and what its answer to one means.

https://docs.customer.io/integrations/api/track/#operation/batch
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mixpanel_pyramid.answers import Attempt, Outcome, decoded, excerpt, read_status
from mixpanel_pyramid.delivery import Answer, Connection
from mixpanel_pyramid.destination import CustomerioDestination
from mixpanel_pyramid.masking import Mask
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.plain_replicas import replica_text
from mixpanel_schema.limit_rules import RULES

__all__ = ["CustomerioSender", "read_batch_answer"]

PATH = "/api/v2/batch"
JSON = {"Content-Type": "application/json"}  # gzip is not documented
LARGEST_ITEM = RULES["customerio item"].limit
MEND_ACCOUNT = (
    "check customerio.tracking.site_id, customerio.tracking.api_key and "
    "customerio.tracking.region"
)


class CustomerioSender:
    """Posts batches to a workspace of Customer.io; used by one thread at a time.

    Args:
        destination: The workspace.

    Attributes:
        largest: Messages in a batch, at most.
        most_bytes: Bytes of a batch's messages, with one more for each, at most.

    Raises:
        OSError: If the certificates that the environment names cannot be read.
    """

    largest = 1_000
    # "500kb" may mean 1,000 or 1,024 each; a few bytes more stand around the messages.
    most_bytes = 500_000 - 100

    def __init__(self, destination: CustomerioDestination) -> None:
        account = destination.account
        self.auth = (account.site_id, account.api_key)
        self.connection = Connection(destination.base_url, destination.request_timeout)
        self.mask = Mask([account.api_key], [self.auth])

    def post(self, batch: Sequence[Message], within: float | None = None) -> Attempt:
        """Send items; never raises.

        Args:
            batch: At least one message.
            within: Seconds that it may take; by default the destination's timeout.
        """
        # One that is too large alone would take the others with it.
        items = [replica_text(message) for message in batch]
        large = {
            place: f"{size} bytes, at most {LARGEST_ITEM} are taken; send less"
            for place, size in enumerate(map(len, items))
            if size > LARGEST_ITEM
        }
        places = [place for place in range(len(batch)) if place not in large]
        if not places:
            return Attempt(Outcome.ACCEPTED, refused=tuple(large.items()))
        texts = [items[place] for place in places]
        attempt = self.mask.attempt(self.post_items(texts, within))
        if attempt.outcome is not Outcome.ACCEPTED:
            return attempt
        refused = large | {places[place]: reason for place, reason in attempt.refused}
        return replace(attempt, refused=tuple(sorted(refused.items())))

    def post_items(self, texts: Sequence[str], within: float | None) -> Attempt:
        """Send items that are small enough."""
        body = f'{{"batch":[{",".join(texts)}]}}'.encode()
        answer = self.connection.post(PATH, body, JSON, auth=self.auth, within=within)
        if not isinstance(answer, Answer):
            return answer
        return read_batch_answer(
            answer.status, answer.headers, answer.body, answer.moment, len(texts)
        )

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def read_batch_answer(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime, number: int
) -> Attempt:
    """Say what an answer means, to a batch of so many items.

    A 207 names the items that were refused, and all others are done. A refusal that
    does not say of which is one of all: half of them, posted again, may tell more, and
    an item that comes twice is known by its id.

    >>> import datetime as dt
    >>> body = b'{"errors": [{"batch_index": 1, "reason": "invalid", "field": "id"}]}'
    >>> read_batch_answer(207, {}, body, dt.datetime.now(dt.timezone.utc), 2).refused
    ((1, 'invalid id'),)
    """
    attempt = read_status(status, headers, body, now)
    if attempt is not None:
        if status in {401, 403} or status < 400:  # another region is a redirect
            return replace(attempt, reason=f"{attempt.reason}; {MEND_ACCOUNT}")
        return attempt
    answer = decoded(body)
    if status == 400 or (status == 207 and not isinstance(answer, dict)):
        return Attempt(Outcome.REFUSED, f"status {status}: {excerpt(body)}")
    if isinstance(answer, dict):
        return read_errors(answer.get("errors"), number, f"status {status}")
    if not body.strip():
        return Attempt(Outcome.ACCEPTED)
    # Something between here and Customer.io may have answered in its place.
    return Attempt(Outcome.AMBIGUOUS, f"unreadable answer: {excerpt(body)}")


def read_errors(errors: object, number: int, status: str) -> Attempt:
    """Say what the errors of an answer mean."""
    refused: dict[int, str] = {}
    for error in errors if isinstance(errors, list) else ():
        place = error.get("batch_index") if isinstance(error, dict) else None
        if type(place) is not int or not 0 <= place < number:
            return Attempt(Outcome.REFUSED, f"{status}: {in_words(error)}")
        refused[place] = in_words(error)
    return Attempt(Outcome.ACCEPTED, refused=tuple(sorted(refused.items())))


def in_words(error: object) -> str:
    """Give an error in one short line."""
    if isinstance(error, dict):
        parts = (error.get(key) for key in ("reason", "field", "message"))
        error = " ".join(str(part) for part in parts if part)
    return excerpt(str(error).encode())
