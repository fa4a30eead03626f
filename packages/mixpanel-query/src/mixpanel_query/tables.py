"""Results as tables of the libraries that people analyse them with.

None of the libraries is needed until its method is called.
"""

from __future__ import annotations

from abc import abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mixpanel_query.exceptions import InvalidQueryError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Tabular"]


class Tabular:
    """A result that is also a table: a row for every value, in a fixed order."""

    __slots__ = ()

    @abstractmethod
    def to_dicts(self) -> list[dict[str, object]]:
        """Return the rows, all with the same keys."""

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a pandas data frame.

        Raises:
            InvalidQueryError: If pandas is not installed.
        """
        frame: pandas.DataFrame = library("pandas").DataFrame(self.to_dicts())
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Return the rows as a polars data frame.

        Raises:
            InvalidQueryError: If polars is not installed.
        """
        make = library("polars").DataFrame
        # Counts may be whole in the first rows only.
        frame: polars.DataFrame = make(self.to_dicts(), infer_schema_length=None)
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """Return the rows as an Arrow table.

        Raises:
            InvalidQueryError: If pyarrow is not installed.
        """
        table: pyarrow.Table = library("pyarrow").Table.from_pylist(self.to_dicts())
        return table


def library(name: str) -> Any:  # noqa: ANN401 - a module, of which mypy knows nothing
    """Import a library that people have, or have not, installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        problem = f"{name} is not installed"
        raise InvalidQueryError(f"{problem}; pip install {name}") from error
