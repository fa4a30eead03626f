"""The page over HTTP: who may have it, its headers, and what it asks for."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.page.page_files import FILES, FOLDER
from mixpanel_query.local.records.verdicts import Verdict

PATHS = (
    *("/", "/local/page/page.js", "/local/records", "/local/overview", "/local/names"),
    *("/local/profiles", "/local/profile", "/local/verdicts", "/local/verdicts/1"),
)


def event(name: str, **properties: object) -> dict[str, object]:
    """Return an event as an app sends it."""
    return {
        "event": name,
        "properties": {"token": "t", "distinct_id": "u"} | properties,
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "192.168.0.9:8600", "localhost.evil"])
def test_only_this_machine_has_it(http: httpx.Client, path: str, host: str) -> None:
    """A page of another name gets nothing, also where that name leads here."""
    assert http.get(path, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8600", "127.0.0.1", "[::1]:80"])
def test_this_machine_has_it_by_any_name(http: httpx.Client, host: str) -> None:
    """It is HTML, and nothing of it is kept by the browser."""
    answer = http.get("/", headers={"Host": host})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_file_can_run_what_is_not_of_the_page(http: httpx.Client, name: str) -> None:
    """Each file has a policy that lets nothing else run, and a type of its own."""
    answer = http.get(f"/local/page/{name}")
    policy = dict(
        part.split(" ", 1)
        for part in answer.headers["content-security-policy"].split("; ")
    )

    assert answer.text == (FOLDER / name).read_text("utf-8")
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("name", sorted(FILES))
def test_files_load_nothing_from_elsewhere(name: str) -> None:
    """No address but this server's, no handler in markup, no style or script in it."""
    text = (FOLDER / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")

    assert "://" not in text
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|eval\(|<style", text)
    assert not re.search(r"\s(on[a-z]+|style)=", text)


@pytest.mark.parametrize("name", ["page.py", "..%2Fpage.py", "nothing", "%2e%2e"])
def test_other_files_are_not_there(http: httpx.Client, name: str) -> None:
    """What is not a file of the page is 404."""
    assert http.get(f"/local/page/{name}").status_code == 404


def test_the_page_is_not_in_the_log(project: LocalProject, http: httpx.Client) -> None:
    """A browser that shows it leaves the app's requests alone; a POST is one."""
    http.get("/")
    http.get("/local/records")
    assert http.head("/").status_code == 200
    assert http.post("/").status_code == 404

    assert [(each.method, each.path) for each in project.requests] == [("POST", "/")]


def test_records_begin_after_a_number(http: httpx.Client) -> None:
    """With the numbers of the first and the last that are kept."""
    assert http.get("/local/records").json() == {
        "records": [],
        "first": None,
        "last": None,
    }
    http.post("/track", json=[event("A"), event("B"), event("C")])
    answer = http.get("/local/records", params={"after": 1}).json()

    assert [each["name"] for each in answer["records"]] == ["B", "C"]
    assert (answer["first"], answer["last"]) == (1, 3)
    assert answer["records"][0]["plan"] == []


def test_a_page_of_a_former_project_begins_anew(http: httpx.Client) -> None:
    """Whoever knows more than there is gets all there is."""
    http.post("/track", json=[event("A")])
    answer = http.get("/local/records", params={"after": 500}).json()

    assert [each["name"] for each in answer["records"]] == ["A"]


def test_long_properties_come_when_they_are_asked_for(http: httpx.Client) -> None:
    """A list of records stays small; each of them is there whole."""
    http.post("/track", json=[event("A", **{f"p{i}": "x" * 200 for i in range(50)})])
    [record] = http.get("/local/records").json()["records"]
    whole = http.get(f"/local/verdicts/{record['number']}").json()

    assert record["properties"] is None
    assert whole["properties"].count("x" * 200) == 50
    missing = http.get("/local/verdicts/99")
    assert missing.status_code == 404
    assert missing.json()["error"] == "the verdict 99 is not kept, or not yet"


def test_the_overview_says_what_is_set(
    project: LocalProject, http: httpx.Client
) -> None:
    """Clock, limits and faults as they are, and that there is no plan."""
    project.faults.add(path="/track", status=503)
    project.limits(per_hour=7)
    answer = http.get("/local/overview").json()

    assert answer["now"] == "2026-11-22T12:00:00+00:00"
    assert answer["clock_is_set"] is True
    assert answer["limits"]["per_hour"] == 7
    assert [fault["status"] for fault in answer["faults"]] == [503]
    assert (answer["has_plan"], answer["personal"]) == (False, {})
    assert answer["assumptions"] == []


def test_events_are_counted_by_name(http: httpx.Client) -> None:
    """The commonest is the first, and equals are in the order of their names."""
    http.post("/track", json=[event("B"), event("A"), event("C"), event("C")])

    assert http.get("/local/names").json() == {
        "events": 4,
        "names": 3,
        "counts": [["C", 2], ["A", 1], ["B", 1]],
    }


def test_profiles_are_searched_by_id(http: httpx.Client) -> None:
    """Case does not count, and signs of patterns are only signs."""
    ids = ("joe-1", "JOE-2", "ann", "50%", "a_b")
    updates: list[dict[str, Any]] = [
        {"$token": "t", "$distinct_id": each, "$set": {"$name": f"N {each}"}}
        for each in ids
    ]
    http.post("/engage", json=updates)

    def found(search: str) -> list[str]:
        answer = http.get("/local/profiles", params={"search": search}).json()
        assert answer["found"] == len(answer["profiles"])
        return [each["distinct_id"] for each in answer["profiles"]]

    assert found("joe") == ["JOE-2", "joe-1"]
    assert found("%") == ["50%"]
    assert found("_") == ["a_b"]
    assert len(found("")) == 5
    assert found("nobody") == []


def test_a_profile_is_there_whole(http: httpx.Client) -> None:
    """As the JSON text that is kept; one that is not there is 404."""
    update = {"$token": "t", "$distinct_id": "joe", "$set": {"Seats": 3}}
    http.post("/engage", json=[update])
    answer = http.get("/local/profile", params={"distinct_id": "joe"}).json()

    assert '"Seats": 3' in answer["properties"]
    assert http.get("/local/profile", params={"distinct_id": "x"}).status_code == 404


def test_groups_are_among_the_profiles(http: httpx.Client) -> None:
    """After people; a group and a person may have the same id."""
    person = {"$token": "t", "$distinct_id": "acme", "$set": {"Seats": 3}}
    group = {"$token": "t", "$group_key": "company", "$group_id": "acme"}
    http.post("/engage", json=[person])
    http.post("/groups", json=[{**group, "$set": {"$name": "Acme"}}])
    listed = http.get("/local/profiles", params={"search": "acme"}).json()
    asked = {"group_key": "company", "distinct_id": "acme"}
    found = http.get("/local/profile", params=asked).json()

    assert listed["profiles"] == [
        {"group_key": "", "distinct_id": "acme", "name": ""},
        {"group_key": "company", "distinct_id": "acme", "name": "Acme"},
    ]
    assert '"Acme"' in found["properties"]


def test_half_a_character_breaks_nothing(
    project: LocalProject, http: httpx.Client
) -> None:
    """Whatever a verdict says, both lists of them are answered."""
    project.verdicts.add(
        [Verdict(project.clock(), "/track", 0, "event", "\ud800", "u", "refused")]
    )
    [verdict] = http.get("/local/verdicts").json()["verdicts"]
    [record] = http.get("/local/records").json()["records"]

    assert verdict["name"] == record["name"] == "\ud800"


def test_the_plan_is_apart_from_the_limits(
    shop: LocalProject, shop_http: httpx.Client
) -> None:
    """A verdict has Mixpanel's problems, and beside them those of the plan."""
    given = event("Order Completed", Amount="x", time=5)
    kept = event("Order Completed", Amount="x")
    shop_http.post("/track", json=[given, kept])
    refused, wrong = shop_http.get("/local/verdicts").json()["verdicts"]

    assert refused["outcome"] == "refused"
    assert refused["problems"] == ["'properties.time' is before 1971-01-01"]
    assert refused["plan"] == []
    assert wrong["outcome"] == "kept"
    assert wrong["plan"] == ["property 'Amount' is declared float, and has text"]
    assert shop.verdicts[-1].number == 2
