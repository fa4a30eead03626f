"""Documents made of a tracking plan: for people, for frontends, for other tools."""

from mixpanel_schema.documents.csv_table import to_csv
from mixpanel_schema.documents.json_schema import event_json_schema, to_json_schema
from mixpanel_schema.documents.markdown import to_markdown
from mixpanel_schema.documents.typescript import to_typescript

__all__ = [
    "event_json_schema",
    "to_csv",
    "to_json_schema",
    "to_markdown",
    "to_typescript",
]
