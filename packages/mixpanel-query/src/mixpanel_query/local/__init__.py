"""A Mixpanel project that runs on one machine.

    with LocalProject() as project:
        project.load("events.jsonl.gz")
        client = Client(credentials, base_url=project.base_url)

It needs the extra ``local``: ``pip install 'mixpanel-query[local]'``. Nothing is
imported before one of the names is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_query.local.exceptions import LocalProjectError

if TYPE_CHECKING:
    from mixpanel_query.local.project import LocalProject

__all__ = ["LocalProject", "LocalProjectError"]


def __getattr__(name: str) -> object:
    """Import ``LocalProject`` when it is asked for, as DuckDB costs 0.2 seconds."""
    if name != "LocalProject":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    try:
        from mixpanel_query.local.project import LocalProject
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing == "mixpanel_query":
            raise
        message = (
            f"the local project needs {missing}, which is not installed; "
            "run: pip install 'mixpanel-query[local]'"
        )
        raise ModuleNotFoundError(message, name=error.name) from error
    return LocalProject
