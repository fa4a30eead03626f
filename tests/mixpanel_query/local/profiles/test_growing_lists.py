"""Lists that updates of one request make longer."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.profiles.growing_lists import GrowingList, GrowingLists
from mixpanel_query.local.profiles.profile_store import find_profiles, update_profiles
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate, apply_update
from mixpanel_query.local.records.judging import Refusal


def update(operation: str, value: object) -> ProfileUpdate:
    """Return an update of one profile."""
    return ProfileUpdate("u", operation, value, None)


def found(item: object, items: list[Any]) -> bool:
    """Tell whether a list has an item, where true is no 1."""
    return any(each == item and (each is True) == (item is True) for each in items)


@pytest.mark.parametrize("present", [[], ["a"], [1, {"o": "é"}, [2]], "no list", None])
def test_bytes_are_those_of_the_whole_list(present: object) -> None:
    """Counting item by item gives what the JSON of the list has."""
    growing = GrowingList(present)
    for items in ([], ["é"], [1.5, {"a": [1]}], ["x" * 10, 3]):
        expected = json.dumps(
            [*growing.items, *items], ensure_ascii=False, separators=(",", ":")
        )
        assert growing.size_with(items) == len(expected.encode())
        growing.extend(items)


@pytest.mark.parametrize("seed", range(30))
def test_updates_of_a_request_are_those_of_a_plain_loop(
    engine: Engine, seed: int
) -> None:
    """Mixed operations on two lists end as they do when nothing is remembered."""
    rng = random.Random(seed)  # noqa: S311 - a test that is the same each time
    operations = ["$append"] * 4 + ["$union"] * 4 + ["$remove"] * 2 + ["$set"]
    updates = [update("$set", {"l": [], "m": []})]
    plain: dict[str, list[Any]] = {"l": [], "m": []}
    for _ in range(30):
        name, operation = rng.choice("lm"), rng.choice(operations)
        items = [1, 2, 3, "a", "b", 1.0]
        if operation != "$union":
            items += [True, [1], {"o": 1}]
        item = rng.choice(items)
        if operation == "$append":
            plain[name] = [*plain[name], item]
        elif operation == "$union":
            plain[name] = plain[name] + [item] * (not found(item, plain[name]))
        elif operation == "$remove":
            plain[name] = [each for each in plain[name] if not found(item, [each])]
        else:
            plain[name] = [item]
        value = [item] if operation in ("$union", "$set") else item
        updates.append(update(operation, {name: value}))

    assert update_profiles(engine, updates) == {}
    assert find_profiles(engine, ["u"]) == {"u": plain}


def test_refused_update_makes_no_list_longer(engine: Engine) -> None:
    """Neither the list that is too long nor another one of the update."""
    most = ["x" * 255] * 1016
    updates = [
        update("$set", {"l": most, "m": [1]}),
        update("$append", {"m": 2}),
        update("$append", {"m": 3, "l": "y" * 200}),
        update("$set", {f"p{number}": 0 for number in range(1998)}),
        update("$append", {"m": 4, "new": 1}),
        update("$append", {"m": 5}),
    ]
    refused = update_profiles(engine, updates)
    profile = find_profiles(engine, ["u"])["u"]

    assert sorted(refused) == [2, 4]
    assert profile["m"] == [1, 2, 5]
    assert profile["l"] == most


def test_profile_before_an_update_is_left_alone() -> None:
    """Also where the list was made longer before."""
    lists = GrowingLists()
    first = {"l": [1]}
    second = apply_update(first, update("$append", {"l": 2}), lists)
    with pytest.raises(Refusal):
        apply_update(second, update("$append", {"l": "x" * 300_000}), lists)

    assert first == {"l": [1]}
    assert second == {"l": [1, 2]}


def test_thousands_of_updates_of_a_long_list_are_quick(engine: Engine) -> None:
    """The list is not read anew for each."""
    began = time.process_time()
    updates = [update("$set", {"l": list(range(30_000))})]
    updates += [update("$union", {"l": [number]}) for number in range(29_000, 31_000)]
    updates += [update("$append", {"l": "x"}) for _ in range(2000)]
    updates += [update("$append", {"l": "x" * 300_000}) for _ in range(200)]

    assert sorted(update_profiles(engine, updates)) == list(range(4001, 4201))
    # Reading it for each takes some ten seconds.
    assert time.process_time() - began < 3
    assert len(find_profiles(engine, ["u"])["u"]["l"]) == 33_000


@pytest.mark.parametrize("item", [True, 1, "a", [1]])
def test_what_a_list_lacks_is_looked_for_once(engine: Engine, item: object) -> None:
    """Two thousand times in a list of 100,000 items would take minutes."""
    present = [True] * 100_000 if item == 1 and item is not True else [1] * 100_000
    updates = [update("$set", {"l": present})]
    updates += [update("$remove", {"l": item})] * 2000
    start = time.process_time()

    assert update_profiles(engine, updates) == {}
    assert time.process_time() - start < 3
    assert find_profiles(engine, ["u"]) == {"u": {"l": present}}
