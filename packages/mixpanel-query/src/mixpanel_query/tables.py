"""Results as tables of the libraries that people analyse them with.

None of the libraries is needed until its method is called.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.table_columns import columns_of

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Tabular", "arrow_table", "library"]

# How each library is installed, where that is not its name.
INSTALLED_WITH: Final = {"pyarrow": "'mixpanel-query[parquet]'"}


class Tabular:
    """A result that is also a table: a row for every value, in a fixed order.

    In a table of pandas, polars or Arrow every column has one type: days are dates,
    moments have a timezone, numbers are whole if all of them are. What has no type in
    common, and lists and documents, are JSON text.
    """

    __slots__ = ()

    # Names of the columns that are there even if there is no row.
    columns: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def to_dicts(self) -> list[dict[str, object]]:
        """Return the rows, all with the same keys."""

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a pandas data frame; days are ``datetime64``.

        Raises:
            InvalidQueryError: If pandas is not installed.
        """
        made_by = library("pandas")
        columns = columns_of(self.to_dicts(), self.columns)
        frame: pandas.DataFrame = made_by.DataFrame(
            {name: pandas_column(made_by, values) for name, values in columns.items()}
        )
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Return the rows as a polars data frame.

        Raises:
            InvalidQueryError: If polars is not installed.
        """
        made_by = library("polars")
        columns = columns_of(self.to_dicts(), self.columns)
        frame: polars.DataFrame = made_by.DataFrame(
            {name: polars_column(made_by, values) for name, values in columns.items()}
        )
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """Return the rows as an Arrow table.

        Raises:
            InvalidQueryError: If pyarrow is not installed.
        """
        return arrow_table(self.to_dicts(), self.columns)


def arrow_table(
    rows: Sequence[Mapping[str, object]], names: Sequence[str] = ()
) -> pyarrow.Table:
    """Make an Arrow table of rows.

    Args:
        rows: The rows.
        names: The columns that are there even if there is no row.

    Raises:
        InvalidQueryError: If pyarrow is not installed.
    """
    make = library("pyarrow").table
    table: pyarrow.Table = make(columns_of(rows, names))
    return table


def pandas_column(pandas: Any, values: list[object]) -> Any:  # noqa: ANN401 - as `library`
    """Make a column of pandas, which by itself has no days, and no missing integers."""
    there = [value for value in values if value is not None]
    kinds = {type(value) for value in there}
    if kinds == {date}:
        return pandas.to_datetime(pandas.Series(values))
    if len(there) < len(values) and kinds in ({int}, {bool}):
        return pandas.array(values, dtype="Int64" if kinds == {int} else "boolean")
    return pandas.Series(values, dtype=None if values else object)


def polars_column(polars: Any, values: list[object]) -> Any:  # noqa: ANN401 - as `library`
    """Make a column of polars, which by itself may leave a timezone's name out."""
    column = polars.Series(values)
    first = next((value for value in values if isinstance(value, datetime)), None)
    zone = getattr(first and first.tzinfo, "key", None)
    return column.dt.convert_time_zone(zone) if zone else column


def library(name: str) -> Any:  # noqa: ANN401 - a module, of which mypy knows nothing
    """Import a library that people have, or have not, installed.

    Raises:
        InvalidQueryError: If it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        problem = f"{name} is not installed"
        remedy = f"pip install {INSTALLED_WITH.get(name, name)}"
        raise InvalidQueryError(f"{problem}; {remedy}") from error
