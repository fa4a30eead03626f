"""Cohorts: groups of profiles that a project has saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.records import Records
from mixpanel_query.wire import Answer, Flow, QueryRequest

__all__ = ["Cohort", "list_cohorts"]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort that somebody saved.

    Attributes:
        id: Its number, for ``profiles``.
        name: Its name.
        description: What somebody wrote about it; empty if nobody did.
        count: How many profiles are in it.
        created: When it was saved, as Mixpanel says it: without a timezone, because
            its documents name none.
        is_visible: Whether Mixpanel shows it.
        project_id: The number of its project.

    >>> made = datetime(2019, 3, 19, 23, 49, 51)
    >>> Cohort(1000, "Cohort One", "", 150, made, True, 1).to_dict()["count"]
    150
    """

    id: int
    name: str
    description: str
    count: int
    created: datetime
    is_visible: bool
    project_id: int

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {
            "id": self.id,
            "name": self.name,
            "count": self.count,
            "created": self.created,
            "is_visible": self.is_visible,
            "description": self.description,
            "project_id": self.project_id,
        }


def list_cohorts() -> Flow[Records[Cohort]]:
    """List the cohorts of a project.

    https://developer.mixpanel.com/reference/cohorts-list
    """
    answer = yield QueryRequest("/api/query/cohorts/list", method="POST")
    if not isinstance(answer.body, list):
        raise answer.unreadable("not a list of cohorts")
    return Records(read_cohort(answer, document) for document in answer.body)


def read_cohort(answer: Answer, document: object) -> Cohort:
    """Read one cohort of an answer."""
    fields = AnswerFields(answer, "a cohort", document)
    created = fields.text("created")
    try:
        moment = datetime.fromisoformat(created)
    except ValueError as error:
        raise fields.wrong("created", "time") from error
    return Cohort(
        fields.whole("id"),
        fields.text("name"),
        fields.text_or_none("description") or "",
        fields.whole("count"),
        moment,
        fields.flag("is_visible"),
        fields.whole("project_id"),
    )
