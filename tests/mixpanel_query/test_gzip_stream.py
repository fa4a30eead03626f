"""Tests of mixpanel_query.gzip_stream."""

from __future__ import annotations

import gzip
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixpanel_query.gzip_stream import BrokenGzipError, GzipStream, inflating


@pytest.fixture(params=["isal", "zlib"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Inflate with either library, where both are installed."""
    if request.param == "isal":
        pytest.importorskip("isal", reason="needs isal")
    else:
        monkeypatch.setitem(sys.modules, "isal", None)
    name: str = request.param
    return name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(), max_size=4), st.integers(min_value=1, max_value=50))
def test_any_cut_into_pieces(members: list[bytes], size: int) -> None:
    """However the bytes arrive, in one member or several, the content is the same."""
    packed = b"".join(map(gzip.compress, members))
    stream = GzipStream()

    content = b"".join(
        b"".join(stream.feed(packed[start : start + size]))
        for start in range(0, len(packed), size)
    )

    assert content == b"".join(members)
    assert stream.is_complete is bool(members)


@pytest.mark.parametrize("missing", [1, 8, 12])
def test_missing_end(missing: int) -> None:
    """A stream without the end of its trailer is not complete."""
    stream = GzipStream()

    list(stream.feed(gzip.compress(b"hello")[:-missing]))

    assert not stream.is_complete


def test_second_member_without_end() -> None:
    """A whole member does not make up for the next one."""
    stream = GzipStream()

    list(stream.feed(gzip.compress(b"a") + gzip.compress(b"b")[:-1]))

    assert not stream.is_complete


@pytest.mark.parametrize("place", [-1, -5, 0, 12])
def test_changed_on_the_way(place: int) -> None:
    """A stream whose length, checksum, head or content is wrong is noticed."""
    packed = bytearray(gzip.compress(b"hello"))
    packed[place] ^= 1

    with pytest.raises(BrokenGzipError):
        list(GzipStream().feed(bytes(packed)))


def test_bomb_comes_in_pieces() -> None:
    """A small piece that unpacks to much is unpacked a quarter of a megabyte a time."""
    packed = gzip.compress(bytes(5 << 20))

    sizes = [len(piece) for piece in GzipStream().feed(packed)]

    assert sum(sizes) == 5 << 20
    assert max(sizes) == 1 << 18


def test_library(library: str) -> None:
    """The faster library is used where it is installed."""
    names = {"isal": "isal.isal_zlib", "zlib": "zlib"}

    assert inflating()[0].__name__ == names[library]
