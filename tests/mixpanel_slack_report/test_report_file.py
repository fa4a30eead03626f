"""``report.toml``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.report_file import (
    ReportFile,
    parse_report_file,
    read_report_file,
)

WHOLE = """
timezone = "Europe/London"
week_start = "Sunday"
biweekly_anchor = 2026-01-12
max_calls = 9

[[metric]]
name = "Signups"
event = ["Sign Up", "User Signed Up"]
kind = "total"

[[metric]]
name = "Buyers"
event = "Purchase"
kind = "unique"

[top_events]
limit = 0
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a report file and gives its path."""

    def write_file(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "report.toml"
        path.write_text(text, encoding=encoding)
        return path

    return write_file


def problems(path: Path) -> list[str]:
    """Read a bad file and return its problems without the file's name."""
    with pytest.raises(SettingsError) as refusal:
        read_report_file(path)
    return [problem.removeprefix(f"{path}: ") for problem in refusal.value.problems]


def test_a_whole_file_is_read(write: Callable[..., Path]) -> None:
    """Every key of the file is taken."""
    assert read_report_file(write(WHOLE)) == ReportFile(
        timezone="Europe/London",
        week_start=6,
        biweekly_anchor=date(2026, 1, 12),
        max_calls=9,
        metrics=(
            Metric("Signups", ("Sign Up", "User Signed Up"), "total"),
            Metric("Buyers", ("Purchase",), "unique"),
        ),
        top_events=0,
    )


def test_an_empty_file_is_the_default_report(write: Callable[..., Path]) -> None:
    """What a file leaves out is as without a file."""
    assert read_report_file(write("")) == ReportFile()


def test_a_byte_order_mark_is_no_fault(write: Callable[..., Path]) -> None:
    """Files saved by Windows editors are read."""
    assert read_report_file(write("max_calls = 3", "utf-8-sig")).max_calls == 3


def test_the_default_report_has_the_metrics_of_the_old_reporter() -> None:
    """Names and events are those that teams know."""
    shown = [(m.name, m.events, m.kind) for m in ReportFile().metrics]

    assert shown == [
        ("{period} Active Users", (), "active"),
        ("New Signups", ("Sign Up", "User Signed Up"), "total"),
        ("Users Onboarded", ("User Onboarded",), "total"),
        ("Active Sessions", ("$ae_session",), "total"),
        ("Page Views", ("Page View", "Page Viewed"), "total"),
        ("Purchases", ("Purchase", "User Charged"), "total"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            'timezone = "Mars"',
            "timezone is 'Mars'; use an IANA name such as Europe/London",
        ),
        ("timezone = 1", "timezone is 1; use an IANA name such as Europe/London"),
        (
            'week_start = "noday"',
            "week_start is 'noday'; give one of monday, tuesday, wednesday, thursday,"
            " friday, saturday, sunday",
        ),
        (
            'biweekly_anchor = "2026-01-05"',
            "biweekly_anchor is '2026-01-05'; give a date without quotes, such as"
            " 2026-01-05",
        ),
        ("max_calls = 0", "max_calls is 0; give a whole number from 1 to 60"),
        ("max_calls = true", "max_calls is True; give a whole number from 1 to 60"),
        (
            "[top_events]\nlimit = 51",
            "top_events: limit is 51; give a whole number from 0 to 50",
        ),
        ("top_events = 5", "top_events is 5; write a table of keys"),
        ("metric = 5", "metric is 5; write each metric as a [[metric]] table"),
        ("metric = [5]", "metric 1 is 5; write a table of keys"),
        (
            "jump = []",
            "'jump' is no key here; allowed are timezone, week_start,"
            " biweekly_anchor, max_calls, metric, top_events, skip,"
            " holidays, holiday_periods, compare,"
            " annotations",
        ),
    ],
)
def test_a_wrong_key_is_named_with_what_is_allowed(
    write: Callable[..., Path], text: str, problem: str
) -> None:
    """One line says what was given, where, and what to give."""
    assert problem in problems(write(text))


