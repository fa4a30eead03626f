"""Scripts on their way to Mixpanel: as text, from a file, or built.

https://developer.mixpanel.com/reference/query-jql
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expression_values import shortened
from mixpanel_query.jql.query import Query
from mixpanel_query.json_values import json_text
from mixpanel_query.wire import QueryRequest

__all__ = ["Script", "jql_request"]

Script: TypeAlias = str | PathLike[str] | Query


def jql_request(
    script: Script, params: Mapping[str, object] | None = None
) -> QueryRequest:
    """Return the request that runs a script.

    Args:
        script: Its text, the path of a file that holds it, or a query.
        params: What it reads as ``params``; beside its own values, for a query.

    Raises:
        InvalidQueryError: If there is no script, or the values are not JSON.

    >>> request = jql_request("function main() { return People(); }")
    >>> request.form
    {'script': 'function main() { return People(); }'}
    """
    form = {"script": script_text(script)}
    given = all_params(script, params)
    if given is not None:
        form["params"] = json_text("params", given)
    return QueryRequest(
        "/api/query/jql", method="POST", form=form, limits=("jql", "query")
    )


def script_text(script: Script) -> str:
    """Return the text of a script."""
    if isinstance(script, Query):
        return script.script
    if isinstance(script, PathLike):
        text = file_text(Path(script))
        if "main" not in text:
            raise InvalidQueryError(f"{script} has no function main(); write one in it")
        return text
    if not isinstance(script, str) or "main" not in script:
        problem = f"script {shortened(repr(script))} has no function main()"
        raise InvalidQueryError(f"{problem}; write one, or give the path of a file")
    return script


def file_text(path: Path) -> str:
    """Return what a file of JavaScript holds."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "it is not UTF-8"
        remedy = "give the path of a file of JavaScript"
        raise InvalidQueryError(
            f"{path} cannot be read: {problem}; {remedy}"
        ) from error


def all_params(
    script: Script, params: Mapping[str, object] | None
) -> dict[str, object] | None:
    """Return the values of a query and of the caller together."""
    if params is not None and not isinstance(params, Mapping):
        raise InvalidQueryError(f"params {params!r} are no dict; give names and values")
    if not isinstance(script, Query):
        return None if params is None else dict(params)
    twice = sorted(script.params.keys() & (params or {}).keys())
    if twice:
        problem = f"params {twice} are values of the query already"
        raise InvalidQueryError(f"{problem}; choose other names")
    return {**script.params, **(params or {})}
