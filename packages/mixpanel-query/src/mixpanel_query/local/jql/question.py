"""JQL: scripts in JavaScript, run over the events and profiles of the store.

https://developer.mixpanel.com/reference/query-jql
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.javascript.limits import ScriptLimits
from mixpanel_query.local.javascript.script_run import ScriptRun
from mixpanel_query.local.jql.selectors import join_selectors
from mixpanel_query.local.jql.sources import Joined, event_batches, user_batches
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.records.bodies import refuse_constant
from mixpanel_query.local.rules.basis import never_answered, rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["JqlQuestion", "answer_jql", "read_jql"]


@dataclass(frozen=True, slots=True)
class JqlQuestion:
    """A script to run.

    Attributes:
        script: Its text.
        params: The JSON object that it reads as ``params``.
        limits: What it may use.
    """

    script: str = field(repr=False)
    params: str = field(default="{}", repr=False)
    limits: ScriptLimits = field(default_factory=ScriptLimits)


def read_jql(given: Mapping[str, str]) -> JqlQuestion:
    """Read ``POST /jql``.

    Raises:
        RequestRefusedError: If the script is missing, or ``params`` are no JSON
            object; 501 for an answer in CSV.
    """
    if read.one_of("format", given.get("format", "json"), ("json", "csv")) == "csv":
        raise never_answered("jql-csv", "scripts with format=csv")
    return JqlQuestion(read.required(given, "script"), read_params(given))


def read_params(given: Mapping[str, str]) -> str:
    """Return what the script reads as ``params``, checked to be a JSON object."""
    text = given.get("params") or "{}"
    try:
        value = json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise RequestRefusedError(
            400, 'params are no JSON object; write them as {"from_date": "2026-11-09"}'
        )
    return text


def answer_jql(
    engine: Engine, question: JqlQuestion, settings: ProjectSettings
) -> Generator[bytes, None, None]:
    """Run a script, and yield its items as pieces of one JSON array.

    The first piece comes when the script is done.

    Raises:
        RequestRefusedError: 412, if the script fails or uses too much; 400, if its
            dates are none; 501, if it uses what the local project cannot do.
    """
    with ScriptRun(question.script, question.params, question.limits) as run:
        asked = run.sources()
        joined = None
        if asked.get("join", {}).get("type") in ("left", "right"):
            rests_on("jql-join-sides")
        if selectors := asked.get("join", {}).get("selectors"):
            joined = Joined(join_selectors(selectors, settings.timezone))
        if "people" in asked:
            people = user_batches(engine, asked["people"], settings, joined)
            run.feed(b"P", people)
        if "events" in asked:
            events = event_batches(engine, asked["events"], settings, joined)
            run.feed(b"E", events)
        yield from run.items()
