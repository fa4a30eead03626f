"""What the table of the benchmarks says, from figures that are made up."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from benchmarks.machine import says
from benchmarks.measuring import Given, NotMeasuredError, groups, last_line
from benchmarks.results import PAGE, newest, page_with, written_out
from benchmarks.rows import Beside, Row, ratio_of, row_of
from benchmarks.table import missed, table, written

DOCUMENT = {
    "taken": "2026-11-26T10:00:00+00:00",
    "is_quick": False,
    "minutes": 11.2,
    "machine": {
        "processor": "A Processor",
        "cores": "2",
        "system": "Linux 6",
        "python": "3.11.7",
    },
    "load": {"before": "0.10", "after": "0.90", "says": "little else ran"},
    "versions": {
        "ours": {"commit": "abc1234", "mixpanel-query": "0.1.0"},
        "readers": {"mixpanel-utils": "2.2.7"},
    },
    "areas": [],
}


def lines(*rows: Row) -> list[str]:
    """Write rows as a table, and give its lines without head, area and padding."""
    text = table([("Area", rows)])
    return [" ".join(line.split()) for line in text.splitlines()[3:]]


def test_a_peer_that_takes_longer_makes_ours_better() -> None:
    """Less time is better: 30 beside 10 is three times, round by round."""
    row = Row("call", "µs", [10, 10, 20], [Beside("peer", [30, 40, 60])], 1.1)

    assert lines(row) == [
        "| call | µs | 10 | peer | 40 | 3.00 x better (3.00 to 4.00) | 1.10 |"
    ]


def test_of_a_speed_more_is_better() -> None:
    """Ours reads 5 rows a second where the peer reads 10."""
    row = Row("read", "rows/s", [5], [Beside("peer", [10])], 1.2, more_is_better=True)

    assert lines(row) == ["| read | rows/s | 5 | peer | 10 | 2.00 x worse | 1.20 |"]


def test_the_spread_of_what_is_worse_is_turned_too() -> None:
    """Ours takes 2, 4 and 8 times as long: 4 times worse, from 2 to 8."""
    row = Row("call", "µs", [2, 4, 8], [Beside("peer", [1, 1, 1])])

    assert lines(row) == [
        "| call | µs | 4 | peer | 1 | 4.00 x worse (2.00 to 8.00) | |"
    ]


@pytest.mark.parametrize(
    ("peer", "noise"),
    [([11, 11, 11], 1.2), ([9, 11, 20], 1.0), ([10, 10, 10], 1.0)],
    ids=["within the machine's noise", "spread on both sides of 1", "equal"],
)
def test_a_ratio_within_the_noise_is_the_same(peer: list[float], noise: float) -> None:
    """Nothing is called better that the machine may have made."""
    (line,) = lines(Row("call", "µs", [10, 10, 10], [Beside("peer", peer)], noise))

    assert "| same" in line
    assert "better" not in line


def test_just_outside_the_noise_is_not_the_same() -> None:
    """1.3 times with a noise of 1.2 is said."""
    (line,) = lines(Row("call", "µs", [10, 10], [Beside("peer", [13, 13])], 1.2))

    assert "| 1.30 x better | 1.20 |" in line


def test_a_peer_that_was_not_measured_has_a_line_that_says_why() -> None:
    """Silence would look as if nobody had compared."""
    row = Row("call", "µs", [10], [Beside("peer", (), "it is gone")])

    assert lines(row) == ["| call | µs | 10 | peer | - | not measured: it is gone | |"]


def test_what_failed_of_ours_has_a_line_that_says_why() -> None:
    """A benchmark that broke is in the table, too."""
    row = Row("call", "µs", (), not_measured="ValueError: 7")

    assert lines(row) == ["| call | µs | - | | | not measured: ValueError: 7 | |"]


def test_what_is_beside_ours_has_a_line_each() -> None:
    """Names and figures of ours are not repeated."""
    row = Row("call", "µs", [10], [Beside("a", [20]), Beside("b", [30])])

    assert lines(row) == [
        "| call | µs | 10 | a | 20 | 2.00 x better | |",
        "| | | | b | 30 | 3.00 x better | |",
    ]


def test_rounds_that_are_many_count_by_their_middle_half() -> None:
    """Of 1, 2, ... 9 times the quartiles are 3 and 7."""
    row = Row("call", "µs", [1] * 9, [Beside("peer", [9, 1, 8, 2, 7, 3, 6, 4, 5])])
    found = ratio_of(row, row.beside[0])

    assert found is not None
    assert (found.low, found.median, found.high) == (3, 5, 7)


def test_a_peer_with_fewer_rounds_counts_with_its_median() -> None:
    """One reading of 60 beside 10, 20 and 30."""
    row = Row("call", "µs", [10, 20, 30], [Beside("peer", [60])])
    found = ratio_of(row, row.beside[0])

    assert found is not None
    assert (found.low, found.median, found.high) == (2, 3, 6)


@pytest.mark.parametrize("peer", [[], [0.0], [-1.0]], ids=["none", "0", "below 0"])
def test_without_figures_above_0_there_is_no_ratio(peer: list[float]) -> None:
    """A difference can come out below 0 where all is noise."""
    row = Row("call", "µs", [10], [Beside("peer", peer, "none")])

    assert ratio_of(row, row.beside[0]) is None


def test_a_limit_is_a_line_and_is_missed_where_it_is_not_kept() -> None:
    """A most, or for a speed a least; what keeps it is not listed."""
    rows = [
        Row("slow", "ms", [30], limit=20),
        Row("fast", "ms", [10], limit=20),
        Row("speed", "rows/s", [10], more_is_better=True, limit=20),
    ]

    assert lines(*rows)[0] == "| slow | ms | 30 | limit | 20 | **beyond it** | |"
    assert missed([("Area", rows)]) == [
        "Area: slow: 30 ms, limit 20",
        "Area: speed: 10 rows/s, limit 20",
    ]


def test_a_limit_beside_another_is_missed_by_more_than_so_many_times() -> None:
    """At most 2 times worse: 3 times are too many, 2 are not."""
    three = Row("call", "µs", [30], [Beside("floor", [10], at_most=2)])
    two = Row("call", "µs", [20], [Beside("floor", [10], at_most=2)])

    assert missed([("Area", [three, two])]) == [
        "Area: call: 3.00 x worse than floor, limit 2.00 x"
    ]


def test_a_row_is_read_as_it_was_written() -> None:
    """A results file holds all that the table needs."""
    row = Row("call", "µs", [10.0], [Beside("peer", [], "gone")], 1.5, limit=3)

    assert row_of(row.document()) == row


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (12.34, "12.3"), (7.0, "7"), (1234.5, "1,234")],
    ids=["small", "middling", "whole", "large"],
)
def test_a_figure_has_as_many_digits_as_say_something(value: float, text: str) -> None:
    """Two after the point below 10, one below 100, none above."""
    assert written(value) == text


def test_a_busy_machine_is_named() -> None:
    """A load of 9 before the run means that others worked."""
    assert says("9.00 8.00 7.00") == "**other work ran at the same time**"
    assert says("0.05 0.02 0.01") == "little else ran"


def test_the_page_shows_the_newest_results() -> None:
    """The table of the page is that of the results that were taken last."""
    page = PAGE.read_text("utf-8")

    assert page == page_with(page, newest())


def test_a_short_run_is_shown_only_where_there_is_no_other(tmp_path: Path) -> None:
    """Also if it is newer than a whole one."""
    whole = {"is_quick": False, "taken": "2026-11-26T10:00:00+00:00"}
    short = {"is_quick": True, "taken": "2026-11-27T10:00:00+00:00"}
    (tmp_path / "short.json").write_text(json.dumps(short))

    assert newest(tmp_path) == short

    (tmp_path / "whole.json").write_text(json.dumps(whole))

    assert newest(tmp_path) == whole


def test_a_page_is_changed_only_between_its_marks() -> None:
    """What is written by hand stays."""
    marks = "<!-- results begin -->old<!-- results end -->"
    page = page_with(f"before\n{marks}\nafter", DOCUMENT)

    assert page.startswith("before\n<!-- results begin -->\n\nMeasured on 2026-11-26")
    assert page.endswith("<!-- results end -->\nafter")
    assert "old" not in page


def test_the_results_say_where_and_beside_what_they_were_taken() -> None:
    """Load, machine and versions belong to a figure."""
    text = written_out(DOCUMENT)

    assert "in 11 minutes, on A Processor with 2 cores, Linux 6, Python 3.11.7." in text
    assert "Load averages: 0.10 before, 0.90 after; little else ran." in text
    assert "With ours: commit abc1234, mixpanel-query 0.1.0." in text
    assert "Peers, environment `readers`: mixpanel-utils 2.2.7." in text


def test_a_peer_without_an_environment_is_not_measured_for_that_reason() -> None:
    """A script that is run by itself may be told of no peers."""
    with pytest.raises(NotMeasuredError, match="named by --peer readers=PYTHON"):
        Given().python("readers", "mixpanel-utils")


def test_a_peer_that_is_not_in_its_environment_is_not_measured() -> None:
    """As where its installation failed."""
    given = Given(pythons={"readers": sys.executable})
    reason = "no-such-peer is not installed in the environment 'readers'"

    with pytest.raises(NotMeasuredError, match=reason):
        given.python("readers", "no-such-peer")


def test_rounds_are_grouped_with_their_neighbours() -> None:
    """Five rounds in two groups: the first two, the other three."""
    assert groups([[1], [2], [3], [4], [5]], 2) == [[1, 2], [3, 4, 5]]


def test_a_reason_is_the_last_line_and_breaks_no_table() -> None:
    """A cell must not hold what separates cells."""
    assert last_line("Traceback\nValueError: a | b\n") == "ValueError: a / b"
