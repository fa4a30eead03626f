"""The endpoints of the page: its files, and what it asks for while it is open."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.page.page_files import FILES, page_file
from mixpanel_query.local.page.stored import (
    count_by_name,
    find_profile,
    search_profiles,
)
from mixpanel_query.local.parameters import reading as read

if TYPE_CHECKING:
    from mixpanel_query.local.control.watched_app import Controls
    from mixpanel_query.local.engine.store import Engine
    from mixpanel_query.local.page.plan_check import PlanCheck
    from mixpanel_query.local.records.verdicts import Verdict
    from mixpanel_query.local.settings import ProjectSettings
    from mixpanel_schema import TrackingPlan

__all__ = ["Page"]

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

# Longer properties are asked for when somebody opens the record.
LONGEST_SENT = 4000
LONGEST_PROBLEM = 500
MOST_PROBLEMS = 50


class AsciiJSON(JSONResponse):
    """JSON that holds any text, half characters too."""

    def render(self, content: object) -> bytes:
        """Return the JSON text of a value."""
        return json.dumps(content).encode()


class Page:
    """The endpoints; only `paths` lists them."""

    def __init__(
        self,
        engine: Engine,
        settings: ProjectSettings,
        controls: Controls,
        plan: TrackingPlan | None = None,
    ) -> None:
        """Take what the page shows.

        Args:
            engine: The store.
            settings: The project's.
            controls: What is turned at ``/local/…``.
            plan: What records are compared with; None for nothing.
        """
        self.engine = engine
        self.settings = settings
        self.controls = controls
        self.check = plan_check(plan)

    def paths(self) -> list[tuple[str, str, Endpoint]]:
        """Return method, path and endpoint of everything here."""
        return [
            ("GET", "/", self.html),
            ("GET", "/local/page/{name}", self.file),
            ("GET", "/local/verdicts", self.verdicts),
            ("GET", "/local/verdicts/{number}", self.verdict),
            ("GET", "/local/overview", self.overview),
            ("GET", "/local/records", self.records),
            ("GET", "/local/names", self.names),
            ("GET", "/local/profiles", self.profiles),
            ("GET", "/local/profile", self.profile),
        ]

    async def html(self, _: Request) -> Response:
        """Answer with the page."""
        return page_file("page.html")

    async def file(self, request: Request) -> Response:
        """Answer with a file that the page loads."""
        name = request.path_params["name"]
        if name not in FILES:
            raise RequestRefusedError(404, f"the page has no file {name[:40]!r}")
        return page_file(name)

    async def verdicts(self, request: Request) -> Response:
        """List the latest verdicts, or those after a number."""
        found = self.controls.verdicts.after(number_after(request))

        def judge() -> Response:
            return AsciiJSON({"verdicts": [self.judged(each) for each in found]})

        return await run_in_threadpool(judge)

    async def verdict(self, request: Request) -> Response:
        """Answer with one verdict."""
        number = request.path_params["number"][:40]
        for each in self.controls.verdicts:
            if str(each.number) == number:
                return AsciiJSON(self.judged(each))
        raise RequestRefusedError(404, f"the verdict {number} is not kept, or not yet")

    async def records(self, request: Request) -> Response:
        """List the latest verdicts as the page shows them, and which are kept."""
        after = number_after(request)
        kept = list(self.controls.verdicts)
        if kept and kept[-1].number < after:
            after = 0  # another project is here now

        def rows() -> Response:
            return AsciiJSON(
                {
                    "records": [self.row(each) for each in kept if each.number > after],
                    "first": kept[0].number if kept else None,
                    "last": kept[-1].number if kept else None,
                }
            )

        return await run_in_threadpool(rows)

    async def overview(self, _: Request) -> Response:
        """Answer what is set, and what answers rested on."""
        controls = self.controls
        return AsciiJSON(
            {
                "timezone": self.settings.timezone.key,
                "project_id": self.settings.project_id,
                "has_token": self.settings.token is not None,
                "has_plan": self.check is not None,
                "personal": self.check.personal if self.check else {},
                "now": controls.clock().isoformat(),
                "clock_is_set": controls.clock.is_set,
                "limits": asdict(controls.limits.now),
                "faults": [fault.as_json() for fault in controls.faults],
                "assumptions": [asdict(rule) for rule in controls.assumptions.listed()],
            }
        )

    async def names(self, _: Request) -> Response:
        """Answer how many events there are of each name."""
        return AsciiJSON(await run_in_threadpool(count_by_name, self.engine))

    async def profiles(self, request: Request) -> Response:
        """List profiles of people and groups, by a part of their ids."""
        search = request.query_params.get("search", "")
        return AsciiJSON(await run_in_threadpool(search_profiles, self.engine, search))

    async def profile(self, request: Request) -> Response:
        """Answer with the properties of a profile."""
        given = request.query_params.get("distinct_id", "")
        key = request.query_params.get("group_key", "")
        found = await run_in_threadpool(find_profile, self.engine, key, given)
        if found is None:
            raise RequestRefusedError(404, f"there is no profile {given[:40]!r}")
        return AsciiJSON({"distinct_id": given, "properties": found})

    def judged(self, verdict: Verdict) -> dict[str, object]:
        """Return a verdict, with what the plan says if there is one."""
        said = verdict.as_json()
        return {**said, "plan": self.check.problems(verdict)} if self.check else said

    def row(self, verdict: Verdict) -> dict[str, object]:
        """Return a verdict as the page shows it, without what is very long."""
        said = self.judged(verdict)
        is_long = len(verdict.properties) > LONGEST_SENT
        for kind in ("problems", "plan"):
            said[kind] = shortened(said.get(kind))
        return {
            **said,
            "name": verdict.name[:LONGEST_PROBLEM],
            "distinct_id": verdict.distinct_id[:LONGEST_PROBLEM],
            "properties": None if is_long else verdict.properties,
        }


def plan_check(plan: TrackingPlan | None) -> PlanCheck | None:
    """Return what compares records with a plan; loaded only where there is one."""
    if plan is None:
        return None
    from mixpanel_query.local.page.plan_check import PlanCheck

    return PlanCheck(plan)


def shortened(problems: object) -> list[str]:
    """Return problems that fit a page."""
    listed = problems if isinstance(problems, list) else []
    return [str(each)[:LONGEST_PROBLEM] for each in listed[:MOST_PROBLEMS]]


def number_after(request: Request) -> int:
    """Return the number after which a list is to begin."""
    return read.number(request.query_params, "after", least=0, most=999_999_999) or 0
