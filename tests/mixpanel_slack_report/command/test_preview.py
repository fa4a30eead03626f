"""``mixpanel-slack-report preview``: the report, without sending it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .outcomes import Run


def test_preview_prints_the_document_and_nothing_else(run: Run) -> None:
    """Stdout is JSON; the numbers are those of the loaded events."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", "--format", "json")

    document = json.loads(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert [
        (m["kind"], m["value"], m["previous"], m["status"]) for m in document["metrics"]
    ] == [("total", 3, 1, "ok"), ("unique", 2, 1, "ok")]
    top = {"event": "Sign Up", "count": 3, "previous": 1}
    assert document["top_events"] == [top]
    assert document["api_calls"] == 3


def test_preview_is_text_by_default(run: Run) -> None:
    """The terminal shows the days and the numbers."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", COMPANY_NAME="Acme")

    assert outcome.out.startswith("Acme: Weekly Report\nNovember 9 to November 15")
    assert "Signups    3  up 2 from 1 (+200.0 %)" in outcome.out


@pytest.mark.parametrize(
    ("form", "begin"),
    [
        ("text", "Weekly"),
        ("json", "{"),
        ("html", "<!doctype"),
        ("url", "https://app.slack.com/block-kit-builder/#%7B%22blocks%22:"),
    ],
)
def test_preview_writes_a_file(run: Run, form: str, begin: str) -> None:
    """With -o nothing is on stdout."""
    outcome = run(
        "preview", "weekly", "--date", "2026-11-16", "--format", form, "-o", "out"
    )

    assert (outcome.code, outcome.out) == (0, "")
    assert Path("out").read_text().startswith(begin)


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    """One line, no traceback."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", "-o", "no/such/file")

    assert outcome.code == 1
    assert "no/such/file" in outcome.err
    assert outcome.err.count("\n") == 1


def test_preview_of_custom_days(run: Run) -> None:
    """The days given are reported."""
    outcome = run(
        "preview",
        "custom",
        *("--from", "2026-11-12", "--to", "2026-11-15", "--format", "json"),
    )

    document = json.loads(outcome.out)
    assert (document["compared_from"], document["compared_to"]) == (
        "2026-11-08",
        "2026-11-11",
    )
    assert [(m["value"], m["previous"]) for m in document["metrics"]] == [
        (2, 2),
        (2, 2),
    ]


def test_preview_counts_named_events(run: Run) -> None:
    """As send does, so that what is sent can be looked at before."""
    outcome = run(
        *("preview", "weekly", "--date", "2026-11-16"),
        *("--events", "Sign Up", "--format", "json"),
    )

    metrics = json.loads(outcome.out)["metrics"]
    assert [(each["name"], each["value"]) for each in metrics] == [("Sign Up", 3)]


def test_preview_of_a_fortnight_that_is_not_due_is_the_latest(run: Run) -> None:
    """2026-11-16 lies between two due days."""
    outcome = run("preview", "biweekly", "--date", "2026-11-16", "--format", "json")

    document = json.loads(outcome.out)
    assert (document["from_date"], document["to_date"]) == ("2026-10-26", "2026-11-08")


def test_an_unknown_event_fails_the_preview_but_shows_why(run: Run) -> None:
    """Nothing could be counted: exit 1, with the report and the reason."""
    Path("report.toml").write_text(
        '[[metric]]\nname = "S"\nevent = "SignUp"\nkind = "total"'
    )

    outcome = run("preview", "weekly", "--date", "2026-11-16")

    assert outcome.code == 1
    assert "no such event" in outcome.out
    assert "the nearest name is 'Sign Up'" in outcome.err
