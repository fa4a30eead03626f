"""The public names of the package, and what importing it loads."""

import subprocess
import sys

import pytest

import mixpanel_schema


def test_all_is_complete() -> None:
    """Each public name is there, whether loaded at import or on first use."""
    assert set(mixpanel_schema.ON_FIRST_USE) <= set(mixpanel_schema.__all__)
    assert set(dir(mixpanel_schema)) == set(mixpanel_schema.__all__)


@pytest.mark.parametrize("name", mixpanel_schema.__all__)
def test_a_public_name_can_be_used(name: str) -> None:
    """No name is listed that cannot be had, and each is documented."""
    found = getattr(mixpanel_schema, name)

    assert name == "RESERVED" or found.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt import fails as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'Evnet'"):
        mixpanel_schema.Evnet  # noqa: B018  # reading it is the test


def test_importing_loads_no_tools() -> None:
    """What only tools need is left alone, and so are slow modules."""
    heavy = "json ast difflib decimal uuid importlib.metadata mixpanel_schema.reserved"
    code = f"""
import sys
before = set(sys.modules)
import mixpanel_schema
print(*sorted((set(sys.modules) - before) & set({heavy.split()!r})))
"""
    # Without site, whose .pth files may load some of them for reasons of their own.
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() in ("", "ast")  # inspect, of dataclasses, may load ast
