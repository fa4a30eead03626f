"""Tests of mixpanel_query.tables and table_columns, with the real libraries."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas
import polars
import pyarrow
import pytest

from mixpanel_query import Records, SumSeries, TimeSeries, TopEvent
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.table_columns import columns_of
from mixpanel_query.tables import Tabular, arrow_table

MONDAY, TUESDAY = date(2026, 11, 9), date(2026, 11, 10)
COUNTS = TimeSeries(
    "general",
    "day",
    (MONDAY, TUESDAY),
    {"Sign Up": {MONDAY: 3, TUESDAY: 40}, "Purchase": {MONDAY: 1}},
)
MIXED = SumSeries("day", (MONDAY, TUESDAY), {MONDAY: 3, TUESDAY: 0.5})
PARIS = ZoneInfo("Europe/Paris")
# The clocks are put back between the two: both are 02:00 in Paris.
HOURS = (
    datetime(2026, 10, 25, 0, tzinfo=timezone.utc),
    datetime(2026, 10, 25, 1, tzinfo=timezone.utc),
)


class Rows(Tabular):
    """A result of any rows."""

    def __init__(self, *rows: dict[str, object]) -> None:
        self.rows = list(rows)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return the rows."""
        return self.rows


def test_pandas() -> None:
    """In pandas days are dates that it counts with, and counts are whole numbers."""
    frame = COUNTS.to_pandas()

    assert list(frame.columns) == ["name", "date", "value"]
    assert frame["date"].dt.day_name().tolist() == ["Monday", "Tuesday"] * 2
    assert frame["value"].dtype == "int64"
    assert frame["value"].tolist() == [3, 40, 1, 0]
    assert frame.groupby("name")["value"].sum().to_dict() == {
        "Purchase": 1,
        "Sign Up": 43,
    }


def test_polars() -> None:
    """In polars days are dates, and counts are whole numbers."""
    frame = COUNTS.to_polars()

    assert frame.schema == {
        "name": polars.String,
        "date": polars.Date,
        "value": polars.Int64,
    }
    assert frame.rows()[1] == ("Sign Up", TUESDAY, 40)


def test_arrow() -> None:
    """In Arrow days are dates, and counts are whole numbers."""
    table = COUNTS.to_arrow()

    assert table.schema.field("date").type == pyarrow.date32()
    assert table.schema.field("value").type == pyarrow.int64()
    assert table.to_pylist() == COUNTS.to_dicts()


def test_whole_and_broken_numbers() -> None:
    """A whole number first does not cut the broken ones that follow."""
    assert MIXED.to_pandas()["value"].tolist() == [3.0, 0.5]
    assert MIXED.to_polars()["value"].to_list() == [3.0, 0.5]
    assert MIXED.to_arrow()["value"].to_pylist() == [3.0, 0.5]


def test_missing_numbers() -> None:
    """What is missing stays missing, and whole numbers around it stay whole."""
    rows = Rows({"n": 2**60 + 1, "b": True}, {"n": None, "b": None})

    frame = rows.to_pandas()

    assert frame["n"].dtype == "Int64"
    assert frame["n"][0] == 2**60 + 1
    assert frame["n"].isna().tolist() == frame["b"].isna().tolist() == [False, True]
    assert rows.to_polars()["n"].to_list() == [2**60 + 1, None]
    assert rows.to_arrow()["b"].to_pylist() == [True, None]


@pytest.mark.parametrize(
    "result",
    [SumSeries("day", (), {}), TimeSeries("unique", "week", (), {})],
    ids=["sums", "counts"],
)
def test_nothing(result: SumSeries | TimeSeries) -> None:
    """An empty result has its columns nevertheless."""
    names = list(result.columns)

    assert "value" in names
    assert list(result.to_pandas().columns) == names
    assert result.to_polars().columns == names
    assert result.to_arrow().column_names == names
    assert len(result.to_pandas()) == len(result.to_polars()) == 0


