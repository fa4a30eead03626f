"""What a local project always answers 501: each has a rule that says so."""

from __future__ import annotations

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.rules.table import RULES

DAY = "2026-11-21"
DATES = "from_date=2026-11-21&to_date=2026-11-22"
SCRIPT = (
    'function main() {{ return Events({{from_date: "2026-11-21", '
    'to_date: "2026-11-22", event_selectors: [{{event: "{name}"}}]}}); }}'
)


@pytest.mark.parametrize(
    ("method", "path", "form", "rule_id"),
    [
        ("POST", "/api/query/engage", {"behaviors": "[]"}, "behaviors"),
        ("POST", "/api/query/engage", {"where": 'behaviors["b"] > 0'}, "behaviors"),
        ("GET", f"/api/2.0/export?{DATES}&where=behaviors[%22b%22]", None, "behaviors"),
        ("POST", "/api/query/engage", {"sort_key": "x"}, "profile-sorting"),
        ("POST", "/api/query/engage", {"search": "x"}, "profile-sorting"),
        (
            "GET",
            f"/api/query/segmentation?event=A&{DATES}&sampling_factor=0.1",
            None,
            "sampling",
        ),
        (
            "GET",
            f"/api/query/segmentation?event=$custom_event:1&{DATES}",
            None,
            "custom-events",
        ),
        (
            "GET",
            "/api/query/events?type=general&unit=day&"
            f'event=["A","$custom_event:1"]&{DATES}',
            None,
            "custom-events",
        ),
        (
            "GET",
            f"/api/query/retention?born_event=$custom_event:1&{DATES}",
            None,
            "custom-events",
        ),
        (
            "POST",
            "/api/query/jql",
            {"script": SCRIPT.format(name="$custom_event:1")},
            "custom-events",
        ),
        (
            "POST",
            "/api/query/jql",
            {"script": SCRIPT.format(name="A"), "format": "csv"},
            "jql-csv",
        ),
        (
            "POST",
            "/api/query/engage",
            {"data_group_id": "1", "filter_by_cohort": '{"id": 1}'},
            "cohorts-of-groups",
        ),
        ("GET", "/lookup-tables", None, "lookup-tables"),
        ("PUT", "/lookup-tables/5", None, "lookup-tables"),
        ("GET", "/api/query/arb_funnels", None, "undocumented-endpoints"),
        ("POST", "/api/query/engage/stats", {"a": "b"}, "undocumented-endpoints"),
        ("POST", "/api/query/stream/bookmark", {}, "undocumented-endpoints"),
        ("POST", "/api/query/insights", {}, "undocumented-endpoints"),
        ("GET", "/api/2.0/nessie/pipeline", None, "undocumented-endpoints"),
        ("GET", "/api/app/projects/1/dashboards", None, "undocumented-endpoints"),
    ],
)
def test_it_is_501_and_names_its_rule(
    shared_http: httpx.Client,
    method: str,
    path: str,
    form: dict[str, str] | None,
    rule_id: str,
) -> None:
    """In the shape of the API's errors, with what the rule says."""
    answer = shared_http.request(method, path, data=form)

    rule = RULES[rule_id]
    assert answer.status_code == 501
    assert rule.grade == "refused"
    assert answer.json()["error"].endswith(f": {rule.behaviour} (rule {rule_id})")


def test_nothing_is_saved_about_custom_events(project: LocalProject) -> None:
    """Neither a funnel, nor a report, nor a cohort."""
    name = "$custom_event:1"
    with pytest.raises(LocalProjectError, match=r"rule custom-events"):
        project.save_funnel(1, steps=["A", name])
    with pytest.raises(LocalProjectError, match=r"rule custom-events"):
        project.save_report(1, events=[name], from_date=DAY, to_date=DAY)
    with pytest.raises(LocalProjectError, match=r"rule custom-events"):
        project.save_cohort(1, name="c", event=name)


def test_name_that_holds_such_a_beginning_is_an_ordinary_one(
    shared_http: httpx.Client,
) -> None:
    """It must begin with it."""
    path = f"/api/query/segmentation?event=not $custom_event:1&{DATES}"

    assert shared_http.get(path).status_code == 200
