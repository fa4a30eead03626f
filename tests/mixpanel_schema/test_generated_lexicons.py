"""Documents of all kinds come back, or are refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema import MixpanelSchemaError
from mixpanel_schema.lexicon import from_lexicon, to_lexicon

from .lexicon_entries import entry, metadata

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NAMES = TEXT.filter(lambda text: bool(text.strip()))
PROPERTY_METADATA = {
    "displayName": TEXT | st.none(),
    "hidden": st.booleans() | st.none(),
}
ENTITY_METADATA = {
    **PROPERTY_METADATA,
    "$source": TEXT,
    "tags": st.lists(TEXT, max_size=2) | st.none(),
    "contacts": st.lists(TEXT, max_size=2),
    "teamContacts": st.lists(TEXT, max_size=2),
}
TYPES = st.sampled_from(
    ["array", "boolean", "integer", "null", "number", "object", "string"]
)

PROPERTIES = st.dictionaries(
    NAMES,
    st.fixed_dictionaries(
        {"type": TYPES},
        optional={"description": TEXT, "metadata": metadata(PROPERTY_METADATA)},
    )
    | st.just({"type": "string", "format": "date-time"}),
    max_size=4,
)
SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "description": TEXT | st.just(""),
        "properties": PROPERTIES,
        "required": st.lists(NAMES, max_size=2),
        "metadata": metadata(ENTITY_METADATA),
    },
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Make documents of what Lexicon can hold, requiring real properties too."""
    events = draw(st.dictionaries(NAMES, SCHEMAS, max_size=4))
    entries = [entry(name, schema) for name, schema in events.items()]
    if draw(st.booleans()):
        entries.append(entry("$user", draw(SCHEMAS), "profile"))
    for made in entries:
        listed = list(made["schemaJson"].get("properties", {}))
        if listed and draw(st.booleans()):
            made["schemaJson"]["required"] = draw(st.permutations(listed))
    return {"entries": entries, "truncate": False}


@given(documents())
def test_all_that_lexicon_holds_comes_back(document: dict[str, Any]) -> None:
    """Reading a document and writing it again loses nothing."""
    assert to_lexicon(from_lexicon(document)) == document


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "properties", "required", "metadata", "com.mixpanel", "tags"]
            )
            | st.text(max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON | st.builds(lambda schema: {"entries": [entry("A", schema)]}, JSON))
def test_any_other_document_is_refused_in_our_words(document: Any) -> None:  # noqa: ANN401  # that is the point
    """No document brings another exception than ours."""
    try:
        written = to_lexicon(from_lexicon(document))
    except MixpanelSchemaError:
        return

    assert written["truncate"] is False
