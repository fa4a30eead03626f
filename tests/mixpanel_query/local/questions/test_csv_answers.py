"""Answers in CSV, of the three questions that have them."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

DATES = {"from_date": "2026-11-21", "to_date": "2026-11-22"}


@pytest.fixture
def happened(http: httpx.Client) -> httpx.Client:
    """Give a client of a project with three events of two days."""
    rows = [
        ("A", "2026-11-21", "red"),
        ("A", "2026-11-22", 'a "b", c'),
        ("B", "2026-11-22", "red"),
    ]
    events = [
        {
            "event": event,
            "properties": {
                "time": 1795219200 + 86400 * (day == "2026-11-22"),
                "distinct_id": "u",
                "$insert_id": f"i{number}",
                "colour": colour,
            },
        }
        for number, (event, day, colour) in enumerate(rows)
    ]
    assert http.post("/import", json=events).json()["num_records_imported"] == 3
    return http


@pytest.mark.parametrize(
    ("path", "given", "expected"),
    [
        (
            "events",
            {"event": '["A", "B"]', "type": "general", "unit": "day"},
            [["date", "A", "B"], ["2026-11-21", "1", "0"], ["2026-11-22", "1", "1"]],
        ),
        (
            "segmentation",
            {"event": "A", "on": 'properties["colour"]', "limit": "2"},
            [
                ["date", 'a "b", c', "red"],
                ["2026-11-21", "0", "1"],
                ["2026-11-22", "1", "0"],
            ],
        ),
        (
            "events/properties",
            {"event": "B", "name": "colour", "type": "unique", "unit": "day"},
            [["date", "red"], ["2026-11-21", "0"], ["2026-11-22", "1"]],
        ),
    ],
)
def test_rows_are_dates_and_columns_names(
    happened: httpx.Client, path: str, given: dict[str, str], expected: list[list[str]]
) -> None:
    """The numbers are those of the answer in JSON."""
    params = {**DATES, **given}
    answer = happened.get(f"/api/query/{path}", params={**params, "format": "csv"})
    values = happened.get(f"/api/query/{path}", params=params).json()["data"]["values"]

    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows == expected
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["Local-Project-Basis"] == "assumed; rule=csv-columns"
    assert {
        name: {row[0]: int(row[place]) for row in rows[1:]}
        for place, name in enumerate(rows[0])
        if place
    } == values


def test_another_format_is_refused(happened: httpx.Client) -> None:
    """There are JSON and CSV."""
    given = {"event": "A", "format": "xml", **DATES}

    assert happened.get("/api/query/segmentation", params=given).status_code == 400
