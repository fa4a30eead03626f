"""The HTTP side of a local project: which path asks for what.

Bodies are read in the server's event loop; everything that touches the store runs in
worker threads, several at once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Generator, Iterator
from itertools import chain
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mixpanel_query.local.app_api.requests import AppRequest, read_document
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion import arrivals
from mixpanel_query.local.ingestion.arrival_log import log_refusal
from mixpanel_query.local.ingestion.collection_pause import paused_collection
from mixpanel_query.local.jql import question as jql
from mixpanel_query.local.parameters.missing_parts import refuse_missing_parts
from mixpanel_query.local.questions import profile_pages, raw_export
from mixpanel_query.local.questions.cohorts import answer_cohort_list
from mixpanel_query.local.questions.profile_sessions import ProfileSessions
from mixpanel_query.local.records.bodies import form_fields
from mixpanel_query.local.rules.basis import graded_error, rests_on
from mixpanel_query.local.server.access import check_importer, check_reader
from mixpanel_query.local.server.question_paths import (
    APP_CALLS,
    QUESTIONS,
    UNANSWERED,
    AppCall,
    Question,
)
from mixpanel_query.local.server.refusing import (
    CLIENT_LEFT,
    application,
    json_response,
    path_of,
    refuse,
    unanswered,
)
from mixpanel_query.local.server.request_bodies import read_body
from mixpanel_query.local.server.streaming import ClosingStream
from mixpanel_query.local.server.track_api import track_routes
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["make_app"]

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Check: TypeAlias = Callable[[ProjectSettings, str | None, str | None], None]
Take: TypeAlias = Callable[[Engine, ProjectSettings, arrivals.Arrival], arrivals.Answer]

# Each takes a process and up to 512 MiB; more of them wait for their turn.
SCRIPTS_AT_ONCE = 5


class Project:
    """What the endpoints of one project share; threads may, too."""

    def __init__(self, engine: Engine, settings: ProjectSettings) -> None:
        self.engine = engine
        self.settings = settings
        self.sessions = ProfileSessions()
        self.scripts = asyncio.Semaphore(SCRIPTS_AT_ONCE)

    async def track(self, request: Request) -> Response:
        """Answer ``POST /track``."""
        return await self.take(request, arrivals.track)

    async def engage(self, request: Request) -> Response:
        """Answer ``POST /engage``."""
        return await self.take(request, arrivals.engage)

    async def groups(self, request: Request) -> Response:
        """Answer ``POST /groups``."""
        return await self.take(request, arrivals.groups)

    async def import_events(self, request: Request) -> Response:
        """Answer ``POST /import``."""
        try:
            return await self.take(request, arrivals.import_events, check_importer)
        except RequestRefusedError as error:
            # https://developer.mixpanel.com/reference/import-events gives these texts.
            if error.status == 401:
                error = RequestRefusedError(401, "Invalid credentials")
            elif error.status != 413:
                error = graded_error(error)
            refused = arrivals.import_refused(error.status, error.message, failed=[])
            return answer(refused)

    async def take(
        self, request: Request, work: Take, check: Check | None = None
    ) -> Response:
        """Hand the body of a request over to what takes it."""
        try:
            if check:
                self.check(request, check)
            return await self.hand_over(request, work)
        except RequestRefusedError as error:
            log_refusal(path_of(request), error.status, error.message)
            raise

    async def hand_over(self, request: Request, work: Take) -> Response:
        """Read the body of a request, and let ``work`` have it in another thread."""
        arrival = arrivals.Arrival(
            body=await read_body(request),
            encoding=request.headers.get("content-encoding", "").lower(),
            content_type=request.headers.get("content-type", "").lower(),
            query=request.query_params,
            address=request.client.host if request.client else "",
            new_insert_id=lambda: uuid.uuid4().hex,
        )

        def take() -> arrivals.Answer:
            with paused_collection():
                return work(self.engine, self.settings, arrival)

        return answer(await run_in_threadpool(take))

    def question(self, answer: Question) -> Endpoint:
        """Return the endpoint that answers a question of the Query API."""

        async def ask(request: Request) -> Response:
            self.check(request, check_reader)

            def work() -> Response:
                given = request.query_params
                refuse_missing_parts(given)
                found = answer(self.engine, given, self.settings)
                if isinstance(found, str):
                    return Response(found, media_type="text/csv")
                return JSONResponse(found)

            return await run_in_threadpool(work)

        return ask

    async def account(self, request: Request) -> Response:
        """Answer ``GET /api/app/me``, as far as clients are known to read it."""
        rests_on("account")
        self.check(request, check_reader)
        number = self.settings.project_id or request.query_params.get("project_id", 1)
        project = {"name": "Local project", "timezone": self.settings.timezone.key}
        return JSONResponse(
            {"status": "ok", "results": {"projects": {str(number): project}}}
        )

    async def profiles(self, request: Request) -> Response:
        """Answer ``POST /api/query/engage``, and by GET what others ask so."""
        self.check(request, check_reader)
        given = profile_pages.parameters_of(await read_body(request))
        if request.method == "GET":
            rests_on("profile-requests")
        given = {**request.query_params, **given}
        refuse_missing_parts(given)
        page = profile_pages.read_page(given, self.settings)
        asked = self.engine, page, self.settings, self.sessions, uuid.uuid4().hex
        return JSONResponse(await run_in_threadpool(profile_pages.answer_page, *asked))

    async def jql(self, request: Request) -> Response:
        """Answer ``POST /api/query/jql``."""
        form = await self.form(request)

        def start() -> Response:
            question = jql.read_jql(form)
            items = jql.answer_jql(self.engine, question, self.settings)
            # When the first piece comes, the script is done, and cannot fail any more.
            return ClosingStream(chain([next(items)], items), items, "application/json")

        async with self.scripts:
            if await request.is_disconnected():
                return Response(status_code=CLIENT_LEFT)
            return await run_in_threadpool(start)

    async def form(self, request: Request) -> dict[str, str]:
        """Return the parameters of a question that is asked by a form."""
        self.check(request, check_reader)
        form = form_fields(await read_body(request))
        if form is None:
            raise RequestRefusedError(400, "the body is not a form")
        given = {**request.query_params, **form}
        refuse_missing_parts(given)
        return given

    def app_call(self, call: AppCall) -> Endpoint:
        """Return the endpoint that answers a call of the App API."""

        async def work(request: Request) -> Response:
            number = request.path_params["project_id"]
            authorization = request.headers.get("authorization")
            check_reader(self.settings, authorization, number)
            asked = AppRequest(
                project_id=int(number),
                item=request.path_params.get("item", ""),
                params=request.query_params,
                document=read_document(await read_body(request)),
                kind=request.path_params.get("kind", ""),
            )
            done = await run_in_threadpool(call, self.engine, self.settings, asked)
            return answer(done)

        return work

    async def export(self, request: Request) -> Response:
        """Answer ``GET /api/2.0/export``."""
        self.check(request, check_reader)
        refuse_missing_parts(request.query_params)
        question = raw_export.read_export_question(request.query_params, self.settings)
        lines = raw_export.export_lines(self.engine, question)
        first = await run_in_threadpool(next, lines, b"")
        accepted = request.headers.get("accept-encoding", "")
        return export_response(first, lines, accepted)

    def check(self, request: Request, check: Check) -> None:
        """Check the credentials and the project id of a request."""
        authorization = request.headers.get("authorization")
        check(self.settings, authorization, request.query_params.get("project_id"))


async def feature_flags(_: Request) -> Response:
    """Answer ``GET /flags``, which a page may ask that has switched flags on."""
    rests_on("no-feature-flags")
    return JSONResponse({"flags": {}})


def export_response(
    first: bytes, lines: Generator[bytes, None, None], accepted: str
) -> Response:
    """Return the response that streams an export, gzipped if that is worth it."""
    headers = {}
    chunks: Iterator[bytes] = chain([first], lines)
    if "gzip" in accepted.lower() and len(first) > raw_export.LEAST_GZIPPED:
        chunks = raw_export.gzipped(chunks)
        headers["Content-Encoding"] = "gzip"
    return ClosingStream(chunks, lines, "text/plain", headers)


def answer(done: arrivals.Answer) -> Response:
    """Return the HTTP response for an answer of the ingestion or App API."""
    if isinstance(done.body, str | bytes):
        return Response(done.body, done.status, media_type=done.media_type)
    return json_response(done.body, done.status)


def earlier(ask: Endpoint) -> Endpoint:
    """Return the endpoint of a question for the path that it had in earlier times."""

    async def ask_there(request: Request) -> Response:
        rests_on("earlier-paths")
        return await ask(request)

    return ask_there


def make_app(engine: Engine, settings: ProjectSettings) -> Starlette:
    """Return the web application of a project."""
    project = Project(engine, settings)
    questions: list[tuple[str, str, Endpoint]] = [
        *(("GET", path, project.question(ask)) for path, ask in QUESTIONS.items()),
        *((method, "engage", project.profiles) for method in ("GET", "POST")),
        ("POST", "cohorts/list", project.question(answer_cohort_list)),
        ("POST", "jql", project.jql),
    ]
    endpoints: list[tuple[str, str, Endpoint]] = [
        ("POST", "/import", project.import_events),
        *(
            (method, path, work)
            for path, work in (
                ("/track", project.track),
                ("/engage", project.engage),
                ("/groups", project.groups),
            )
            for method in ("GET", "POST")
        ),
        *((method, f"/api/query/{path}", ask) for method, path, ask in questions),
        *(
            (method, f"/api/2.0/{path}", earlier(ask))
            for method, path, ask in questions
        ),
        ("GET", "/api/app/me", project.account),
        ("GET", "/flags", feature_flags),
        ("GET", "/api/2.0/export", project.export),
        *(
            (method, f"/api/app/projects/{{project_id}}/{path}", project.app_call(call))
            for (method, path), call in APP_CALLS.items()
        ),
    ]
    routes = [Route(path, work, methods=[method]) for method, path, work in endpoints]
    every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    routes += [Route(path, unanswered, methods=every) for path in UNANSWERED]
    routes += track_routes(engine, settings)
    return application(routes, refuse)
