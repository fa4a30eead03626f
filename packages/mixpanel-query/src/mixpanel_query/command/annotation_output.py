"""Prints annotations and their tags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mixpanel_query.annotation_entries import Annotation, AnnotationTag
from mixpanel_query.annotations import planned_document
from mixpanel_query.command.output import print_records

__all__ = ["print_annotations", "print_plan", "print_tags"]

COLUMNS = ["id", "date", "description", "user", "tags"]
TAG_COLUMNS = ["id", "name", "has_annotations"]


def print_annotations(found: Sequence[Annotation], *, shape: str) -> None:
    """Print annotations; a table has the names of their tags, one after another."""
    rows = [each.to_dict() for each in found]
    if shape in ("table", "csv"):
        for row, each in zip(rows, found, strict=True):
            row["date"] = str(each.date)
            row["tags"] = ", ".join(tag.name for tag in each.tags)
    print_records(rows, COLUMNS, shape=shape)


def print_plan(
    when: str | date, description: str, tags: list[AnnotationTag | int], *, shape: str
) -> None:
    """Print what would be sent to make an annotation."""
    document = planned_document(when, description, tags)
    print_records([document], list(document), shape=shape)


def print_tags(found: Sequence[AnnotationTag], *, shape: str) -> None:
    """Print tags."""
    columns = TAG_COLUMNS if shape == "table" else [*TAG_COLUMNS, "project_id"]
    print_records([tag.to_dict() for tag in found], columns, shape=shape)
