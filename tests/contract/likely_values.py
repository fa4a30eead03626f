"""Values that questions are likely to have; random ones hardly ever ask anything."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from hypothesis import strategies as st

__all__ = ["OUR_PROJECT", "VALUES", "Values", "complete", "likely"]

Values: TypeAlias = dict[str, list[Any]]

NAMES = ["checkout", "page view", "true", "nothing"]
LISTS = ['["checkout", "sign up"]', '["true"]', '["nothing"]', "[]"]
FIRST_DAYS = ["2026-11-01", "2026-11-09", "2026-11-12", "2026-11-16"]
LAST_DAYS = ["2026-11-16", "2026-11-22", "2026-11-20", "2026-11-15"]
EXPRESSIONS = [
    'properties["amount"] > 2',
    'properties["plan"]',
    'properties["device"]["os"]',
    '"pro" in properties["plan"] and not defined(properties["amount"])',
    'properties["amount"] * 2 + 1',
    'datetime(properties["$time"])',
    "true",
    "(",
]
RETURNED = [
    "Events(params).groupBy(['name'], mixpanel.reducer.count())",
    "Events(params).map(event => event.properties.amount)",
    "People()",
    "join(Events(params), People())",
    "params",
]
SCRIPTS = [f"function main() {{ return {each} }}" for each in RETURNED]
WHILE = json.dumps({"from_date": "2026-11-09", "to_date": "2026-11-10"})
# Another project's requests are all refused alike.
OUR_PROJECT: Values = {"project_id": [12345], "projectId": ["12345"]}
# By path and name, or by name alone.
VALUES: Values = {
    **OUR_PROJECT,
    "from_date": FIRST_DAYS,
    "to_date": LAST_DAYS,
    "fromDate": FIRST_DAYS,
    "toDate": LAST_DAYS,
    "event": NAMES,
    "born_event": NAMES,
    "/api/query/events event": LISTS,
    "/api/2.0/export event": LISTS,
    "name": ["amount", "plan", "true", "device", "nothing"],
    "values": [["basic", "pro"], ["2.5"]],
    "on": EXPRESSIONS,
    "where": EXPRESSIONS,
    "born_where": EXPRESSIONS,
    "funnel_id": [1, 2],
    "bookmark_id": [99, 1],
    "interval": [1, 2, 7],
    "interval_count": [1, 3],
    "length": [1, 14],
    "limit": [1, 10, 255],
    "unit": ["day", "day", "week", "month", "hour"],
    "type": ["general", "unique", "average"],
    "format": ["json", "csv"],
    "retention_type": ["birth", "compounded"],
    "unbounded_retention": ["true", "false"],
    "length_unit": ["day", "hour"],
    "time_in_ms": ["true", "false"],
    "addiction_unit": ["hour", "day"],
    "distinct_ids": [json.dumps(["u1", "u2"]), "[]"],
    "distinct_id": ["u1"],
    "filter_by_cohort": ['{"id": 7}', '{"id": 8}'],
    "output_properties": ['["Plan"]'],
    "page": [0],
    "script": SCRIPTS,
    "params": [WHILE, "{}"],
    "description": ["Somebody paid."],
    "date": ["2026-11-09 12:00:00"],
    "entityType": ["event"],
    "entity_name": NAMES,
    "/api/app/projects/{projectId}/schemas/{entityType}/{name} name": NAMES,
    "time": [1795305600, 1795305600123, 5],
    "token": ["t0ken", "t0ken", "other"],
    "$token": ["t0ken", "t0ken", "other"],
    "$distinct_id": ["u1", "u2"],
    "$insert_id": ["i1", "i2"],
}


# What the files leave open, and questions need all the same.
APP = "/api/app/projects/{projectId}"
NEEDED: dict[str, dict[str, Any]] = {
    f"{APP}/annotations": {"date": "2026-11-09 12:00:00", "description": "a"},
    f"{APP}/annotations/tags": {"name": "release"},
    "/api/2.0/export": {"project_id": 12345},
    "/import": {"project_id": 12345, "strict": "1"},
    "/api/query/events": {"from_date": "2026-11-09", "to_date": "2026-11-16"},
    "/api/query/events/properties": {
        "from_date": "2026-11-09",
        "to_date": "2026-11-16",
    },
    "/api/query/retention": {"born_event": "page view"},
}


def likely(
    draw: Any,  # noqa: ANN401 - of hypothesis
    path: str,
    given: Any,  # noqa: ANN401 - of schemathesis
    known: Values,
) -> None:
    """Put known values in the place of those that there are, however deep.

    Args:
        draw: Draws from a strategy.
        path: Path of the operation.
        given: Parameters, or a body, or a part of it.
        known: By name, or by path and name, what there may be.
    """
    if isinstance(given, list):
        for each in given:
            likely(draw, path, each, known)
    if not isinstance(given, dict):
        return
    for name, value in given.items():
        values = known.get(f"{path} {name}") or known.get(name)
        if values:
            given[name] = draw(st.sampled_from(values))
        else:
            likely(draw, path, value, known)


def complete(path: str, query: dict[str, Any], body: Any) -> None:  # noqa: ANN401 - of schemathesis
    """Add what a question needs to be answered."""
    given = body if isinstance(body, dict) else query
    for name, value in NEEDED.get(path, {}).items():
        given.setdefault(name, value)
