"""Tests of mixpanel_query.retained_users: how the answer is read."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_query import RetainedUsers, Retention
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_query.retained_users import read_retention
from mixpanel_query.wire import Answer, QueryRequest

NEW_YEAR = date(2012, 1, 1)
# The example of Mixpanel's own contract, not in order.
BODY = {
    "2012-01-02": {"counts": [9, 7, 6], "first": 10},
    "2012-01-01": {"counts": [2, 1, 2], "first": 2},
    "2012-01-03": {"counts": [], "first": 0},
}


def read(body: object, *, is_broken_down: bool = False) -> Retention:
    """Read an answer to a question about days."""
    answer = Answer(QueryRequest("/api/query/retention"), "here", body)
    return read_retention(
        answer,
        retention_type="birth",
        unit="day",
        interval=1,
        is_broken_down=is_broken_down,
    )


def test_retention() -> None:
    """Buckets are in order of date, with who began and who came back."""
    retention = read(BODY)

    assert retention.dates == (NEW_YEAR, date(2012, 1, 2), date(2012, 1, 3))
    assert retention.users == {
        "$overall": {
            NEW_YEAR: RetainedUsers(2, (2, 1, 2)),
            date(2012, 1, 2): RetainedUsers(10, (9, 7, 6)),
            date(2012, 1, 3): RetainedUsers(0, ()),
        }
    }


def test_ratios() -> None:
    """Of nobody there is no part."""
    assert RetainedUsers(10, (9, 7, 6)).ratios == (0.9, 0.7, 0.6)
    assert RetainedUsers(0, (0,)).ratios == (None,)


def test_rows() -> None:
    """As a table, an interval is a row."""
    rows = read(BODY).to_dicts()

    assert rows[1] == {
        "segment": "$overall",
        "date": NEW_YEAR,
        "first": 2,
        "interval": 1,
        "count": 1,
        "ratio": 0.5,
    }
    assert [(row["date"], row["count"]) for row in rows] == [
        (NEW_YEAR, 2),
        (NEW_YEAR, 1),
        (NEW_YEAR, 2),
        (date(2012, 1, 2), 9),
        (date(2012, 1, 2), 7),
        (date(2012, 1, 2), 6),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {
            "2012-01-01": {
                "Chrome": {"counts": [2], "first": 3},
                "counts": {"counts": [1], "first": 1},
            }
        },
        {
            "Chrome": {"2012-01-01": {"counts": [2], "first": 3}},
            "counts": {"2012-01-01": {"counts": [1], "first": 1}},
        },
    ],
    ids=["segments in dates", "dates in segments"],
)
def test_segments(body: object) -> None:
    """Broken down, segments are found in either order, whatever they are called."""
    assert read(body, is_broken_down=True).users == {
        "Chrome": {NEW_YEAR: RetainedUsers(3, (2,))},
        "counts": {NEW_YEAR: RetainedUsers(1, (1,))},
    }


def test_question_with_a_breakdown_may_be_answered_without() -> None:
    """An answer with nothing but dates is about everything."""
    assert list(read(BODY, is_broken_down=True).users) == ["$overall"]


def test_users_of_several_buckets_are_not_summed() -> None:
    """One user may have begun on both days."""
    with pytest.raises(InvalidQueryError, match="users of 3 buckets cannot be summed"):
        read(BODY).total()


def test_total_of_one_bucket() -> None:
    """One bucket is its own total."""
    retention = read({"2012-01-02": BODY["2012-01-02"]})

    assert retention.total() == RetainedUsers(10, (9, 7, 6))
    with pytest.raises(InvalidQueryError, match="'Chrome' was not answered"):
        retention.total("Chrome")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "no buckets by date"),
        ({"error": "no"}, "'error' is no day"),
        ({"2012-01-01": 7}, "the bucket of 2012-01-01 is not as documented"),
        ({"2012-01-01": {"first": 7}}, "the bucket of 2012-01-01 is not"),
        ({"2012-01-01": {"counts": [1]}}, "'first' of a bucket of retention is miss"),
        ({"2012-01-01": {"counts": ["1"], "first": 1}}, "'counts' of a bucket"),
        (
            {
                "2012-01-01": {"counts": [], "first": 1},
                "2012-01-01 00:00:00": {"counts": [], "first": 1},
            },
            "two buckets begin on 2012-01-01",
        ),
    ],
)
def test_other_shapes_are_no_answer(body: object, problem: str) -> None:
    """What is not documented is an error, never a count."""
    with pytest.raises(UnreadableAnswerError, match=problem):
        read(body)
