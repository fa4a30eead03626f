"""Tables of the names that the catalogues of mixpanel-schema have ready-made.

A page asks for one by a line such as ``<!-- names of EventProperties -->``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

SOURCE = Path(__file__).parents[2] / "packages" / "mixpanel-schema" / "src"
ASKED = re.compile(r"^<!-- names of (\w+) -->$", re.M)


def on_page_markdown(
    markdown: str, *, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Put the tables in the place of what asks for them."""
    return ASKED.sub(lambda asked: "\n".join(table(asked[1])), markdown)


def table(catalogue: str) -> Iterator[str]:
    """Write the table of a catalogue, a line for each attribute."""
    # The package depends on nothing, so that its sources are all it takes.
    sys.path.insert(0, str(SOURCE))
    import mixpanel_schema
    from mixpanel_schema.catalogues import members

    yield "| attribute | name in Mixpanel | meaning |"
    yield "| --- | --- | --- |"
    kind: type[mixpanel_schema.Event | mixpanel_schema.Property] = (
        mixpanel_schema.Event if catalogue == "Events" else mixpanel_schema.Property
    )
    for attribute, name in members(getattr(mixpanel_schema, catalogue), kind).items():
        personal = " Personal data." if getattr(name, "pii", False) else ""
        cells = (f"`{attribute}`", f"`{name.name}`", f"{name.description}{personal}")
        yield f"| {' | '.join(cells)} |"
