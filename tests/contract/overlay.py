"""Mixpanel's OpenAPI files as one document that tools can use.

The paths have the prefixes of their servers. What the files leave out is added: the
statuses of refusals, forms, JSON Lines, and the one address that many operations of
``/engage`` and ``/groups`` share.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from corrections import correct

__all__ = ["CONTRACTS", "REFUSED", "UNANSWERED", "corrected_document"]

METHODS = ("get", "post", "put", "patch", "delete")
CONTRACTS = ("query", "export", "lexicon-schemas", "annotations", "ingestion")
# Which statuses a refusal may have, besides those of the files; see the errors of
# https://developer.mixpanel.com/reference/rate-limits and of each page there.
REFUSED = {
    "query": ("400", "401", "402", "403", "413", "429"),
    "export": ("400", "401", "402", "403", "429"),
    "lexicon-schemas": ("400", "401", "403", "404", "413", "429"),
    "annotations": ("400", "401", "403", "404", "413", "429"),
    "ingestion": ("400", "401", "403", "413", "429"),
}
REFUSED_ALSO = {
    "/api/query/funnels": ("404",),
    "/api/query/insights": ("404",),
    # Seen by other clients where a script fails.
    "/api/query/jql": ("412",),
}
# What a local project says that it does not answer, with status 501, and why.
UNANSWERED = {
    "/api/query/engage": "behaviors",
    "/lookup-tables": "lookup tables",
    "/lookup-tables/{id}": "lookup tables",
}
REFUSAL = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string"},
        "request": {"type": "string"},
        "status": {"type": "string"},
    },
}
TEXT = {"type": "string"}
FLAG = {"type": "string", "enum": ["0", "1"]}
FORM = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": TEXT, "ip": FLAG, "verbose": FLAG, "api_key": TEXT},
}
# What one address of the ingestion API answers, by ``verbose``, ``img``, ``callback``:
# https://developer.mixpanel.com/reference/track-event
TAKEN: dict[str, Any] = {
    "description": "Taken",
    "content": {
        "text/plain": {"schema": {"type": "string", "enum": ["1", "0"]}},
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": {"type": "integer", "enum": [0, 1]},
                    "error": {"type": "string", "nullable": True},
                },
            }
        },
        "image/gif": {"schema": {"type": "string", "format": "binary"}},
        "text/javascript": {"schema": TEXT},
    },
}


def corrected_document(folder: Path) -> dict[str, Any]:
    """Put the files of a folder together."""
    whole: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": "Mixpanel", "version": "1"},
        "paths": {},
        "components": {},
    }
    for contract in CONTRACTS:
        add_contract(whole, contract, folder / f"{contract}.openapi.yaml")
    for path, statuses in REFUSED_ALSO.items():
        refuse_with(whole["paths"][path], statuses)
    for path in UNANSWERED:
        refuse_with(whole["paths"][path], ("501",))
    for about in whole["paths"].values():
        for operation in operations_of(about):
            require_what_is_shown(operation)
            require_objects(operation)
            allow_csv(operation)
    return whole


def require_what_is_shown(operation: dict[str, Any]) -> None:
    """Require of an answer what its example has; the files require nothing."""
    content = operation["responses"].get("200", {}).get("content", {})
    about = content.get("application/json", {})
    for example in about.get("examples", {}).values():
        schema = about["schema"]
        schema = schema.get("items", schema)
        shown = example["value"]
        shown = shown[0] if isinstance(shown, list) else shown
        if "properties" in schema:
            schema["required"] = sorted(schema["properties"].keys() & shown.keys())


def require_objects(operation: dict[str, Any]) -> None:
    """Require an object wherever the fields of a body are named."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "properties" in content["schema"]:
            content["schema"]["type"] = "object"


def allow_csv(operation: dict[str, Any]) -> None:
    """Let an answer be CSV where a parameter asks for that."""
    given = operation.get("parameters", [])
    if any("format" in (each.get("name") or each["$ref"]) for each in given):
        operation["responses"]["200"]["content"]["text/csv"] = {"schema": TEXT}


