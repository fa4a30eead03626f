"""What Mixpanel's own OpenAPI files ask for: operations and their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

METHODS = ("get", "post", "put", "patch", "delete")
# The files that the clients answer for, as they are called.
CONTRACTS = ("query", "export", "lexicon-schemas", "annotations")
# Types of fields of /engage that contradict what the same file says in words:
# https://developer.mixpanel.com/reference/engage-query
WRONG_TYPES = {
    "behaviors": "integer",  # a JSON array, as text in a form
    "output_properties": "array",  # the example there is a JSON array as text
}
# Where the file requires dates, and says that either they or an interval are given:
# https://developer.mixpanel.com/reference/list-recent-events
WITHOUT_DATES = ("/events", "/events/properties")
DATES = {"from_date", "to_date"}


@dataclass(frozen=True)
class Operation:
    """One operation of a contract.

    Attributes:
        contract: Name of the contract.
        method: The HTTP method, in capitals.
        prefix: Path of the server, before the operation's own.
        path: The operation's own path, with names in braces.
        parameters: Names in its query string, its headers and its body.
    """

    contract: str
    method: str
    prefix: str
    path: str
    parameters: frozenset[str]

    def __str__(self) -> str:
        """The operation as it is spoken of."""
        return f"{self.method} {self.prefix}{self.path}"

    def is_asked_by(self, method: str, path: str) -> bool:
        """Tell whether a request is for this operation."""
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.prefix + self.path))
        return method == self.method and re.fullmatch(pattern, path) is not None


def contract_file(folder: Path, contract: str) -> Path:
    """Name the file of a contract."""
    return folder / f"{contract}.openapi.yaml"


def corrected_file(folder: Path, contract: str, copies: Path) -> Path:
    """Write a copy of a contract without its contradictions.

    Raises:
        AssertionError: If one is not there any more; its correction is to go then.
    """
    import yaml  # nox -s contract brings it

    file = contract_file(folder, contract)
    if contract != "query":
        return file
    document = yaml.safe_load(file.read_text())
    content = document["paths"]["/engage"]["post"]["requestBody"]["content"]
    fields = content["application/x-www-form-urlencoded"]["schema"]["properties"]
    for name, wrong in WRONG_TYPES.items():
        assert fields[name]["type"] == wrong
        fields[name] = {"type": "string"}
    for path in WITHOUT_DATES:
        parameters = document["paths"][path]["get"]["parameters"]
        dates = [each for each in parameters if each.get("name") in DATES]
        assert [date["required"] for date in dates] == [True, True]
        for date in dates:
            date["required"] = False
    copy = copies / file.name
    copy.write_text(yaml.safe_dump(document))
    return copy


def operations(folder: Path) -> list[Operation]:
    """List the operations of all contracts; those with literal paths come first."""
    found = [each for name in CONTRACTS for each in read_contract(folder, name)]
    return sorted(found, key=lambda operation: operation.path.count("{"))


def read_contract(folder: Path, contract: str) -> Iterator[Operation]:
    """Yield the operations of one file."""
    import yaml  # nox -s contract brings it

    document = yaml.safe_load(contract_file(folder, contract).read_text())
    # A region stands in braces in the host, which is of no interest.
    prefix = urlsplit(document["servers"][0]["url"].replace("{", "").replace("}", ""))
    for path, about in document["paths"].items():
        for method in METHODS:
            if method in about:
                given = [
                    *about.get("parameters", []),
                    *about[method].get("parameters", []),
                ]
                names = {
                    parameter["name"]
                    for parameter in (resolved(document, each) for each in given)
                    if parameter["in"] != "path"
                }
                names |= set(body_fields(document, about[method]))
                yield Operation(
                    contract, method.upper(), prefix.path, path, frozenset(names)
                )


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
