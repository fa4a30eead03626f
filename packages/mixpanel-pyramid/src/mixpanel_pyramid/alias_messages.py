"""The message that makes an alias, in projects of Original ID Merge."""

from __future__ import annotations

from mixpanel_schema import InvalidValueError
from mixpanel_schema.json_values import Json
from mixpanel_schema.limits import refuse

__all__ = ["alias_message"]


def alias_message(
    alias_id: str, original: str, *, token: str, time: float, insert_id: str
) -> dict[str, Json]:
    """Build the message that makes an id an alias of another.

    https://developer.mixpanel.com/reference/identity-create-alias

    Args:
        alias_id: The further id.
        original: Whose it is.
        token: The project's token.
        time: Now, in epoch seconds.
        insert_id: What lets a repeat count once.

    Raises:
        InvalidValueError: If one of the two is no id, or both are the same.

    >>> message = alias_message("joe@web", "joe", token="t", time=1.5, insert_id="i1")
    >>> message["event"], message["properties"]["alias"]
    ('$create_alias', 'joe@web')
    """
    if not alias_id or alias_id == original:
        message = "the alias is empty, or the user's own id; give another id"
        raise InvalidValueError(message)
    built: dict[str, Json] = {
        "event": "$create_alias",
        "properties": {
            "token": token,
            "distinct_id": original,
            "alias": alias_id,
            "time": time,
            "$insert_id": insert_id,
        },
    }
    for who in (alias_id, original):
        refuse({"event": "", "properties": {"distinct_id": who}})
    return built
