"""Records of one kind: what a project has saved, or a profile has done."""

from __future__ import annotations

from typing import Protocol, TypeVar

from mixpanel_query.tables import Tabular

__all__ = ["Record", "Records"]


class Record(Protocol):
    """Something that can be a row of a table."""

    def to_dict(self) -> dict[str, object]:
        """Return it as a row; those of one kind have the same keys."""


R = TypeVar("R", bound=Record)


class Records(tuple[R, ...], Tabular):
    """Records in the order in which Mixpanel answered them.

    It is a tuple, and also a table with a row a record.

    >>> Records().to_dicts()
    []
    """

    __slots__ = ()

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every record."""
        return [record.to_dict() for record in self]