@pytest.mark.parametrize("event", ['""', "[]", '["A", 1]', "7"])
def test_an_event_is_a_name_or_names(write: Callable[..., Path], event: str) -> None:
    """Anything else is refused."""
    text = f'[[metric]]\nname = "A"\nevent = {event}\nkind = "total"'

    (problem,) = problems(write(text))

    assert problem.endswith("give a name, or a list of names")


def test_all_problems_are_told_together(write: Callable[..., Path]) -> None:
    """Nobody mends a file one error at a time."""
    text = 'max_calls = 0\nweek_start = 1\n[[metric]]\nname = ""\nkind = "total"'

    assert len(problems(write(text))) == 4


def test_long_values_are_cut(write: Callable[..., Path]) -> None:
    """A mistake stays one readable line."""
    (problem,) = problems(write(f'timezone = "{"x" * 500}"'))

    assert len(problem) < 150


def test_broken_toml_names_the_file_and_the_line(write: Callable[..., Path]) -> None:
    """The parser's line number is passed on."""
    (problem,) = problems(write("week_start = oops"))

    assert problem.startswith("not valid TOML in UTF-8: ")
    assert "line 1" in problem


def test_a_file_that_is_nested_too_deeply_is_named(write: Callable[..., Path]) -> None:
    """The parser gives up without a word about the file."""
    (problem,) = problems(write("a = " + "[" * 3000 + "]" * 3000))

    assert problem == "nested too deeply; write tables and lists of names only"


def test_another_encoding_is_refused_in_words(write: Callable[..., Path]) -> None:
    """A file in Latin-1 gives a line, no traceback."""
    (problem,) = problems(write('timezone = "é"', "latin-1"))

    assert problem.startswith("not valid TOML in UTF-8: ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which file was looked for."""
    with pytest.raises(SettingsError, match=r"gone\.toml: No such file"):
        read_report_file(tmp_path / "gone.toml")


def test_what_a_day_is_compared_with_can_be_chosen() -> None:
    """The day before takes the place of the same weekday a week earlier."""
    chosen = parse_report_file({"compare": "previous_day"}, source="report.toml")

    assert (ReportFile().daily_compare, chosen.daily_compare) == (
        "same_weekday",
        "previous_day",
    )


def test_another_comparison_is_refused() -> None:
    """The message names both that can be chosen."""
    with pytest.raises(SettingsError) as refusal:
        parse_report_file({"compare": "last_year"}, source="report.toml")

    assert str(refusal.value) == (
        "report.toml: compare is 'last_year'; give same_weekday or previous_day"
    )


def test_days_off_are_read() -> None:
    """The keys of the calendar are keys of the file."""
    closed = parse_report_file({"skip": [date(2026, 12, 25)]}, source="report.toml")

    assert closed.calendar.skip == (date(2026, 12, 25),)


def test_named_events_are_counted_and_nothing_else(write: Callable[..., Path]) -> None:
    """Each has a metric of its name, once; the file's other keys stay."""
    report_file = read_report_file(write("max_calls = 9"))

    named = report_file.of_events([" Sign Up", "Purchase", "Sign Up", ""])

    assert named == ReportFile(
        max_calls=9,
        metrics=(
            Metric("Sign Up", ("Sign Up",), "total"),
            Metric("Purchase", ("Purchase",), "total"),
        ),
        only_named=True,
    )


def test_no_name_at_all_is_refused() -> None:
    """A list of commas names nothing."""
    with pytest.raises(SettingsError, match="names no event"):
        ReportFile().of_events(["", "  "])


def test_annotations_are_off_unless_they_are_switched_on(
    write: Callable[..., Path],
) -> None:
    """They cost a call."""
    assert not read_report_file(write("")).annotations
    assert read_report_file(write("annotations = true")).annotations
    assert problems(write("annotations = 1")) == [
        "annotations is 1; give true or false"
    ]


@pytest.mark.parametrize(
    "page",
    ["docs/slack-report/report-file.md", "packages/mixpanel-slack-report/README.md"],
)
def test_the_file_of_the_documentation_is_read(
    write: Callable[..., Path], page: str
) -> None:
    """What the documentation shows can be copied."""
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    block = text.split("```toml\n", 1)[1].split("```", 1)[0]

    assert len(read_report_file(write(block)).metrics) >= 2
