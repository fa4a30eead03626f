"""Identifiers for any name."""

from __future__ import annotations

from keyword import iskeyword
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema.identifiers import Identifiers, pascal_case, snake_case


@pytest.mark.parametrize(
    ("name", "snake", "pascal"),
    [
        ("Order Completed", "order_completed", "OrderCompleted"),
        ("Button/Link Clicked", "button_link_clicked", "ButtonLinkClicked"),
        ("$email", "dollar_email", "DollarEmail"),
        ("userName", "user_name", "UserName"),
        ("HTTPError seen", "http_error_seen", "HttpErrorSeen"),
        ("3D View", "word_3d_view", "Word3dView"),
        ("!?", "word", "Word"),
        ("__proto__", "proto", "Proto"),
        ("Größe geändert", "größe_geändert", "GrößeGeändert"),
        ("注文 完了", "注文_完了", "注文完了"),
        ("ﬁle", "file", "File"),
        ("Cart 🛒 Emptied", "cart_emptied", "CartEmptied"),
    ],
)
def test_a_name_reads_as_an_identifier(name: str, snake: str, pascal: str) -> None:
    """Words are kept, in the two cases that are usual."""
    assert snake_case(name, "word") == snake
    assert pascal_case(name, "Word") == pascal


def test_reserved_words_get_an_underscore() -> None:
    """The language's own words cannot be used."""
    assert Identifiers().take("class") == "class_"
    assert Identifiers().take("None") == "None_"


def test_names_that_clash_are_numbered_before_their_ending() -> None:
    """The ending stays recognisable."""
    names = Identifiers(taken=["EventProperties"])

    assert names.take("Event", "Properties") == "Event_2Properties"


@given(st.lists(st.text(max_size=10)))
def test_any_names_become_different_valid_identifiers(names: list[str]) -> None:
    """No text is too strange, and none takes another's place."""
    known = Identifiers()
    found = [known.take(snake_case(name, "word")) for name in names]
    found += [known.take(pascal_case(name, "Word")) for name in names]

    assert all(name.isidentifier() and not iskeyword(name) for name in found)
    assert not any(name.startswith("_") for name in found)
    assert len({normalize("NFKC", name) for name in found}) == len(found)
