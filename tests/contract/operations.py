"""What Mixpanel's own OpenAPI files ask for: operations and their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Operation", "operations"]

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation of a document.

    Attributes:
        method: The HTTP method, in capitals.
        path: The path, with names in braces.
        parameters: Names in its query string, its headers and its body.
    """

    method: str
    path: str
    parameters: frozenset[str]

    def __str__(self) -> str:
        """The operation as it is spoken of."""
        return f"{self.method} {self.path}"

    def is_asked_by(self, method: str, path: str) -> bool:
        """Tell whether a request is for this operation."""
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(pattern, path) is not None


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """List the operations of a document; those with literal paths come first."""
    found = [
        Operation(method.upper(), path, parameters_of(document, about, method))
        for path, about in document["paths"].items()
        for method in METHODS
        if method in about
    ]
    return sorted(found, key=lambda operation: operation.path.count("{"))


def parameters_of(document: Any, about: Any, method: str) -> frozenset[str]:  # noqa: ANN401 - YAML
    """Name what one operation takes."""
    given = [*about.get("parameters", []), *about[method].get("parameters", [])]
    names = {
        parameter["name"]
        for parameter in (resolved(document, each) for each in given)
        if parameter["in"] != "path"
    }
    return frozenset(names | set(body_fields(document, about[method])))


def body_fields(document: Any, operation: Any) -> Iterator[str]:  # noqa: ANN401 - YAML
    """Yield the names of the fields of a body."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from resolved(document, content["schema"]).get("properties", {})


def resolved(document: Any, given: Any) -> Any:  # noqa: ANN401 - YAML
    """Follow a reference, where there is one."""
    if "$ref" not in given:
        return given
    found = document
    for part in given["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return resolved(document, found)
