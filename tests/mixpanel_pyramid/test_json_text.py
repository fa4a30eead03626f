"""Documents become the same strict JSON, whoever encodes them."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_pyramid import json_text
from mixpanel_pyramid.json_text import plain_encoder, quick_encoder

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.fixture(params=["plain", "quick"], scope="module")
def encode(request: pytest.FixtureRequest) -> Callable[[object], str]:
    """An encoder: of the standard library, and of orjson."""
    encoder = plain_encoder() if request.param == "plain" else quick_encoder()
    assert encoder is not None, "orjson is not installed; it is in the tests' group"
    return encoder


@given(document=documents)
def test_what_is_written_reads_as_what_it_was(
    encode: Callable[[object], str], document: object
) -> None:
    """Also numbers over 64 bits, and halves of surrogate pairs."""
    assert json.loads(encode(document)) == document


@given(document=documents)
def test_the_text_is_ascii(encode: Callable[[object], str], document: object) -> None:
    """So that its length is its size, and a form can carry it."""
    assert encode(document).isascii()


def test_the_text_is_as_short_as_it_can_be(encode: Callable[[object], str]) -> None:
    """No spaces."""
    assert encode({"a": [1, 2.5, None, True, "å"]}) == (
        '{"a":[1,2.5,null,true,"\\u00e5"]}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_have_is_not_written(value: float) -> None:
    """Messages are checked before; this is the last look."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        plain_encoder()({"a": value})


def test_another_python_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without the encoder in C that CPython has."""
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)

    assert plain_encoder()({"a": [1, "å"]}) == '{"a":[1,"\\u00e5"]}'


def test_without_orjson_the_standard_library_writes_and_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extra is none that anything needs."""
    monkeypatch.setitem(sys.modules, "orjson", None)  # as if it were not installed
    module = runpy.run_path(json_text.__file__)

    assert module["quick_encoder"]() is None
    assert module["encoded"]({"a": [1, "å"]}) == '{"a":[1,"\\u00e5"]}'
    assert module["decoded"] is json.loads
