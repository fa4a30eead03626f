"""Tests of mixpanel_query.expression_subjects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query import event_property, user_property
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expression_subjects import expression_about
from mixpanel_query.expressions import Where


def about_events(where: Where) -> str:
    """Take a condition that must not look at users."""
    return expression_about(
        "where", where, never="user", write="properties", remedy="event_property"
    )


@given(st.text(min_size=1) | st.just('" or user["x"] == "'), st.text())
def test_no_name_or_value_looks_like_a_user(name: str, value: str) -> None:
    """What stands inside a literal is never taken for an accessor."""
    where = event_property(name) == value

    assert about_events(where) == str(where)


@pytest.mark.parametrize(
    "where",
    [
        user_property("x") == 1,
        (event_property("user") == 1) & (user_property("x") == 1),
        "user['x'] == 1",
        'not user ["x"]',
    ],
    ids=str,
)
def test_users_are_found(where: Where) -> None:
    """A user's property is found wherever it stands."""
    with pytest.raises(InvalidQueryError, match="where looks at user"):
        about_events(where)


@pytest.mark.parametrize("where", ["superuser[1]", "x.user[1]", "'user[' == 1"])
def test_other_words_are_no_users(where: str) -> None:
    """Words that only contain the name are something else."""
    assert about_events(where) == where
