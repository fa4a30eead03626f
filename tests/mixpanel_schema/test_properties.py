"""Properties, and the names of the built-in ones."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import FrozenInstanceError, replace

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    NameStyleError,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)


def pickled(prop: Property) -> Property:
    """Give what comes out of a pickle that a property went into."""
    found: Property = pickle.loads(pickle.dumps(prop))  # noqa: S301  # our own
    return found


def test_properties_are_equal_by_name_alone() -> None:
    """A property is known by its name, whatever its type or description."""
    assert Property("Plan", type=str, pii=True) == Property("Plan")
    assert hash(Property("Plan", type=str)) == hash(Property("Plan"))
    assert repr(Property("Plan", type=str)) == "Property(name='Plan')"


@pytest.mark.parametrize(
    "again",
    [copy, deepcopy, pickled, replace],
    ids=["copy", "deep copy", "pickle", "replace"],
)
def test_a_copy_is_the_same_property(again: Callable[[Property], Property]) -> None:
    """With all that is said of it, and as a key."""
    prop = Property("Plan", type=str | None, description="What is paid.", pii=True)

    found = again(prop)

    assert {prop: 1}[found] == 1
    assert (found.type, found.description, found.pii) == (
        str | None,
        "What is paid.",
        True,
    )


def test_another_process_finds_a_property_as_a_key() -> None:
    """Though texts have another hash there."""
    read = (
        "import pickle, sys; from mixpanel_schema import Property; "
        "print(pickle.load(sys.stdin.buffer)[Property('Plan')])"
    )
    seeds = {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}
    data = pickle.dumps({Property("Plan"): "found"})
    found = [
        subprocess.run(
            [sys.executable, "-c", read],
            input=data,
            env=os.environ | seed,
            capture_output=True,
            check=True,
        ).stdout
        for seed in seeds
    ]

    assert [text.strip() for text in found] == [b"found", b"found"]


def test_a_property_stays_as_it_is() -> None:
    """Nor has it room for anything else."""
    prop = Property("Plan")

    with pytest.raises(FrozenInstanceError):
        prop.name = "Other"  # type: ignore[misc]  # on purpose
    assert not hasattr(prop, "__dict__")


def test_a_blank_name_is_refused() -> None:
    """The message says that it is a property's name."""
    with pytest.raises(NameStyleError, match="property name '  ' is blank"):
        Property("  ")


@pytest.mark.parametrize(
    ("catalogue", "attribute", "name"),
    [
        (EventProperties, "title", "Title"),
        (EventProperties, "path", "Path"),
        (EventProperties, "dollar_referrer", "$referrer"),
        (ProfileProperties, "dollar_created", "$created"),
        (ProfileProperties, "dollar_email", "$email"),
        (ProfileProperties, "dollar_name", "$name"),
        (ProfileProperties, "dollar_phone", "$phone"),
        (ProfileProperties, "dollar_unsubscribed", "$unsubscribed"),
        (ProfileMetaProperties, "dollar_ip", "$ip"),
        (ProfileMetaProperties, "dollar_time", "$time"),
        (ProfileMetaProperties, "dollar_ignore_time", "$ignore_time"),
        (ProfileMetaProperties, "dollar_ignore_alias", "$ignore_alias"),
    ],
)
def test_the_built_in_names_are_kept(
    catalogue: type, attribute: str, name: str
) -> None:
    """An app that moves from pyramid_mixpanel keeps every attribute."""
    assert getattr(catalogue, attribute).name == name


@pytest.mark.parametrize("attribute", ["dollar_email", "dollar_name", "dollar_phone"])
def test_personal_data_is_marked(attribute: str) -> None:
    """What names a person is marked, so that it can be masked."""
    assert getattr(ProfileProperties, attribute).pii is True


def test_a_text_is_no_property() -> None:
    """Nor is an event of the same name, in a dict neither."""
    assert Property("Plan") != "Plan"
    assert Property("Plan") != Event("Plan")
    assert "Plan" not in {Property("Plan"): 1}
