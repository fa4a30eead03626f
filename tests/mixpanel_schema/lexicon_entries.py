"""Entries of a Lexicon document."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def entry(name: str, schema: dict[str, Any], kind: str = "event") -> dict[str, Any]:
    """Make an entry of a document."""
    return {"entityType": kind, "name": name, "schemaJson": schema}


def metadata(keys: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Make metadata with some of the keys."""
    inner = st.fixed_dictionaries({}, optional=keys)
    return st.fixed_dictionaries({"com.mixpanel": inner})
