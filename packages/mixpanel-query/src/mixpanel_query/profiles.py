"""Profiles of users or groups, and the one that belongs to an e-mail address.

https://developer.mixpanel.com/reference/engage-query
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mixpanel_query.exceptions import InvalidQueryError, MultipleProfilesFoundException
from mixpanel_query.expressions import profile_property
from mixpanel_query.wire import Answer, Flow, QueryRequest

__all__ = ["ENGAGE", "Profile", "find_by_email", "read_profiles"]

ENGAGE: Final = "/api/query/engage"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a project knows of one user, or of one group.

    Attributes:
        distinct_id: The id, as text. Mixpanel's ids are text, and mean nothing beside
            being equal or not; one that arrives as a number is taken by its digits.
        properties: Mixpanel's own, such as ``$email``, and yours, as they arrived.
            Dates are text in UTC, without a zone. Empty for a member of a cohort who
            has no profile.

    >>> joe = Profile("joe", {"$email": "joe@example.com"})
    >>> joe.to_dict()
    {'$distinct_id': 'joe', '$properties': {'$email': 'joe@example.com'}}
    """

    distinct_id: str
    properties: Mapping[str, object] = field(hash=False)

    def to_dict(self) -> dict[str, object]:
        """Return the profile as Mixpanel writes it."""
        return {"$distinct_id": self.distinct_id, "$properties": dict(self.properties)}


def find_by_email(email: str) -> Flow[dict[str, object] | None]:
    r"""Find the profile whose ``$email`` is exactly ``email``.

    >>> next(find_by_email('o"neil@example.com')).form["where"]
    'properties["$email"] == "o\\"neil@example.com"'
    """
    if not isinstance(email, str) or not email:
        raise InvalidQueryError(
            f"email {email!r} is no address; give the text of $email"
        )
    form = {
        "where": str(profile_property("$email") == email),
        "output_properties": '["$email"]',
    }
    answer = yield QueryRequest(ENGAGE, method="POST", form=form)
    found: dict[str, dict[str, object]] = {}
    for profile in read_profiles(answer):
        found[profile.distinct_id] = {
            "distinct_id": profile.distinct_id,
            "email": profile.properties.get("$email"),
        }
    if len(found) > 1:
        raise MultipleProfilesFoundException(email, list(found.values()))
    return next(iter(found.values()), None)


def read_profiles(answer: Answer) -> Iterator[Profile]:
    """Yield the profiles of one page.

    Raises:
        UnreadableAnswerError: If the answer is not as documented.
    """
    body = answer.body
    rows = body.get("results") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise answer.unreadable("it has no list of results")
    for row in rows:
        if not isinstance(row, dict):
            raise answer.unreadable("a result is no object")
        properties = row.get("$properties", {})
        if not isinstance(properties, dict):
            raise answer.unreadable("the $properties of a result are no object")
        yield Profile(read_id(answer, row.get("$distinct_id")), properties)


def read_id(answer: Answer, given: object) -> str:
    """Return an id as text.

    The documents show a number, in practice it is text.
    """
    if isinstance(given, str):
        return given
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return json.dumps(given)
    raise answer.unreadable("a result has no $distinct_id")
