"""Annotations and their tags, as Mixpanel answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mixpanel_query.answer_fields import AnswerFields

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = [
    "Annotation",
    "AnnotationTag",
    "AnnotationUser",
    "read_annotation",
    "read_tag",
]


@dataclass(frozen=True, slots=True)
class AnnotationUser:
    """Whoever made an annotation.

    Attributes:
        id: Their number; None if Mixpanel does not say it.
        first_name: Their first name; empty if Mixpanel does not say it.
        last_name: Their last name, the same.

    >>> AnnotationUser(7, "John", "Smith").name
    'John Smith'
    """

    id: int | None
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class AnnotationTag:
    """A tag of annotations.

    Attributes:
        id: Its number, for making and changing annotations.
        name: Its text.
        project_id: The number of its project; None where Mixpanel does not say it, as
            in an annotation.
        has_annotations: Whether an annotation has it; None in the same places.

    >>> AnnotationTag(3, "release").to_dict()["name"]
    'release'
    """

    id: int
    name: str
    project_id: int | None = None
    has_annotations: bool | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {
            "id": self.id,
            "name": self.name,
            "has_annotations": self.has_annotations,
            "project_id": self.project_id,
        }


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note at a point in time, which Mixpanel shows in its charts.

    Attributes:
        id: Its number.
        date: Its time, as Mixpanel says it: without a timezone, because its documents
            name none.
        description: Its text.
        user: Who made it; None if Mixpanel does not say it.
        tags: Its tags.

    >>> noon = datetime(2022, 2, 15, 12)
    >>> Annotation(5, noon, "Release 2.0", None, ()).to_dict()["description"]
    'Release 2.0'
    """

    id: int
    date: datetime
    description: str
    user: AnnotationUser | None
    tags: tuple[AnnotationTag, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names; ``user`` and ``tags`` as names."""
        return {
            "id": self.id,
            "date": self.date,
            "description": self.description,
            "user": None if self.user is None else self.user.name,
            "tags": [tag.name for tag in self.tags],
        }


def read_annotation(answer: Answer, document: object) -> Annotation:
    """Read one annotation of an answer.

    Raises:
        UnreadableAnswerError: If it is not as documented.
    """
    fields = AnswerFields(answer, "an annotation", document)
    text = fields.text("date")
    try:
        date = datetime.fromisoformat(text)
    except ValueError as error:
        raise fields.wrong("date", "time") from error
    tags = fields.several("tags") if fields.document.get("tags") is not None else ()
    return Annotation(
        fields.whole("id"),
        date,
        fields.text("description"),
        read_user(answer, fields.document.get("user")),
        tuple(read_tag(answer, tag) for tag in tags),
    )


def read_user(answer: Answer, document: object) -> AnnotationUser | None:
    """Read who made an annotation."""
    if document is None:
        return None
    fields = AnswerFields(answer, "a user", document)
    return AnnotationUser(
        fields.whole_or_none("id"),
        fields.text_or_none("first_name") or "",
        fields.text_or_none("last_name") or "",
    )


def read_tag(answer: Answer, document: object) -> AnnotationTag:
    """Read one tag of an answer.

    Raises:
        UnreadableAnswerError: If it is not as documented.
    """
    fields = AnswerFields(answer, "a tag", document)
    has_annotations = fields.document.get("has_annotations")
    return AnnotationTag(
        fields.whole("id"),
        fields.text("name"),
        fields.whole_or_none("project_id"),
        None if has_annotations is None else fields.flag("has_annotations"),
    )
