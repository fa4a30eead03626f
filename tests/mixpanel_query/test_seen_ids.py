"""Tests of mixpanel_query.seen_ids."""

from __future__ import annotations

import sys
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query.seen_ids import SeenIds, holds


@given(st.lists(st.text() | st.sampled_from(["a", "b", "c"])))
def test_each_text_is_new_once(texts: list[str]) -> None:
    """The first time a text is new, and never again."""
    seen, known = SeenIds(), set()

    for text in texts:
        assert seen.add(text) == (text not in known)
        known.add(text)


def test_each_of_two_texts_is_new_once() -> None:
    """Whichever came before it."""
    seen = SeenIds()

    assert [seen.add(text) for text in ("joe", "ann", "joe")] == [True, True, False]


def test_half_characters_are_ids_too() -> None:
    """Text that UTF-8 cannot hold is remembered like any other."""
    seen = SeenIds()

    assert [seen.add("\udcff"), seen.add("\udcff")] == [True, False]


def test_memory() -> None:
    """Many ids take less than 40 bytes each, however long they are."""
    seen = SeenIds()
    tracemalloc.start()

    assert all(seen.add(f"{number:0>200}") for number in range(100_000))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size < 40 * 100_000, f"{size} bytes on {sys.platform}"


@given(st.lists(st.binary(min_size=3, max_size=3)), st.binary(min_size=3, max_size=3))
def test_only_whole_digests_are_found(digests: list[bytes], digest: bytes) -> None:
    """What lies across two digests is none."""
    assert holds(b"".join(digests), digest) == (digest in digests)


def test_digest_after_a_false_one() -> None:
    """The search goes on after what lies across two digests."""
    assert not holds(b"xab" + b"cyy", b"abc")
    assert holds(b"xab" + b"cyy" + b"abc", b"abc")


def test_digest_among_false_ones() -> None:
    """What lies across two digests hides no whole one, be it before or behind it."""
    false = b"xab" + b"cyy"

    assert holds(false + b"abc" + false, b"abc")
    assert holds(b"xxa" + b"aaa", b"aaa")
