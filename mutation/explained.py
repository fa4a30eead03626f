"""Mutants that survive for a reason, from `explained.toml`.

An explanation names the function and the change, and not mutmut's number of it, which
is another one after each edit of the function.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

__all__ = ["Change", "Explanation", "change_of", "place_of", "read_explanations"]


# It is in the standard library from Python 3.11; tomli is the same before.
TOML = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


@dataclass(frozen=True)
class Change:
    """What a mutant changes.

    Attributes:
        place: The dotted name of the function.
        was: Its lines, as they were.
        becomes: What they become.
    """

    place: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Explanation:
    """Why nobody could notice some changes of a function.

    Attributes:
        changes: The changes.
        why: The reason.
    """

    changes: tuple[Change, ...]
    why: str


def read_explanations(path: Path) -> list[Explanation]:
    """Read the explanations of a file."""
    return [
        Explanation(
            tuple(
                Change(table["place"], table["was"], becomes)
                for becomes in table["becomes"]
            ),
            table["why"],
        )
        for table in TOML.loads(path.read_text()).get("survivor", ())
    ]


def change_of(name: str, difference: Sequence[str]) -> Change:
    """Give the change of a mutant, of which mutmut shows some lines.

    >>> change_of("shop.x_pay__mutmut_2", ["-    return 1", "+    return 2"])
    Change(place='shop.pay', was='return 1', becomes='return 2')
    """
    return Change(
        place_of(name),
        joined(line for line in difference if line.startswith("-")),
        joined(line for line in difference if line.startswith("+")),
    )


def joined(lines: Iterable[str]) -> str:
    """Join lines of a difference, each without its sign and indentation."""
    return " ".join(line[1:].strip() for line in lines)


def place_of(name: str) -> str:
    """Give the dotted name of the function that a mutant is of.

    >>> place_of("shop.desk.xǁDeskǁpay__mutmut_2"), place_of("shop.x_pay__mutmut_1")
    ('shop.desk.Desk.pay', 'shop.pay')
    """
    module, _, function = name.partition("__mutmut_")[0].rpartition(".")
    if function.startswith("x_"):
        return f"{module}.{function.removeprefix('x_')}"
    return f"{module}{function.removeprefix('x').replace('ǁ', '.')}"