def add_contract(whole: dict[str, Any], contract: str, file: Path) -> None:
    """Add what one file says."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    correct(contract, document)
    if contract == "ingestion":
        complete_ingestion(document)
    # A region stands in braces in the host, which is of no interest.
    server = urlsplit(document["servers"][0]["url"].replace("{", "").replace("}", ""))
    renamed = with_own_names(document, contract)
    for path, about in renamed["paths"].items():
        for operation in operations_of(about):
            operation.setdefault("security", document.get("security", []))
        refuse_with(about, REFUSED[contract])
        whole["paths"][server.path + path] = about
    for kind, named in renamed["components"].items():
        whole["components"].setdefault(kind, {}).update(named)


def with_own_names(document: Any, contract: str) -> Any:  # noqa: ANN401 - YAML
    """Name the components of a file so that no other file has the same names."""
    shared = "securitySchemes"
    named = {
        kind: {
            name if kind == shared else f"{contract}.{name}": component
            for name, component in components.items()
        }
        for kind, components in document["components"].items()
    }

    def renamed(value: Any) -> Any:  # noqa: ANN401 - YAML
        if isinstance(value, list):
            return [renamed(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            way, _, name = value["$ref"].rpartition("/")
            return {"$ref": f"{way}/{contract}.{name}"}
        return {key: renamed(each) for key, each in value.items()}

    return renamed({"paths": document["paths"], "components": named})


def operations_of(about: dict[str, Any]) -> list[dict[str, Any]]:
    """List the operations of one path."""
    return [about[method] for method in METHODS if method in about]


def refuse_with(about: dict[str, Any], statuses: tuple[str, ...]) -> None:
    """Let the operations of a path be refused with further statuses."""
    content = {"application/json": {"schema": REFUSAL}}
    for operation in operations_of(about):
        for status in statuses:
            if status == "413" and "requestBody" not in operation:
                continue
            answer = {"description": "Refused", "content": copy.deepcopy(content)}
            operation["responses"].setdefault(status, answer)


def complete_ingestion(document: Any) -> None:  # noqa: ANN401 - YAML
    """Add what the file of the ingestion API leaves out."""
    paths = document["paths"]
    for path in ("/engage", "/groups"):
        parts = [paths.pop(each) for each in [*paths] if each.startswith(f"{path}#")]
        paths[path] = {"post": folded([part["post"] for part in parts])}
    for path in ("/track", "/engage", "/groups"):
        operation = paths[path]["post"]
        # https://developer.mixpanel.com/reference/track-event: data in a form, too
        form = {"schema": copy.deepcopy(FORM)}
        operation["requestBody"]["content"]["application/x-www-form-urlencoded"] = form
        operation["responses"]["200"] = copy.deepcopy(TAKEN)
    received = document["components"]["responses"]["StrictReceived"]
    # With strict=1 the answer tells of each record; its shape is that of an import.
    told = received["content"]["application/json"]["schema"]
    for path in ("/engage", "/groups"):
        answered = paths[path]["post"]["responses"]["200"]["content"]
        short = answered["application/json"]["schema"]
        answered["application/json"] = {"schema": {"anyOf": [short, told]}}
    complete_import(paths["/import"]["post"], received)


def complete_import(imported: Any, received: Any) -> None:  # noqa: ANN401 - YAML
    """Add how else events are imported, and the answer that Mixpanel's library wants.

    https://developer.mixpanel.com/reference/import-events
    """
    # OpenAPI ignores a header of that name, Prism does not.
    given = imported["parameters"]
    imported["parameters"] = [each for each in given if each["name"] != "Content-Type"]
    content = imported["requestBody"]["content"]
    content["application/x-ndjson"] = {"schema": dict(TEXT)}
    content["application/x-www-form-urlencoded"] = {"schema": copy.deepcopy(FORM)}
    answered, in_short = copy.deepcopy(received), copy.deepcopy(TAKEN)
    kinds = answered["content"], in_short["content"]
    schemas = [each["application/json"]["schema"] for each in kinds]
    answered["content"] = {
        "application/json": {"schema": {"anyOf": schemas}},
        "text/plain": in_short["content"]["text/plain"],
    }
    imported["responses"]["200"] = answered


def folded(operations: list[Any]) -> Any:  # noqa: ANN401 - YAML
    """Make one operation of those that have one address."""
    first = copy.deepcopy(operations[0])
    found = {each["name"]: each for one in operations for each in one["parameters"]}
    first["parameters"] = list(found.values())
    bodies = [one["requestBody"]["content"]["application/json"] for one in operations]
    # The two batches are texts there, which a body of JSON is not.
    items = [each["schema"]["items"] for each in bodies if "items" in each["schema"]]
    schema = {"type": "array", "minItems": 1, "items": {"anyOf": items}}
    first["requestBody"]["content"]["application/json"] = {"schema": schema}
    return first
