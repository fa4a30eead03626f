"""A refusal that a user may meet: what raises it, and what mends it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["Refusal", "message_of"]

# What stands on the page for the folder that a refusal is made in.
FOLDER = "/srv/shop"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row of a table of errors.

    Attributes:
        kind: The class of the error.
        provoke: Does in a folder what is refused.
        remedy: Why it comes, and what to do, for whoever reads the message.
    """

    kind: type[Exception]
    provoke: Callable[[Path], object]
    remedy: str


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Make a folder the current one, for a block."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def message_of(refusal: Refusal, folder: Path) -> str:
    """Return the message of a refusal that is made in an empty folder.

    Raises:
        AssertionError: If nothing is refused, or something else.
    """
    with working_in(folder), pytest.raises(refusal.kind) as caught:
        refusal.provoke(folder)
    assert caught.type is refusal.kind
    return str(caught.value).replace(os.fspath(folder), FOLDER)
