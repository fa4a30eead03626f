"""Ask Mixpanel questions from Python, or a Mixpanel project on this machine.

The names below are the public ones, and so is all of `mixpanel_query.exceptions`
and of `mixpanel_query.jql`. They are imported on first use, so that importing the
package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_query.activity import ActivityEvent
    from mixpanel_query.annotation_entries import (
        Annotation,
        AnnotationTag,
        AnnotationUser,
    )
    from mixpanel_query.budget import Allowance, Budget, BudgetStatus
    from mixpanel_query.clients import AsyncClient, Client
    from mixpanel_query.cohorts import Cohort
    from mixpanel_query.credentials import OAuthToken, ProjectSecret, ServiceAccount
    from mixpanel_query.drift import Drift, DriftFinding, find_drift
    from mixpanel_query.event_properties import TopProperty
    from mixpanel_query.events import TopEvent
    from mixpanel_query.export_files import (
        ExportedDay,
        ExportedFiles,
        ExportPlan,
        ExportProgress,
    )
    from mixpanel_query.exported_events import ExportedEvent
    from mixpanel_query.expressions import (
        Expression,
        behavior,
        event_property,
        event_time,
        profile_property,
        user_property,
    )
    from mixpanel_query.frequency import Frequency
    from mixpanel_query.funnel_steps import Funnel, FunnelStep
    from mixpanel_query.funnels import SavedFunnel
    from mixpanel_query.insights import Insight
    from mixpanel_query.lexicon import Lexicon, LexiconEntry, LexiconUpload
    from mixpanel_query.number_series import AverageSeries, SumSeries
    from mixpanel_query.profiles import Profile
    from mixpanel_query.projects import Project
    from mixpanel_query.pyramid_settings import MixpanelQuery
    from mixpanel_query.records import Records
    from mixpanel_query.retained_users import RetainedUsers, Retention
    from mixpanel_query.retrying import RetryPolicy
    from mixpanel_query.time_series import TimeSeries
    from mixpanel_query.window import Window

__all__ = [
    "ActivityEvent",
    "Allowance",
    "Annotation",
    "AnnotationTag",
    "AnnotationUser",
    "AsyncClient",
    "AverageSeries",
    "Budget",
    "BudgetStatus",
    "Client",
    "Cohort",
    "Drift",
    "DriftFinding",
    "ExportPlan",
    "ExportProgress",
    "ExportedDay",
    "ExportedEvent",
    "ExportedFiles",
    "Expression",
    "Frequency",
    "Funnel",
    "FunnelStep",
    "Insight",
    "Lexicon",
    "LexiconEntry",
    "LexiconUpload",
    "MixpanelQuery",
    "OAuthToken",
    "Profile",
    "Project",
    "ProjectSecret",
    "Records",
    "RetainedUsers",
    "Retention",
    "RetryPolicy",
    "SavedFunnel",
    "ServiceAccount",
    "SumSeries",
    "TimeSeries",
    "TopEvent",
    "TopProperty",
    "Window",
    "behavior",
    "event_property",
    "event_time",
    "find_drift",
    "profile_property",
    "user_property",
]

HOMES = {
    "ActivityEvent": "activity",
    "Allowance": "budget",
    "Annotation": "annotation_entries",
    "AnnotationTag": "annotation_entries",
    "AnnotationUser": "annotation_entries",
    "AsyncClient": "clients",
    "AverageSeries": "number_series",
    "Budget": "budget",
    "BudgetStatus": "budget",
    "Client": "clients",
    "Cohort": "cohorts",
    "Drift": "drift",
    "DriftFinding": "drift",
    "ExportPlan": "export_files",
    "ExportProgress": "export_files",
    "ExportedDay": "export_files",
    "ExportedEvent": "exported_events",
    "ExportedFiles": "export_files",
    "Expression": "expressions",
    "Frequency": "frequency",
    "Funnel": "funnel_steps",
    "FunnelStep": "funnel_steps",
    "Insight": "insights",
    "Lexicon": "lexicon",
    "LexiconEntry": "lexicon",
    "LexiconUpload": "lexicon",
    "MixpanelQuery": "pyramid_settings",
    "OAuthToken": "credentials",
    "Profile": "profiles",
    "Project": "projects",
    "ProjectSecret": "credentials",
    "Records": "records",
    "RetainedUsers": "retained_users",
    "Retention": "retained_users",
    "RetryPolicy": "retrying",
    "SavedFunnel": "funnels",
    "ServiceAccount": "credentials",
    "SumSeries": "number_series",
    "TimeSeries": "time_series",
    "TopEvent": "events",
    "TopProperty": "event_properties",
    "Window": "window",
    "behavior": "expressions",
    "event_property": "expressions",
    "event_time": "expressions",
    "find_drift": "drift",
    "profile_property": "expressions",
    "user_property": "expressions",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    from importlib import import_module

    if name in ("exceptions", "jql"):
        return import_module(f"{__name__}.{name}")
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
