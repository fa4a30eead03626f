"""Requests of the App API, whose paths name the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.records.bodies import parse_json

__all__ = ["AppRequest", "read_document", "text_of"]


@dataclass(frozen=True, slots=True)
class AppRequest:
    """A request about something of a project.

    Attributes:
        project_id: The number of the project, as the path names it.
        item: What the path names further, as it stands there; empty for nothing.
        kind: Of which kind that is; empty if the path does not say.
        params: The parameters of the query.
        document: The JSON object of the body; empty if there is no body.
    """

    project_id: int
    item: str
    params: Mapping[str, str]
    document: Mapping[str, object]
    kind: str = ""

    def about(self, item: int) -> AppRequest:
        """Return the same request about one item."""
        return replace(self, item=str(item))


def read_document(body: bytes) -> Mapping[str, object]:
    """Return the JSON object of a body, which may be empty.

    Raises:
        RequestRefusedError: If it is something else.
    """
    document = parse_json(body) if body.strip() else {}
    if not isinstance(document, dict):
        raise RequestRefusedError(400, "the body is no JSON object")
    return document


def text_of(document: Mapping[str, object], name: str) -> str:
    """Return a text that is not empty.

    Raises:
        RequestRefusedError: If it is none, or holds half a character.
    """
    given = document.get(name)
    if not isinstance(given, str) or not given.strip():
        raise RequestRefusedError(400, f"{name} is missing, or no text")
    return read.storable(name, given)
