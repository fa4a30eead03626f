"""Cutting answers after rows, whatever pieces they come in."""

from __future__ import annotations

import zlib

import pytest

from mixpanel_query.local.faults.cut_answers import Gzip, RowCutter


def cut(body: bytes, rows: int, *, size: int, is_json: bool) -> tuple[bytes, bool]:
    """Return what passes of a body in pieces, and whether the rows are through."""
    cutter = RowCutter(rows, is_json=is_json)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(map(cutter.feed, pieces)), cutter.is_done


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (0, (b"", True)),
        (1, (b"one\n", True)),
        (2, (b"one\ntwo\n", True)),
        (3, (b"one\ntwo\nthree\n", True)),
        (4, (b"one\ntwo\nthree\n", False)),
    ],
)
def test_lines_pass_whole(rows: int, left: tuple[bytes, bool], size: int) -> None:
    """With their ends."""
    assert cut(b"one\ntwo\nthree\n", rows, size=size, is_json=False) == left


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (0, (b"", True)),
        (1, (rb'[{"a":[1,2],"b":"x\",]\\"}', True)),
        (2, (rb'[{"a":[1,2],"b":"x\",]\\"},"},"', True)),
        (3, (rb'[{"a":[1,2],"b":"x\",]\\"},"},",3]', False)),
    ],
)
def test_json_is_cut_between_items(
    rows: int, left: tuple[bytes, bool], size: int
) -> None:
    """What texts and inner arrays hold is not taken for an end."""
    body = rb'[{"a":[1,2],"b":"x\",]\\"},"},",3]'

    assert cut(body, rows, size=size, is_json=True) == left


def test_json_objects_are_cut_between_pairs() -> None:
    """The outermost ones."""
    body = b'{"page":0,"results":[1,2],"status":"ok"}'

    assert cut(body, 2, size=7, is_json=True) == (b'{"page":0,"results":[1,2]', True)


def test_what_was_compressed_can_be_read_before_the_end() -> None:
    """Piece by piece, as it was given."""
    packer, reader = Gzip(), zlib.decompressobj(wbits=31)

    assert reader.decompress(packer.feed(b"one\n")) == b"one\n"
    assert not reader.eof
    assert reader.decompress(packer.feed(b"two\n") + packer.finish()) == b"two\n"
    assert reader.eof
