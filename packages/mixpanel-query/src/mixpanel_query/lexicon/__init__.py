"""Lexicon, Mixpanel's data dictionary: read it, upload a tracking plan, delete.

https://developer.mixpanel.com/reference/lexicon-schemas-api
"""

from __future__ import annotations

from mixpanel_query.lexicon.changes import LexiconChange, LexiconUpload, ValueChange
from mixpanel_query.lexicon.entries import Lexicon, LexiconEntry
from mixpanel_query.lexicon.questions import (
    delete_entry,
    delete_schemas,
    list_schemas,
    read_entry,
)
from mixpanel_query.lexicon.uploading import upload_entry, upload_schemas
from mixpanel_query.lexicon.wanted import Uploadable

__all__ = [
    "Lexicon",
    "LexiconChange",
    "LexiconEntry",
    "LexiconUpload",
    "Uploadable",
    "ValueChange",
    "delete_entry",
    "delete_schemas",
    "list_schemas",
    "read_entry",
    "upload_entry",
    "upload_schemas",
]
