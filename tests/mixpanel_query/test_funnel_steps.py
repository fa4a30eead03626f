"""Tests of mixpanel_query.funnel_steps: how the answer is read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mixpanel_query import Funnel, FunnelStep
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_query.funnel_steps import read_funnel
from mixpanel_query.wire import Answer, QueryRequest

FIRST = date(2016, 9, 12)
SECOND = date(2016, 9, 19)


def raw_step(event: str, count: object, **fields: object) -> dict[str, object]:
    """A step as Mixpanel answers it."""
    return {
        "count": count,
        "avg_time": 2,
        "avg_time_from_start": 5,
        "step_conv_ratio": 1,
        "overall_conv_ratio": 1,
        "goal": event,
        "event": event,
        **fields,
    }


# The example of Mixpanel's own contract, its second bucket first.
SAVED: dict[str, Any] = {
    "meta": {"dates": ["2016-09-12", "2016-09-19"]},
    "data": {
        "2016-09-19": {
            "steps": [raw_step("App Open", 32486), raw_step("Pay", 20809)],
            "analysis": {"completion": 20809, "starting_amount": 32486, "steps": 2},
        },
        "2016-09-12": {
            "steps": [
                raw_step("App Open", 32688),
                raw_step(
                    "$custom_event:12345",
                    20524,
                    avg_time=133,
                    avg_time_from_start=133,
                    step_conv_ratio=0.63,
                    overall_conv_ratio=0.63,
                    step_label="Game Played",
                    custom_event=True,
                    custom_event_id=12345,
                ),
            ],
            "analysis": {"completion": 20524, "starting_amount": 32688, "steps": 2},
        },
    },
}
BROKEN_DOWN: dict[str, Any] = {
    "data": {
        "2016-09-12": {
            "$overall": [raw_step("A", 10), raw_step("B", 4), raw_step("C", 1)],
            "Chrome": [raw_step("A", 8), raw_step("B", 4), raw_step("C", 1)],
            "steps": [raw_step("A", 2), raw_step("B", 0), raw_step("C", 0)],
        },
        "2016-09-13": {"$overall": [raw_step("A", 0), raw_step("B", 0)]},
    },
}


def read(body: object, *, is_broken_down: bool = False) -> Funnel:
    """Read an answer to a question about weeks."""
    answer = Answer(QueryRequest("/api/query/funnels"), "here", body)
    return read_funnel(
        answer, 7509, unit="week", interval=1, is_broken_down=is_broken_down
    )


def test_saved_funnel() -> None:
    """Without a breakdown everything is the segment $overall, in order of date."""
    funnel = read(SAVED)

    assert funnel.dates == (FIRST, SECOND)
    assert (funnel.funnel_id, funnel.unit, funnel.interval) == (7509, "week", 1)
    assert list(funnel.steps) == ["$overall"]
    assert funnel.steps["$overall"][FIRST] == (
        FunnelStep("App Open", "App Open", 32688, 1.0, 1.0, None, None),
        FunnelStep(
            "$custom_event:12345",
            "Game Played",
            20524,
            # Mixpanel's own example has this ratio, unrounded.
            0.627875673029858,
            0.627875673029858,
            133,
            133,
            12345,
        ),
    )


def test_segments() -> None:
    """With a breakdown each segment has its steps, whatever it is called."""
    funnel = read(BROKEN_DOWN, is_broken_down=True)

    counts = {
        segment: [step.count for step in buckets[FIRST]]
        for segment, buckets in funnel.steps.items()
    }
    assert counts == {"$overall": [10, 4, 1], "Chrome": [8, 4, 1], "steps": [2, 0, 0]}


def test_breakdown_in_the_other_shape() -> None:
    """Segments may have objects with steps, and a bucket may have no segments."""
    inside = {"data": {"2016-09-12": {"Chrome": {"steps": [raw_step("A", 8)]}}}}

    assert list(read(inside, is_broken_down=True).steps) == ["Chrome"]
    assert list(read(SAVED, is_broken_down=True).steps) == ["$overall"]


def test_ratios_come_from_counts() -> None:
    """What Mixpanel rounded is worked out again; of nobody there is no part."""
    overall = read(BROKEN_DOWN, is_broken_down=True).steps["$overall"]

    assert [step.step_conv_ratio for step in overall[FIRST]] == [1.0, 0.4, 0.25]
    assert [step.overall_conv_ratio for step in overall[FIRST]] == [1.0, 0.4, 0.1]
    assert [step.step_conv_ratio for step in overall[date(2016, 9, 13)]] == [None, None]


def test_rows() -> None:
    """As a table, a step is a row."""
    rows = read(SAVED).to_dicts()

    assert [(row["date"], row["step"], row["count"]) for row in rows] == [
        (FIRST, 1, 32688),
        (FIRST, 2, 20524),
        (SECOND, 1, 32486),
        (SECOND, 2, 20809),
    ]
    assert rows[1] == {
        "segment": "$overall",
        "date": FIRST,
        "step": 2,
        "event": "$custom_event:12345",
        "label": "Game Played",
        "count": 20524,
        "step_conv_ratio": 0.627875673029858,
        "overall_conv_ratio": 0.627875673029858,
        "avg_time": 133,
        "avg_time_from_start": 133,
    }


def test_users_of_several_buckets_are_not_summed() -> None:
    """One user may have started the funnel in both weeks."""
    with pytest.raises(InvalidQueryError, match="users of 2 buckets cannot be summed"):
        read(SAVED).total()


def test_total_of_one_bucket() -> None:
    """One bucket as long as the window is its total."""
    data = {"2016-09-12": BROKEN_DOWN["data"]["2016-09-12"]}
    funnel = read({"data": data}, is_broken_down=True)

    assert [step.count for step in funnel.total("Chrome")] == [8, 4, 1]
    with pytest.raises(InvalidQueryError, match=r"'Safari' was not answered; .*Chrome"):
        funnel.total("Safari")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "no 'data' by date"),
        ({"data": []}, "no 'data' by date"),
        ({"data": {"soon": {"steps": []}}}, "'soon' is no day"),
        ({"data": {"2016-02-30": {"steps": []}}}, "'2016-02-30' is no day"),
        ({"data": {"2016-09-12": []}}, "a bucket of a funnel is no object"),
        ({"data": {"2016-09-12": {}}}, "the steps of a funnel are no list"),
        ({"data": {"2016-09-12": {"steps": [7]}}}, "a step is 7, no object"),
        (
            {"data": {"2016-09-12": {"steps": [raw_step("A", "1")]}}},
            "the 'count' of a step is text, no whole number",
        ),
        (
            {
                "data": {
                    "2016-09-12": {"steps": []},
                    "2016-09-12T00:00:00": {"steps": []},
                }
            },
            "two buckets begin on 2016-09-12",
        ),
    ],
)
def test_other_shapes_are_no_answer(body: object, problem: str) -> None:
    """What is not documented is an error, never a count."""
    with pytest.raises(UnreadableAnswerError, match=problem):
        read(body)
