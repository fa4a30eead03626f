"""Lexicon in a local project: what it takes, gives back and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, LexiconEntry, ServiceAccount
from mixpanel_query.local import LocalProject

ACCOUNT = ServiceAccount("plans", "s3cret-s3cret", 7)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
SCHEMAS = "/api/app/projects/7/schemas"
Json = dict[str, Any]


def own(**metadata: object) -> Json:
    """Return metadata as they stand in a schema."""
    return {"metadata": {"com.mixpanel": metadata}}


def entry(name: str, kind: str = "event", **schema: object) -> Json:
    """Return an entry of an upload."""
    return {"entityType": kind, "name": name, "schemaJson": schema}


def upload(http: httpx.Client, *entries: Json, **more: object) -> Any:  # noqa: ANN401
    """Upload entries, and return the answer with its status."""
    answer = http.post(SCHEMAS, json={"entries": entries, **more})
    return answer.status_code, answer.json()


def listed(http: httpx.Client, path: str = "", **params: str) -> list[str]:
    """Return the names of the schemas that are listed."""
    answer = http.get(SCHEMAS + path, params=params).json()
    return [each["name"] for each in answer["results"]]


def test_what_was_uploaded_is_listed(http: httpx.Client) -> None:
    """By type and name, as it was sent."""
    about = {
        "description": "Item put in cart",
        "properties": {"price": {"type": "number", "description": "Gross."}},
        "required": ["price"],
        **own(tags=["Shopping"], displayName="Item Added", hidden=False),
    }
    sent = [entry("$user", "profile"), entry("B"), entry("A", **about)]

    assert upload(http, *sent) == (
        200,
        {"status": "ok", "results": {"added": 3, "deleted": 0}},
    )
    assert http.get(SCHEMAS).json() == {
        "status": "ok",
        "results": [sent[2], sent[1], sent[0]],
    }


def test_types_and_names_choose(http: httpx.Client) -> None:
    """A type alone, and a type with a name; there need be none."""
    upload(http, entry("A"), entry("B"), entry("$user", "profile"))

    assert listed(http, "/event") == ["A", "B"]
    assert listed(http, "/profile") == ["$user"]
    assert listed(http, "/event", entity_name="B") == ["B"]
    assert listed(http, "/event", entity_name="C") == []


def test_one_schema_is_given_bare(http: httpx.Client) -> None:
    """Whatever its name holds; one that is not there is 404."""
    path = f"{SCHEMAS}/event/50%25%20off%2Fon%20%C3%A9"
    missing = http.get(path)
    done = http.post(path, json={"description": "A sale."})

    assert (missing.status_code, missing.json()) == (
        404,
        {"error": "event '50% off/on é' has no schema", "status": "error"},
    )
    assert (done.status_code, done.json()) == (200, {"status": "ok"})
    assert http.get(path).json() == {"description": "A sale."}
    assert listed(http) == ["50% off/on é"]


def test_a_name_may_have_ends_of_lines(http: httpx.Client) -> None:
    """It is found, and deleted, under all of its name."""
    path = f"{SCHEMAS}/event/a%0Ab%0D%0A"
    http.post(path, json={"description": "x"})

    assert listed(http) == ["a\nb\r\n"]
    assert http.get(path).json() == {"description": "x"}
    assert http.delete(path).json()["results"] == {"delete_count": 1}


def test_an_upload_replaces_all_but_metadata(http: httpx.Client) -> None:
    """Description and properties go; a key of metadata stays until null takes it."""
    price = {"type": "number", **own(displayName="Price", hidden=True)}
    upload(
        http,
        entry(
            "A",
            description="Old.",
            properties={"price": price, "size": {"type": "string"}},
            **own(hidden=True, tags=["a"]),
        ),
    )
    upload(
        http,
        entry(
            "A",
            properties={"price": {"type": "integer", **own(hidden=None)}},
            **own(tags=["b"]),
        ),
    )
    changed = http.get(f"{SCHEMAS}/event/A").json()
    upload(http, entry("A", **own(hidden=None)))

    assert changed == {
        "properties": {"price": {"type": "integer", **own(displayName="Price")}},
        **own(hidden=True, tags=["b"]),
    }
    assert http.get(f"{SCHEMAS}/event/A").json() == own(tags=["b"])


def test_truncate_deletes_everything_first(http: httpx.Client) -> None:
    """Two are deleted, metadata and all; the new one is the only one left."""
    upload(http, entry("A", **own(hidden=True)), entry("$user", "profile"))

    assert upload(http, entry("A"), truncate=True)[1]["results"] == {
        "added": 1,
        "deleted": 2,
    }
    assert http.get(SCHEMAS).json()["results"] == [entry("A")]


@pytest.mark.parametrize(
    ("path", "count", "left"),
    [
        ("/event/A", 1, ["B", "$user"]),
        ("/event/C", 0, ["A", "B", "$user"]),
        ("/event?entity_name=B", 1, ["A", "$user"]),
        ("/event", 2, ["$user"]),
        ("/profile/$user", 1, ["A", "B"]),
        ("", 3, []),
    ],
)
def test_deletions_are_counted(
    http: httpx.Client, path: str, count: int, left: list[str]
) -> None:
    """One, one by name, a type, everything."""
    upload(http, entry("A"), entry("B"), entry("$user", "profile"))

    assert http.delete(SCHEMAS + path).json() == {
        "status": "ok",
        "results": {"delete_count": count},
    }
    assert listed(http) == left


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("DELETE", "?entity_name=A", "entity_name without an entityType"),
        ("DELETE", "/event/", "ends with a slash"),
        ("DELETE", "/group", "entityType 'group' is not one of event, profile"),
        ("GET", "/group/A", "entityType 'group' is not one of event, profile"),
        ("GET", "/profile/Ann", "name 'Ann' of a profile is not $user"),
    ],
)
def test_a_slip_deletes_nothing(
    http: httpx.Client, method: str, path: str, message: str
) -> None:
    """A path that does not say what it is about is refused."""
    upload(http, entry("A"))
    answer = http.request(method, SCHEMAS + path)

    assert answer.status_code == 400
    assert message in answer.json()["error"]
    assert listed(http) == ["A"]


@pytest.mark.parametrize(
    "schema",
    [
        rb'{"description":"\ud800"}',
        rb'{"properties":{"\ud800":{"type":"string"}}}',
        rb'{"examples":[1e999]}',
        rb'{"examples":[NaN]}',
    ],
)
def test_what_json_cannot_hold_is_refused(
    shared_http: httpx.Client, schema: bytes
) -> None:
    """Wherever it stands in a schema."""
    answer = shared_http.post(f"{SCHEMAS}/event/A", content=schema)

    assert (answer.status_code, answer.json()["status"]) == (400, "error")
    assert listed(shared_http) == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "entries is missing, or no list"),
        ({"entries": {}}, "entries is missing, or no list"),
        ({"entries": [], "truncate": "yes"}, "truncate is neither true nor false"),
        ({"entries": [], "force": True}, "the body has 'force', and may have entries"),
        ({"entries": [5]}, "an entry is no object with entityType, name, schemaJson"),
        ({"entries": [{"name": "A"}]}, "entityType is missing"),
        ({"entries": [{"entityType": "event"}]}, "name is missing"),
        ({"entries": [{**entry("A"), "id": 1}]}, "an entry has 'id', and may have"),
        ({"entries": [entry("A", "group")]}, "entityType 'group' is not one of"),
        ({"entries": [entry("Ann", "profile")]}, "of a profile is not $user"),
        ({"entries": [entry("")]}, "name is missing"),
        ({"entries": [{**entry("A"), "schemaJson": []}]}, "schemaJson is missing"),
        ({"entries": [entry("A", description=5)]}, "description of the schema is no"),
        ({"entries": [entry("A", properties=[])]}, "properties of the schema is no"),
        (
            {"entries": [entry("A", properties={"a": {"type": "date"}})]},
            "property 'a' has no type out of array, boolean",
        ),
        (
            {
                "entries": [
                    entry("A", properties={"a": {"type": "null", **own(tags=[])}})
                ]
            },
            "metadata of property 'a' has 'tags', and may have displayName",
        ),
        ({"entries": [entry("A", metadata=[])]}, "metadata of the schema is no"),
        ({"entries": [entry("A", **own(owner="x"))]}, "the schema has 'owner'"),
        (
            {"entries": [entry("A", **own(tags=[1]))]},
            "tags of the schema has the wrong",
        ),
        ({"entries": [entry("A", **own(hidden=1))]}, "hidden of the schema has the"),
        ({"entries": [entry("A", **own(displayName=[]))]}, "displayName of the schema"),
    ],
)
def test_a_wrong_upload_is_refused_whole(
    shared_http: httpx.Client, document: Json, message: str
) -> None:
    """Nothing of it is kept, and what is wrong is said."""
    entries = document.get("entries")
    if isinstance(entries, list):
        document = {**document, "entries": [entry("Good"), *entries]}
    answer = shared_http.post(SCHEMAS, json=document)

    assert (answer.status_code, answer.json()["status"]) == (400, "error")
    assert message in answer.json()["error"]
    assert listed(shared_http) == []


def test_no_request_takes_4000_events_and_properties(http: httpx.Client) -> None:
    """One fewer is taken."""
    properties = {f"p{number}": {"type": "string"} for number in range(3999)}
    too_many = upload(http, entry("A", properties=properties))
    del properties["p0"]

    assert too_many[0] == 429
    assert "4000 events and properties in one request" in too_many[1]["error"]
    assert upload(http, entry("A", properties=properties))[0] == 200


def test_no_request_deletes_3000_schemas(http: httpx.Client) -> None:
    """Nothing is deleted, not by truncating either; one fewer may go."""
    upload(http, *(entry(f"E{number}") for number in range(3000)))
    refused = http.delete(SCHEMAS)
    status, _ = upload(http, truncate=True)
    http.delete(f"{SCHEMAS}/event/E0")

    assert (refused.status_code, status) == (400, 400)
    assert "3000 schemas would be deleted" in refused.json()["error"]
    assert http.delete(SCHEMAS).json()["results"] == {"delete_count": 2999}


@pytest.fixture
def limited() -> Iterator[tuple[LocalProject, httpx.Client]]:
    """Give a project that keeps to limits of time, and a client of it."""
    with (
        LocalProject(clock=lambda: NOW) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as client,
    ):
        project.limits()
        yield project, client


def test_five_requests_a_minute(limited: tuple[LocalProject, httpx.Client]) -> None:
    """The sixth is 429, and a minute later all is well."""
    project, http = limited
    found = [http.get(SCHEMAS).status_code for _ in range(6)]
    project.clock = lambda: NOW + timedelta(seconds=60)
    found.append(http.get(SCHEMAS).status_code)

    assert found == [200, 200, 200, 200, 200, 429, 200]


def test_fewer_than_4000_events_and_properties_a_minute(
    limited: tuple[LocalProject, httpx.Client],
) -> None:
    """Two uploads of 2,000 are one too many; one of 1,999 still goes."""
    _, http = limited
    entries = [entry(f"E{number}") for number in range(2000)]

    assert [
        upload(http, *entries)[0],
        upload(http, *entries)[0],
        upload(http, *entries[:1999])[0],
    ] == [200, 429, 200]


def test_schemas_are_kept(tmp_path: Path) -> None:
    """They are there after a restart."""
    for names in ([], ["A"]):
        with (
            LocalProject(tmp_path / "project.db") as project,
            httpx.Client(base_url=project.base_url, trust_env=False) as http,
        ):
            assert listed(http) == names
            upload(http, entry("A"))


def test_the_service_account_is_asked_for() -> None:
    """Nobody else reads or changes anything."""
    with LocalProject(credentials=ACCOUNT) as project:
        answers = [
            httpx.request(method, project.base_url + SCHEMAS, trust_env=False)
            for method in ("GET", "POST", "DELETE")
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_the_client_brings_a_plan_and_finds_it_again() -> None:
    """A second upload has nothing to change; entries come and go one by one."""
    plan = [
        LexiconEntry("event", "A", {"description": "x", **own(displayName="An A")}),
        LexiconEntry("profile", "$user", {"properties": {"age": {"type": "number"}}}),
    ]
    with (
        LocalProject(credentials=ACCOUNT) as project,
        Client(ACCOUNT, base_url=project.base_url) as client,
    ):
        first = client.upload_lexicon(plan)
        second = client.upload_lexicon(plan, dry_run=True)
        found = client.lexicon()
        client.upload_lexicon_entry("event", "B", {"description": "y"})
        one = client.lexicon_entry("event", "B")
        gone = client.delete_lexicon_entry("event", "B")
        rest = client.delete_lexicon(everything=True)

    assert (first.calls, second.calls) == (1, 0)
    assert [(each.entity_type, each.name) for each in found] == [
        ("event", "A"),
        ("profile", "$user"),
    ]
    assert (one.description, gone, rest) == ("y", 1, 2)