def test_records() -> None:
    """A list of records is a table too."""
    events: Records[TopEvent] = Records([TopEvent("a", 2, -0.5), TopEvent("b", 1, 1)])

    assert events.to_polars().rows() == [("a", 2, -0.5), ("b", 1, 1.0)]
    assert events.to_pandas()["percent_change"].tolist() == [-0.5, 1.0]
    assert events.to_arrow().num_rows == 2


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (PARIS, "Europe/Paris"),
        (None, "UTC"),
        (timezone(timedelta(hours=-7)), "UTC"),
    ],
    ids=["named", "changing offsets", "one offset"],
)
def test_hours(zone: ZoneInfo | timezone | None, shown: str) -> None:
    """Hours stay the moments that they are, in one timezone a column."""
    moments = [hour.astimezone(zone or PARIS) for hour in HOURS]
    if zone is None:  # as they are read from an answer that has offsets
        moments = [datetime.fromisoformat(moment.isoformat()) for moment in moments]
    rows = Rows(*({"hour": moment} for moment in moments))

    frame, other, table = rows.to_pandas(), rows.to_polars(), rows.to_arrow()

    assert str(frame["hour"].dt.tz) == shown
    assert other.schema["hour"].time_zone == shown  # type: ignore[attr-defined]
    assert table.schema.field("hour").type.tz == shown
    for hours in (frame["hour"], other["hour"], table["hour"].to_pylist()):
        assert [hour.timestamp() for hour in hours] == [1792886400, 1792890000]


def test_hours_of_two_timezones() -> None:
    """Moments of several timezones are in UTC."""
    moments = [HOURS[0].astimezone(PARIS), HOURS[1].astimezone(ZoneInfo("Asia/Tokyo"))]

    table = Rows(*({"hour": moment} for moment in moments)).to_arrow()

    assert table.schema.field("hour").type.tz == "UTC"
    assert table["hour"].to_pylist() == list(HOURS)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([1, "one", None], ["1", '"one"', None]),
        ([True, 1], ["true", "1"]),
        ([[1, 2], []], ["[1, 2]", "[]"]),
        ([{"a": MONDAY}, "č"], ['{"a": "2026-11-09"}', '"č"']),
        ([MONDAY, "x"], ['"2026-11-09"', '"x"']),
        ([2**63, 1], ["9223372036854775808", "1"]),
        ([2**53 + 1, 0.5], ["9007199254740993", "0.5"]),
        (
            [HOURS[0], HOURS[0].replace(tzinfo=None)],
            ["2026-10-25T00:00:00+00:00", "2026-10-25T00:00:00"],
        ),
        ([HOURS[0].replace(tzinfo=None)], [datetime(2026, 10, 25)]),
        ([None, None], [None, None]),
    ],
    ids=str,
)
def test_columns_have_one_kind(values: list[object], column: list[object]) -> None:
    """What has no kind in common is text, so that nothing is lost or refused."""
    rows = [{"v": value} for value in values]

    assert columns_of(rows) == {"v": column}
    assert Rows(*rows).to_polars()["v"].to_list() == column
    assert arrow_table(rows)["v"].to_pylist() == column
    assert len(Rows(*rows).to_pandas()) == len(values)


def test_rows_of_different_keys() -> None:
    """A name that a row lacks is None there."""
    columns = columns_of([{"a": 1}, {"b": 2}], ["z"])

    assert columns == {"z": [None, None], "a": [1, None], "b": [None, 2]}


@pytest.mark.parametrize(
    ("convert", "library", "remedy"),
    [
        (COUNTS.to_pandas, "pandas", "pip install pandas"),
        (COUNTS.to_polars, "polars", "pip install polars"),
        (COUNTS.to_arrow, "pyarrow", "pip install 'mixpanel-query[parquet]'"),
    ],
)
def test_missing_library(
    monkeypatch: pytest.MonkeyPatch,
    convert: Callable[[], object],
    library: str,
    remedy: str,
) -> None:
    """A library that is not there is named with how to get it."""
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(InvalidQueryError) as caught:
        convert()

    assert str(caught.value) == f"{library} is not installed; {remedy}"


def test_broken_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A library that lacks another one says so itself."""
    (tmp_path / "polars.py").write_text("import nowhere_to_be_found")
    monkeypatch.delitem(sys.modules, "polars")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        COUNTS.to_polars()


def test_libraries_are_imported_when_asked_for() -> None:
    """Results cost nothing of libraries that nobody asked for."""
    code = (
        "import sys; from mixpanel_query import Client, TimeSeries\n"
        "print({'pandas', 'polars', 'pyarrow', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stdout == "set()\n"


def test_pandas_is_pandas() -> None:
    """The frames are those of the libraries that the caller imports."""
    assert isinstance(COUNTS.to_pandas(), pandas.DataFrame)
    assert isinstance(COUNTS.to_polars(), polars.DataFrame)
    assert isinstance(COUNTS.to_arrow(), pyarrow.Table)
