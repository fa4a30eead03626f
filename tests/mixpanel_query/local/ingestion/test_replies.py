"""The forms that an answer of the ingestion API has, over a real socket."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

BASIS = "Local-Project-Basis"
# 2026-11-22 12:00 UTC.
NOW = 1795348800


def event(**properties: object) -> dict[str, Any]:
    """Return an event that every rule lets pass, but for what is given."""
    complete = {"token": "t", "time": NOW, "distinct_id": "u1", "$insert_id": "i-1"}
    return {"event": "A", "properties": {**complete, **properties}}


def update(**parts: object) -> dict[str, Any]:
    """Return an update of a profile."""
    return {"$token": "t", "$distinct_id": "u1", **(parts or {"$set": {"a": 1}})}


def test_pixel_is_a_picture(http: httpx.Client) -> None:
    """With img=1 the answer is a GIF of one pixel, whatever became of the event."""
    for sent in ([event()], [17]):
        answer = http.post("/track?img=1&verbose=1", json=sent)

        assert answer.headers["content-type"] == "image/gif"
        assert answer.content[:6] == b"GIF89a"
        # Width and height, in two bytes each, and the end of a GIF.
        assert answer.content[6:10] == b"\x01\x00\x01\x00"
        assert answer.content[-1:] == b";"


def test_img_0_is_no_picture(http: httpx.Client) -> None:
    """The answer is the usual one."""
    assert http.post("/track?img=0", json=[event()]).text == "1"


@pytest.mark.parametrize("path", ["/track", "/engage", "/groups"])
def test_callback_is_called_by_a_script(http: httpx.Client, path: str) -> None:
    """The answer is a script; how it calls the function is not documented."""
    plain = http.post(f"{path}?callback=app.$sent_1", json=[17])
    verbose = http.post(f"{path}?callback=f&verbose=1", json=[17])

    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.text == "app.$sent_1(0);"
    assert plain.headers[BASIS] == "assumed; rule=script-answers"
    assert verbose.text.startswith('f({"error": "')
    assert json.loads(verbose.text[2:-2])["status"] == 0


@pytest.mark.parametrize(
    "name", ["alert(1)//", "a b", "a.", ".a", "1a", "a;b", "aé", "a\n", "a" * 101]
)
def test_callback_is_a_name(
    project: LocalProject, http: httpx.Client, name: str
) -> None:
    """What could be more than a call is refused, before anything is kept."""
    answer = http.post("/track", params={"callback": name}, json=[event()])

    assert answer.status_code == 400
    assert "is no name of a function" in answer.json()["error"]
    assert list(project.verdicts) == []


def test_data_may_stand_in_the_url(project: LocalProject, http: httpx.Client) -> None:
    """A pixel in a mail asks with GET; the records are JSON, or JSON in base64."""
    packed = base64.b64encode(json.dumps([event()]).encode()).decode()
    tracked = http.get("/track", params={"data": packed, "img": "1"})
    engaged = http.get("/engage", params={"data": json.dumps(update()), "verbose": "1"})

    assert tracked.headers["content-type"] == "image/gif"
    assert tracked.headers[BASIS] == "observed; rule=data-in-the-url"
    assert engaged.json() == {"error": None, "status": 1}
    assert [(each.kind, each.outcome) for each in project.verdicts] == [
        ("event", "kept"),
        ("profile", "kept"),
    ]


def test_url_without_data_is_refused(http: httpx.Client) -> None:
    """There is nothing to take."""
    assert http.get("/track?verbose=1").status_code == 400
    assert http.get("/import", params={"data": "[]"}).status_code == 405


def test_form_may_want_a_strict_import(http: httpx.Client) -> None:
    """With strict=1 a form is answered as JSON is, without it shortly."""
    form = {"data": json.dumps([event(time="x")])}
    strict = http.post("/import?strict=1", data=form)
    short = http.post("/import", data=form)

    assert strict.status_code == 400
    assert strict.json()["failed_records"][0]["field"] == "properties.time"
    assert short.text == "0"
    assert short.headers[BASIS] == "observed; rule=imports-of-forms"


def test_lenient_import_rests_on_an_assumption(http: httpx.Client) -> None:
    """What strict=0 answers is not documented; strict=1 is."""
    lenient = http.post("/import?strict=0", json=[event()])
    strict = http.post("/import?strict=1", json=[event()])

    assert lenient.headers[BASIS] == "assumed; rule=imports-unless-strict"
    assert BASIS not in strict.headers


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/lookup-tables"), ("PUT", "/lookup-tables/x-1")]
)
def test_lookup_tables_are_refused(http: httpx.Client, method: str, path: str) -> None:
    """The error has the shape of that API's errors."""
    answer = http.request(method, path, params={"project_id": 1}, content=b"id,b\n1,2")

    assert answer.status_code == 501
    assert answer.json()["code"] == 501
    assert answer.json()["status"] == "Not Implemented"
    assert "/lookup-tables" in answer.json()["error"]
