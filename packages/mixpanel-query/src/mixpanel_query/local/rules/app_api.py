"""Rules of the App API: annotations, Lexicon, and the account."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import REFERENCE, Rule

__all__ = ["APP_API"]

APP_API: Final = (
    Rule(
        "annotations",
        "documented",
        "Annotations and their tags are listed, made, changed and deleted.",
        f"{REFERENCE}list-all-annotations-for-project",
    ),
    Rule(
        "tags-of-one-name",
        "assumed",
        "Making a tag whose name there is gives the one that there is.",
        "The documentation does not speak of it.",
    ),
    Rule(
        "lexicon",
        "documented",
        "Schemas are listed, uploaded and deleted; metadata that an upload leaves out "
        "stay, and those that are null go. One schema is answered bare.",
        f"{REFERENCE}lexicon-schemas-api",
    ),
    Rule(
        "schema-keywords",
        "assumed",
        "Keywords of JSON Schema that the documentation does not list are kept.",
        f"{REFERENCE}upload-schemas-for-project forbids them, and has some in its "
        "examples.",
    ),
    Rule(
        "account",
        "observed",
        "/api/app/me gives the project, its name and its timezone.",
        "mixpanel_headless 0.4.0 reads them.",
    ),
)
