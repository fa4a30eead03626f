"""Requests and answers as values; no I/O happens here.

A query is a generator, a `Flow`: it yields a `QueryRequest`, is sent the `Answer`
and returns its result. What is too large for one answer is read by `Pages`, what is
too large for memory by a `Reader`. `mixpanel_query.sending` drives all three over
HTTP, with waiting or without, so that each query is written once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias, TypeVar
from urllib.parse import urlsplit

from mixpanel_query.credentials import Credentials
from mixpanel_query.exceptions import (
    InvalidQueryError,
    MixpanelQueryError,
    QueryRefusedError,
    UnreadableAnswerError,
)
from mixpanel_query.parameters import checked_number
from mixpanel_query.regions import (
    HOSTS,
    Family,
    checked_base_url,
    checked_region,
    warn_of_plain_http,
)

__all__ = [
    "Answer",
    "Destination",
    "Flow",
    "Limit",
    "Method",
    "Pages",
    "QueryRequest",
    "Reader",
]

Method: TypeAlias = Literal["GET", "POST", "PATCH", "DELETE"]
Limit: TypeAlias = Literal["query", "jql", "export", "lexicon"]


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One question to Mixpanel, without host and credentials.

    Attributes:
        path: Path on the host, such as ``/api/query/events``. The project's number
            stands in it as ``{project_id}``; names must be percent-encoded.
        params: Parameters of the query string, in Mixpanel's own words.
        family: Which of a region's hosts answers it.
        method: The HTTP method.
        form: Fields of a body that is sent as a form; None for none.
        document: A body that is sent as JSON; None for none.
        limits: The rate limits that it counts against.
        repeatable: Whether it may be sent again when nobody knows what became of it;
            a question may, a change may not.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    family: Family = "query"
    method: Method = "GET"
    form: Mapping[str, str] | None = None
    document: object = None
    limits: tuple[Limit, ...] = ("query",)
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, decoded.

    Attributes:
        request: What was asked.
        source: Host that answered, and its region, for messages.
        body: The JSON document.
    """

    request: QueryRequest
    source: str
    body: object

    def unreadable(self, problem: str) -> UnreadableAnswerError:
        """Make the error that says in which way the answer is not as documented."""
        return UnreadableAnswerError(
            f"{self.source} answered {self.request.path} not as documented: {problem}; "
            "check base_url, and report it to mixpanel-query if that is right",
            request=self.request,
        )


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Flow: TypeAlias = Generator[QueryRequest, Answer, T]


class Pages(Protocol[T_co]):
    """Reads what comes in pages; does no I/O itself."""

    def requests(self) -> Sequence[QueryRequest]:
        """Return what to ask next, all of it at once; nothing at the end."""

    def take(self, answers: Sequence[Answer]) -> Iterable[T_co]:
        """Take the answers, in the order of the requests; return what is in them."""

    def begin_again(self, error: QueryRefusedError) -> bool:
        """Tell whether to go on with what `requests` returns now, after a refusal."""


class Reader(Protocol[T_co]):
    """Reads an answer from the pieces of its body; does no I/O itself.

    `start`, `feed` for each piece and `finish` make one attempt. When an attempt fails,
    `start` begins another one, and what was handed over is not handed over again.

    Attributes:
        request: What is asked.
    """

    request: QueryRequest

    def start(
        self, source: str, headers: Mapping[str, str], *, status: int, version: str
    ) -> None:
        """Take who answers, and what the head of the answer says of the body."""

    def feed(self, data: bytes) -> Iterable[T_co]:
        """Return what is complete with ``data``, a piece of the body as it was sent."""

    def finish(self) -> Iterable[T_co]:
        """Return what is left, and check that the body is whole."""

    def cut(self, problem: str) -> MixpanelQueryError:
        """Make the error of an answer that is not whole."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where questions go, and in whose name.

    Attributes:
        credentials: Who asks.
        region: ``us``, ``eu`` or ``in``: where the project's data live.
        base_url: Address that replaces every host of the region, or None.
        workspace_id: Number of the data view to ask through, or None.

    Raises:
        InvalidQueryError: If one of them cannot be right.
    """

    credentials: Credentials
    region: str = "us"
    base_url: str | None = None
    workspace_id: int | None = None

    def __post_init__(self) -> None:
        """Check region and base URL, once, before anything is sent."""
        if not hasattr(self.credentials, "authorization"):
            problem = f"credentials are a {type(self.credentials).__name__}"
            allowed = "ServiceAccount(username, secret, project_id)"
            raise InvalidQueryError(f"{problem}; give a {allowed}")
        if self.workspace_id is not None:
            checked_number("workspace_id", self.workspace_id)
        object.__setattr__(self, "region", checked_region(self.region))
        if self.base_url is not None:
            object.__setattr__(self, "base_url", checked_base_url(self.base_url))
            # Four frames up is who made the client.
            warn_of_plain_http(self.base_url, stacklevel=4)

    def url(self, request: QueryRequest) -> str:
        """Return the address of ``request``, without its parameters.

        Raises:
            InvalidQueryError: If it names the project, and the credentials do not.
        """
        host = self.base_url or HOSTS[self.region][request.family]
        return host + self.addressed(request).path

    def addressed(self, request: QueryRequest) -> QueryRequest:
        """Return ``request`` with the project's number in its path, for messages too.

        Raises:
            InvalidQueryError: If it names the project, and the credentials do not.
        """
        path = request.path
        if "{project_id}" not in path:
            return request
        number = self.credentials.project_id
        if number is None:
            problem = f"{path} is not answered to a project secret"
            raise InvalidQueryError(f"{problem}; use a service account")
        return replace(request, path=path.replace("{project_id}", str(number)))

    def params(self, request: QueryRequest) -> dict[str, str]:
        """Return the parameters of ``request`` and those that say which project.

        Raises:
            InvalidQueryError: If one of them, or a field of its form, holds half a
                character, as text that was no UTF-8 when it was read does.
        """
        params = dict(request.params)
        for name, value in {**params, **(request.form or {})}.items():
            if not is_storable(value):
                problem = f"{name} {value!r} holds half a character"
                raise InvalidQueryError(f"{problem}; write it in UTF-8")
        if "/projects/" in request.path:  # which says which project
            return params
        if self.credentials.project_id is not None:
            params["project_id"] = str(self.credentials.project_id)
        # Data views do not apply to the raw export.
        if self.workspace_id is not None and request.family != "export":
            params["workspace_id"] = str(self.workspace_id)
        return params

    def host(self) -> str:
        """Return the host that counts queries, with its port if it has one."""
        return urlsplit(self.base_url or HOSTS[self.region]["query"]).netloc.lower()

    def headers(self) -> dict[str, str]:
        """Return the headers of every request; one of them is secret."""
        return {
            "Authorization": self.credentials.authorization(),
            "Accept-Encoding": "gzip",
            "User-Agent": "mixpanel-query",
        }

    def source(self, request: QueryRequest) -> str:
        """Return the host and, if it is Mixpanel's, the region for messages."""
        host = urlsplit(self.url(request)).netloc
        if self.base_url:
            return host
        return f"{host} (region {self.region})"


def is_storable(text: str) -> bool:
    r"""Tell whether UTF-8 can hold a text.

    >>> is_storable("č"), is_storable("\udcff")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
