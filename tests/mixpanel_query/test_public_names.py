"""Tests of what `import mixpanel_query` gives, and what it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mixpanel_query


def imported_by(code: str) -> set[str]:
    """The modules that a fresh Python has imported after ``code``."""
    code += "\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_all_is_sorted() -> None:
    """The list of public names is in order."""
    assert mixpanel_query.__all__ == sorted(mixpanel_query.__all__)


def test_all_is_what_was_promised() -> None:
    """No public name comes or goes unnoticed."""
    assert mixpanel_query.__all__ == [
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


@pytest.mark.parametrize("name", mixpanel_query.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    """Each public name is there and is called so."""
    assert getattr(mixpanel_query, name).__name__ == name
    assert name in dir(mixpanel_query)


def test_unknown_name() -> None:
    """A name that is not there is missed as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        mixpanel_query.Nope  # type: ignore[attr-defined]  # noqa: B018


def test_import_is_light() -> None:
    """Importing the package, its errors or its credentials imports no httpx."""
    modules = imported_by(
        "import mixpanel_query, mixpanel_query.exceptions\n"
        "mixpanel_query.exceptions.InvalidQueryError\n"
        "from mixpanel_query import ServiceAccount, Window"
    )

    assert not modules & {"httpx", "click", "duckdb", "rich", "mixpanel_schema"}


def test_client_needs_no_engine() -> None:
    """A client imports httpx and neither the command nor the local project."""
    modules = imported_by("from mixpanel_query import AsyncClient, Client")

    assert "httpx" in modules
    assert not modules & {"duckdb", "mixpanel_query.command", "mixpanel_query.local"}


def test_client_imports_what_it_is_asked() -> None:
    """What reads reports, activity and annotations is imported with the question."""
    modules = imported_by("from mixpanel_query import AsyncClient, Client")

    read = {"activity", "annotations", "cohorts", "frequency", "funnels", "insights"}
    assert not modules & {f"mixpanel_query.{name}" for name in {*read, "retention"}}


def test_exceptions_need_no_import_of_their_own() -> None:
    """``mixpanel_query.exceptions`` is there once the package is imported."""
    from mixpanel_query import exceptions

    assert mixpanel_query.__getattr__("exceptions") is exceptions
