"""Properties, and the names of the built-in ones."""

import pytest

from mixpanel_schema import (
    EventProperties,
    NameStyleError,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)


def test_properties_are_equal_by_name_alone() -> None:
    """A property is known by its name, whatever its type or description."""
    assert Property("Plan", type=str, pii=True) == Property("Plan")
    assert hash(Property("Plan", type=str)) == hash(Property("Plan"))
    assert repr(Property("Plan", type=str)) == "Property(name='Plan')"


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
