"""Files with a JSON document a line, gzipped or not, read line by line."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.records.bodies import parse_json

__all__ = ["check_lines", "is_gzipped", "parsed_row", "read_lines"]

# What DuckDB takes; an event of Mixpanel has at most 1 MB.
LONGEST_LINE = 16 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
GZIP_MAGIC = b"\x1f\x8b"

Line: TypeAlias = tuple[int, Any]


def is_gzipped(path: Path) -> bool:
    """Tell whether a file is gzipped, by its first bytes: its name says little."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def check_lines(path: Path, packed: bool, problem_of: Callable[[Any], str]) -> None:
    """Raise an error for the first line that is not what it should be."""
    for number, row in read_lines(path, packed):
        problem = problem_of(row)
        if problem:
            raise LocalProjectError(f"{path}, line {number}: {problem}")


def read_lines(path: Path, packed: bool) -> Iterator[Line]:
    """Yield the number and the JSON value of each line that is not blank."""
    with open_binary(path, packed) as file:
        # No more is read of a line than shows that it is too long.
        lines = iter(lambda: file.readline(LONGEST_LINE + 1), b"")
        for number, line in enumerate(lines, start=1):
            if line.strip():
                refuse_line(path, number, line)
                yield number, parsed_row(f"{path}, line {number}", line)


def parsed_row(place: str, text: bytes) -> Any:  # noqa: ANN401 - it may be any JSON
    """Return the JSON value of a row.

    Raises:
        LocalProjectError: If it is none; the message begins with the place.
    """
    try:
        return parse_json(text)
    except RequestRefusedError as error:
        problem = error.message.replace("the body", "the line")
        raise LocalProjectError(f"{place}: {problem}") from error


def refuse_line(path: Path, number: int, line: bytes) -> None:
    """Refuse a line for what it is before it is JSON."""
    if len(line) > LONGEST_LINE:
        raise LocalProjectError(
            f"{path}, line {number}: the line is longer than {LONGEST_LINE >> 20} MB, "
            "and an event has at most 1 MB; leave it out"
        )
    if line.startswith(BYTE_ORDER_MARK):
        raise LocalProjectError(
            f"{path}, line {number}: the line begins with a byte order mark; "
            "save the file as UTF-8 without one"
        )


def open_binary(path: Path, packed: bool) -> IO[bytes]:
    """Open a file for reading what it holds when unpacked."""
    # A GzipFile reads like a file, though its class is none.
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")
