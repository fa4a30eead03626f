"""Days that a timezone skipped: Samoa had no 2011-12-30, as it crossed the date line.

Its clocks went from 2011-12-29 23:59:59 at UTC-10 to 2011-12-31 00:00 at UTC+14.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

NOW = datetime(2012, 1, 5, tzinfo=timezone.utc)
DATES = {"from_date": "2011-12-29", "to_date": "2011-12-31"}


@pytest.fixture
def apia(tmp_path: Path) -> Iterator[httpx.Client]:
    """Ask a project in Apia in which A happened on 12-29 once and on 12-31 twice."""
    lines = []
    for number, moment in enumerate(
        ("2011-12-30T09:59:59", "2011-12-30T10:00:00", "2011-12-31T09:59:59")
    ):
        time = int(datetime.fromisoformat(f"{moment}+00:00").timestamp())
        about = {"time": time, "distinct_id": "u1", "$insert_id": f"i{number}", "n": 5}
        lines.append(json.dumps({"event": "A", "properties": about}))
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines))
    with LocalProject(timezone="Pacific/Apia", clock=lambda: NOW) as project:
        project.load(path)
        base_url = f"{project.base_url}/api/query"
        with httpx.Client(base_url=base_url, trust_env=False) as client:
            yield client


def ask(apia: httpx.Client, path: str, **given: str) -> Any:  # noqa: ANN401
    """Return the answer to a question about A."""
    return apia.get(path, params={**DATES, "event": "A", **given}).json()


def test_sums_have_no_skipped_day(apia: httpx.Client) -> None:
    """What happened on the day after is not told of the skipped one, too."""
    numbers = {"on": 'properties["n"]'}

    sums = ask(apia, "/segmentation/sum", **numbers)["results"]
    averages = ask(apia, "/segmentation/average", **numbers)["results"]

    assert sums == {"2011-12-29": 5, "2011-12-31": 10}
    assert averages == {"2011-12-29": 5, "2011-12-31": 5}


def test_nobody_is_active_on_a_skipped_day(apia: httpx.Client) -> None:
    """Of the two days that there were, u1 was active on both, and on no third one."""
    asked = {"unit": "week", "addiction_unit": "day"}

    assert ask(apia, "/retention/addiction", **asked)["data"] == {"2011-12-26": [1, 1]}


def test_nobody_begins_on_a_skipped_day(apia: httpx.Client) -> None:
    """Retention has no bucket for it, and a series no date."""
    retention = ask(apia, "/retention", retention_type="compounded")
    counted = ask(apia, "/segmentation")["data"]

    assert list(retention) == ["2011-12-29", "2011-12-31"]
    assert counted == {
        "series": ["2011-12-29", "2011-12-31"],
        "values": {"A": {"2011-12-29": 1, "2011-12-31": 2}},
    }


@pytest.mark.parametrize("unit", ["day", "hour"])
def test_a_skipped_day_alone_is_refused(apia: httpx.Client, unit: str) -> None:
    """There is nothing to answer, and the error names the timezone."""
    day = {"from_date": "2011-12-30", "to_date": "2011-12-30"}
    answer = apia.get("/segmentation", params={**day, "event": "A", "unit": unit})

    assert answer.status_code == 400
    assert "the clocks of Pacific/Apia skipped" in answer.json()["error"]
