"""Projects: which ones an account may ask, and in which timezone their days begin.

Mixpanel's App API answers this, and documents it nowhere; clients of others read the
same fields, as https://pypi.org/project/mixpanel-headless/ does.
"""

from __future__ import annotations

from dataclasses import dataclass

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.records import Records
from mixpanel_query.wire import Answer, Flow, QueryRequest

__all__ = ["Project", "list_projects"]


@dataclass(frozen=True, slots=True)
class Project:
    """A project that an account may ask.

    Attributes:
        id: Its number.
        name: Its name; empty if Mixpanel did not say.
        timezone: IANA name of the timezone in which its days begin, such as
            ``US/Pacific``; None if Mixpanel did not say.

    >>> Project(12345, "Shop", "Europe/London").to_dict()["timezone"]
    'Europe/London'
    """

    id: int
    name: str
    timezone: str | None

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {"id": self.id, "name": self.name, "timezone": self.timezone}


def list_projects() -> Flow[Records[Project]]:
    """List the projects of an account, in order of their numbers."""
    answer = yield QueryRequest("/api/app/me", family="app", limits=())
    fields = AnswerFields(answer, "the answer", answer.body)
    results = AnswerFields(answer, "its results", fields.document.get("results"))
    projects = results.document.get("projects")
    if not isinstance(projects, dict):
        raise answer.unreadable("it has no projects by their numbers")
    found = [read_project(answer, *item) for item in projects.items()]
    return Records(sorted(found, key=lambda project: project.id))


def read_project(answer: Answer, number: str, document: object) -> Project:
    """Read one project of an answer."""
    fields = AnswerFields(answer, f"project {number[:20]}", document)
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        raise answer.unreadable(f"project {number[:20]!r} has no number for a name")
    return Project(
        int(number),
        fields.text_or_none("name") or "",
        fields.text_or_none("timezone") or None,
    )
