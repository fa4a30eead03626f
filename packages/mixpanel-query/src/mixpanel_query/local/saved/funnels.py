"""Saved funnels: how they are defined and kept.

Mixpanel's are made in its web interface; here a funnel is what `SavedFunnel` says.
https://developer.mixpanel.com/reference/funnels-list-saved
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mixpanel_query.funnels import MOST_LENGTHS
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.saved.definitions import (
    check_event_name,
    check_number,
    check_text,
    definition_fields,
    find_definition,
    list_definitions,
)
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "FunnelStep",
    "SavedFunnel",
    "answer_funnel_list",
    "check_length",
    "checked_funnel",
    "find_funnel",
    "funnel_of",
]

MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of a funnel.

    Attributes:
        event: Name of the event.
        where: What must hold of it; empty for nothing.
    """

    event: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class SavedFunnel:
    """The definition of a saved funnel.

    Attributes:
        funnel_id: Its number, at least 1.
        steps: What users do, in this order.
        name: Its name.
        length: How long a user may take from the first step to the last.
        length_unit: What that is measured in: day, hour, minute or second.
    """

    funnel_id: int
    steps: tuple[FunnelStep, ...]
    name: str = ""
    length: int = 14
    length_unit: str = "day"


def checked_funnel(funnel: SavedFunnel, settings: ProjectSettings) -> SavedFunnel:
    """Return a definition that can be answered.

    Raises:
        LocalProjectError: If something of it is wrong; the message names the funnel.
    """
    try:
        check_number("funnel_id", funnel.funnel_id)
        check_text("name", funnel.name)
        if not 2 <= len(funnel.steps) <= MOST_STEPS:
            problem = (
                f"{len(funnel.steps)} steps make no funnel; give 2 to {MOST_STEPS}"
            )
            raise RequestRefusedError(400, problem)
        for step in funnel.steps:
            if not check_event_name(step.event):
                raise RequestRefusedError(400, "a step has no event")
            given = {"where": check_text("where", step.where)}
            read.expression(given, "where", settings.timezone)
        check_length(funnel.length, check_text("length_unit", funnel.length_unit))
    except RequestRefusedError as error:
        problem = f"funnel {funnel.funnel_id!r}: {error.message}"
        raise LocalProjectError(problem) from error
    return funnel


def check_length(length: object, unit: str) -> None:
    """Refuse a time to take all steps that is no number, or above 90 days."""
    most = MOST_LENGTHS[read.one_of("length_unit", unit, tuple(MOST_LENGTHS))]
    if type(length) is not int or not 1 <= length <= most:
        raise RequestRefusedError(
            400, f"length {length!r} is no whole number from 1 to {most} of one {unit}"
        )


def funnel_of(document: object) -> SavedFunnel:
    """Return the definition that a JSON object has.

    Each of its steps is the name of an event, or an object with ``event`` and
    perhaps ``where``.

    Raises:
        LocalProjectError: If it has other fields, or some are missing.
    """
    names = tuple(SavedFunnel.__dataclass_fields__)
    fields = definition_fields(document, "funnel", names, ("funnel_id", "steps"))
    steps = fields["steps"]
    if not isinstance(steps, list | tuple):
        raise LocalProjectError("steps is no list of events")
    return SavedFunnel(**{**fields, "steps": tuple(map(step_of, steps))})


def step_of(document: object) -> FunnelStep:
    """Return the step that a name or a JSON object is."""
    if isinstance(document, str):
        return FunnelStep(document)
    fields: Mapping[str, Any] = definition_fields(
        document, "step", ("event", "where"), ("event",)
    )
    return FunnelStep(**fields)


def find_funnel(engine: Engine, number: int) -> SavedFunnel:
    """Return the definition with this number.

    Raises:
        RequestRefusedError: 404, if there is none.
    """
    return funnel_of(find_definition(engine, "funnels", number))


def answer_funnel_list(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> list[dict[str, object]]:
    """Answer ``GET /funnels/list``: number and name of each, by their numbers."""
    del given, settings
    return [
        {"funnel_id": funnel["funnel_id"], "name": funnel["name"]}
        for funnel in list_definitions(engine, "funnels")
    ]
