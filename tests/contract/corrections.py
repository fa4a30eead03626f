"""What Mixpanel's OpenAPI files say otherwise than its documentation does.

Each correction has its reason. One that finds nothing to correct any more fails, and
is to go then.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["CORRECTIONS", "Correction", "correct"]

Step: TypeAlias = str | int


@dataclass(frozen=True)
class Correction:
    """One place of one file that is wrong.

    Attributes:
        contract: Name of the file.
        steps: The way to the place; ``name=NAME`` is the item of that name.
        says: What stands there.
        ought: What should.
        reason: How that is known.
    """

    contract: str
    steps: tuple[Step, ...]
    says: Any
    ought: Any
    reason: str


ENGAGE = ("paths", "/engage", "post")
ENGAGE_FORM = (
    *(*ENGAGE, "requestBody", "content", "application/x-www-form-urlencoded"),
    *("schema", "properties"),
)
JSON_ANSWER = ("responses", "200", "content", "application/json")
SCHEMA, EXAMPLE = ("schema", "properties"), ("examples", "example", "value")
ENGAGE_ANSWER = (*ENGAGE, *JSON_ANSWER)
RESULTS = ("results", "items", "properties")
SUM_ANSWER = ("paths", "/segmentation/sum", "get", *JSON_ANSWER, *SCHEMA)
JQL_ANSWER = ("paths", "/jql", "post", *JSON_ANSWER, "schema")
FUNNEL_ANSWER = ("paths", "/funnels", "get", *JSON_ANSWER, *SCHEMA)
STEPS = (
    *("data", "additionalProperties", "properties"),
    *("steps", "items", "properties"),
)
FREQUENCY_ANSWER = ("paths", "/retention/addiction", "get", *JSON_ANSWER, *SCHEMA)
TOP_ANSWER = ("paths", "/events/top", "get", *JSON_ANSWER, *SCHEMA)
COUNTS = {"type": "array", "items": {"type": "integer"}}
ID_IS_TEXT = (
    "distinct ids are texts: https://developer.mixpanel.com/reference/profile-set"
)


def dates_may_lack() -> Iterator[Correction]:
    """Yield what makes room for an interval in place of two dates."""
    for path in ("/events", "/events/properties"):
        for name in ("from_date", "to_date"):
            place = ("paths", path, "get", "parameters", f"name={name}", "required")
            reason = "its parameter interval stands in place of both dates"
            yield Correction("query", place, says=True, ought=False, reason=reason)


def group_update(name: str) -> tuple[str, ...]:
    """Return the way to what one update of groups must have."""
    content = ("requestBody", "content", "application/json", "schema")
    return ("paths", f"/groups#group-{name}", "post", *content, "items", "required")


def import_parameters_may_lack() -> Iterator[Correction]:
    """Yield what lets an import name neither its project nor how strict it is."""
    reasons = {
        "strict": "it has a default",
        "project_id": "only the credentials of service accounts need it",
    }
    for name, reason in reasons.items():
        place = ("paths", "/import", "post", "parameters", f"name={name}", "required")
        yield Correction("ingestion", place, says=True, ought=False, reason=reason)


def steps_may_lack_times() -> Iterator[Correction]:
    """Yield what lets the first step of a funnel, or an empty one, have no time."""
    for name in ("avg_time", "avg_time_from_start"):
        place = (*FUNNEL_ANSWER, *STEPS, name)
        reason = "the description says: null for step 0"
        ought = {"type": "integer", "nullable": True}
        yield Correction("query", place, {"type": "integer"}, ought, reason)


CORRECTIONS = [
    *dates_may_lack(),
    Correction(
        "query",
        (*ENGAGE_FORM, "behaviors", "type"),
        "integer",
        "string",
        "its description shows a JSON array as text",
    ),
    Correction(
        "query",
        (*ENGAGE_FORM, "output_properties"),
        {"type": "array", "items": {"type": "string"}},
        {"type": "string"},
        "its description shows a JSON array as text",
    ),
    Correction(
        "query",
        (*ENGAGE_ANSWER, *SCHEMA, *RESULTS, "$distinct_id", "type"),
        "integer",
        "string",
        ID_IS_TEXT,
    ),
    Correction(
        "query",
        (*ENGAGE_ANSWER, *EXAMPLE, "results", 0, "$distinct_id"),
        4,
        "4",
        ID_IS_TEXT,
    ),
    Correction(
        "query",
        (*SUM_ANSWER, "results", "additionalProperties", "type"),
        "integer",
        "number",
        "amounts that are added up have fractions",
    ),
    Correction(
        "query",
        (*JQL_ANSWER, "items"),
        {"type": "object"},
        {},
        "a script returns whatever it likes: "
        "https://developer.mixpanel.com/reference/jql-transformations",
    ),
    *steps_may_lack_times(),
    Correction(
        "query",
        (*TOP_ANSWER, "events", "items", "properties", "amount"),
        {"type": "integer"},
        {"type": "number"},
        "with type=average it has a fraction",
    ),
    Correction(
        "query",
        (*FREQUENCY_ANSWER, "data", "additionalProperties"),
        COUNTS,
        {"anyOf": [COUNTS, {"type": "object", "additionalProperties": COUNTS}]},
        "its parameter on asks for an answer by segment",
    ),
    Correction(
        "ingestion",
        (*group_update("delete"), 3),
        "$set",
        "$delete",
        "what deletes a group sets nothing",
    ),
    Correction(
        "ingestion",
        (*group_update("union"), 3),
        "$unset",
        "$union",
        "what adds to lists unsets nothing",
    ),
    *import_parameters_may_lack(),
]


def correct(contract: str, document: Any) -> None:  # noqa: ANN401 - YAML
    """Correct the document of one file.

    Raises:
        AssertionError: If the file says something else than it did.
    """
    for correction in CORRECTIONS:
        if correction.contract != contract:
            continue
        *way, last = correction.steps
        place = document
        for step in way:
            place = follow(place, step)
        said = without_descriptions(place[last])
        assert said == correction.says, (correction.steps, said)
        place[last] = copy.deepcopy(correction.ought)


def follow(place: Any, step: Step) -> Any:  # noqa: ANN401 - YAML
    """Go one step down."""
    if isinstance(step, str) and step.startswith("name="):
        [found] = [
            each for each in place if each.get("name") == step.removeprefix("name=")
        ]
        return found
    return place[step]


def without_descriptions(value: Any) -> Any:  # noqa: ANN401 - YAML
    """Leave the words out."""
    if isinstance(value, list):
        return [without_descriptions(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_descriptions(each)
        for key, each in value.items()
        if key not in ("description", "example")
    }
