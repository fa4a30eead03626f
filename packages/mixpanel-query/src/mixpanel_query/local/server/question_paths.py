"""Which path asks which question, and which paths have no answer here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from mixpanel_query.local.app_api.annotation_tags import create_tag, list_tags
from mixpanel_query.local.app_api.annotations import (
    create_annotation,
    delete_annotation,
    get_annotation,
    list_annotations,
    update_annotation,
)
from mixpanel_query.local.app_api.lexicon import (
    delete_schema,
    delete_schemas,
    get_schema,
    list_schemas,
    upload_schema,
    upload_schemas,
)
from mixpanel_query.local.app_api.requests import AppRequest
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.ingestion.arrivals import Answer
from mixpanel_query.local.questions import (
    event_counts,
    event_properties,
    segmentation,
    segmentation_numbers,
)
from mixpanel_query.local.questions.activity import answer_activity
from mixpanel_query.local.questions.frequency import answer_frequency
from mixpanel_query.local.questions.funnels import answer_funnel
from mixpanel_query.local.questions.insights import answer_insights
from mixpanel_query.local.questions.retention import answer_retention
from mixpanel_query.local.questions.top_events import answer_top_events
from mixpanel_query.local.saved.funnels import answer_funnel_list
from mixpanel_query.local.server.path_texts import ANY_TEXT
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["APP_CALLS", "QUESTIONS", "UNANSWERED", "AppCall", "Question"]

# From the parameters of a question to the JSON of its answer.
Question: TypeAlias = Callable[[Engine, Mapping[str, str], ProjectSettings], object]
AppCall: TypeAlias = Callable[[Engine, ProjectSettings, AppRequest], Answer]

# What is asked with GET, below /api/query/.
QUESTIONS: Final[dict[str, Question]] = {
    "events": event_counts.answer_events,
    "events/names": event_counts.answer_names,
    "events/top": answer_top_events,
    "events/properties": event_properties.answer_properties,
    "events/properties/top": event_properties.answer_property_names,
    "events/properties/values": event_properties.answer_property_values,
    "segmentation": segmentation.answer_segmentation,
    "segmentation/numeric": segmentation_numbers.answer_numeric,
    "segmentation/sum": segmentation_numbers.answer_sum,
    "segmentation/average": segmentation_numbers.answer_average,
    "funnels": answer_funnel,
    "funnels/list": answer_funnel_list,
    "retention": answer_retention,
    "retention/addiction": answer_frequency,
    "insights": answer_insights,
    "stream/query": answer_activity,
}

# An entity's name may have slashes, and whatever else its sender put into it.
SCHEMA: Final = f"schemas/{{kind}}/{{item:{ANY_TEXT}}}"

# What is asked of the App API, below /api/app/projects/{project_id}/.
APP_CALLS: Final[dict[tuple[str, str], AppCall]] = {
    ("GET", "annotations"): list_annotations,
    ("POST", "annotations"): create_annotation,
    ("GET", "annotations/tags"): list_tags,
    ("POST", "annotations/tags"): create_tag,
    ("GET", "annotations/{item}"): get_annotation,
    ("PATCH", "annotations/{item}"): update_annotation,
    ("DELETE", "annotations/{item}"): delete_annotation,
    ("GET", "schemas"): list_schemas,
    ("POST", "schemas"): upload_schemas,
    ("DELETE", "schemas"): delete_schemas,
    ("GET", "schemas/{kind}"): list_schemas,
    ("DELETE", "schemas/{kind}"): delete_schemas,
    ("GET", SCHEMA): get_schema,
    ("POST", SCHEMA): upload_schema,
    ("DELETE", SCHEMA): delete_schema,
}

# Mixpanel has these; the local project does not.
UNANSWERED: Final = (
    f"/api/query/{{rest:{ANY_TEXT}}}",
    f"/api/2.0/{{rest:{ANY_TEXT}}}",
    f"/api/app/{{rest:{ANY_TEXT}}}",
    "/lookup-tables",
    f"/lookup-tables/{{rest:{ANY_TEXT}}}",
    "/decide",
    "/record",
    "/settings",
)
