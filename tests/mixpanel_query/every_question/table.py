"""Every question of both clients, with a text of the caller's wherever one goes.

`test_hostile_input` puts each of them to a server with texts that would break out of
where they stand, tests/contract with plain ones. A method with parameters that
exclude one another has several rows; together they give every parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixpanel_query import (
    Expression,
    LexiconEntry,
    event_property,
    jql,
    user_property,
)

SCRIPT = "function main() { return People().filter((item) => params.a); }"
DAYS = ("2026-11-09", "2026-11-15")


@dataclass(frozen=True)
class Question:
    """One way to ask with one method.

    Attributes:
        method: Name of the method of both clients.
        ask: Calls it on a client, with a text, and with a folder to write to.
        label: What is different from the other questions with this method.
        takes_text: Whether a text of the caller's goes into the request.
        is_documented: Whether Mixpanel's own files describe it.
    """

    method: str
    ask: Callable[[Any, str, Path], Any]
    label: str = ""
    takes_text: bool = True
    is_documented: bool = True

    def __str__(self) -> str:
        """The name of the test."""
        return f"{self.method} {self.label}".strip()


def meeting(text: str) -> Expression:
    """A condition with the text in every place that a text can have."""
    return (event_property(text) == text) | user_property(text).in_([text, "b"])


def built(text: str) -> jql.Query:
    """A query of events, in JQL."""
    which = event_property(text) == text
    selector = {"event": text, "selector": which, "label": text}
    keep = jql.js("(item) => item.name == params.wanted", wanted=text)
    numbers = jql.to_number(jql.prop(text))
    return (
        jql.events(*DAYS, event_selectors=[selector])
        .filter(keep)
        .group_by([jql.prop(text)], jql.reducer.sum(numbers))
    )


def joined(text: str) -> jql.Query:
    """A query of events together with profiles, in JQL."""
    who = jql.people(where=user_property(text) == text)
    selector = {"event": text, "selector": meeting(text)}
    return jql.join(jql.events(*DAYS, events=[text]), who, selectors=[selector])


def describing(text: str) -> LexiconEntry:
    """What is to be uploaded to Lexicon."""
    metadata = {"displayName": text, "tags": [text], "contacts": [text]}
    schema = {
        "description": text,
        "properties": {text[:255]: {"type": "string", "description": text}},
        "metadata": {"com.mixpanel": {**metadata, "teamContacts": [text]}},
    }
    return LexiconEntry("event", text[:255], schema)


QUESTIONS = [
    Question(
        "events",
        lambda client, text, folder: client.events([text, "b"], *DAYS, type="unique"),
    ),
    Question(
        "event_names",
        lambda client, text, folder: client.event_names(type="unique", limit=9),
        takes_text=False,
    ),
    Question(
        "segmentation",
        lambda client, text, folder: client.segmentation(
            text,
            *DAYS,
            on=event_property(text),
            where=meeting(text),
            unit="day",
            type="unique",
            limit=9,
        ),
    ),
    Question(
        "segmentation",
        lambda client, text, folder: client.segmentation(
            text, *DAYS, where=text, interval=7, type="unique"
        ),
        "interval",
    ),
    Question(
        "events",
        lambda client, text, folder: client.events(text, unit="week", interval=2),
        "interval",
    ),
    Question(
        "top_events",
        lambda client, text, folder: client.top_events(type="unique", limit=9),
        takes_text=False,
    ),
    Question(
        "event_names",
        lambda client, text, folder: client.event_names(
            from_date=DAYS[0], to_date=DAYS[1]
        ),
        "of a window",
        takes_text=False,
    ),
    Question(
        "event_properties",
        lambda client, text, folder: client.event_properties(
            text, text, *DAYS, values=[text, "b"], type="unique", unit="month", limit=9
        ),
    ),
    Question(
        "event_properties",
        lambda client, text, folder: client.event_properties(text, text, interval=2),
        "interval",
    ),
    Question(
        "property_names",
        lambda client, text, folder: client.property_names(text, limit=9),
    ),
    Question(
        "property_values",
        lambda client, text, folder: client.property_values(text, text, limit=9),
    ),
    Question(
        "segmentation_numeric",
        lambda client, text, folder: client.segmentation_numeric(
            text, *DAYS, event_property(text), where=meeting(text), type="average"
        ),
    ),
    Question(
        "segmentation_sum",
        lambda client, text, folder: client.segmentation_sum(
            text, *DAYS, event_property(text) * 2, where=meeting(text), unit="day"
        ),
    ),
    Question(
        "segmentation_average",
        lambda client, text, folder: client.segmentation_average(
            text, *DAYS, event_property(text), where=meeting(text)
        ),
    ),
    Question(
        "export",
        lambda client, text, folder: client.export(
            *DAYS, events=text, where=meeting(text), limit=9, time_in_ms=True
        ),
    ),
    Question(
        "export_to",
        lambda client, text, folder: client.export_to(
            folder, "2020-10-13", "2020-10-13", events=[text], where=meeting(text)
        ),
    ),
    Question(
        "funnels", lambda client, text, folder: client.funnels(), takes_text=False
    ),
    Question(
        "funnel",
        lambda client, text, folder: client.funnel(
            1,
            *DAYS,
            length=3,
            length_unit="day",
            on=event_property(text),
            where=meeting(text),
            unit="day",
            limit=9,
        ),
    ),
    Question(
        "funnel",
        lambda client, text, folder: client.funnel(1, *DAYS, interval=2, where=text),
        "interval",
    ),
    Question(
        "retention",
        lambda client, text, folder: client.retention(
            *DAYS,
            born_event=text,
            event="b",
            born_where=event_property("b") == text,
            where=event_property(text) == "b",
            interval_count=3,
            unit="day",
            unbounded_retention=True,
            on=event_property(text),
            limit=9,
        ),
    ),
    Question(
        "retention",
        lambda client, text, folder: client.retention(
            *DAYS, retention_type="compounded", event=text, interval=2
        ),
        "interval",
    ),
    Question(
        "frequency",
        lambda client, text, folder: client.frequency(
            *DAYS,
            unit="week",
            addiction_unit="day",
            event=text,
            where=meeting(text),
            on=event_property(text),
            limit=9,
        ),
    ),
    Question(
        "insights",
        lambda client, text, folder: client.insights(99),
        takes_text=False,
    ),
    Question(
        "activity",
        lambda client, text, folder: client.activity([text, "b"], *DAYS),
    ),
    Question(
        "jql",
        lambda client, text, folder: client.jql(SCRIPT, {text: [text, {text: text}]}),
    ),
    Question("jql", lambda client, text, folder: client.jql(built(text)), "built"),
    Question("jql", lambda client, text, folder: client.jql(joined(text)), "joined"),
    Question(
        "iter_jql",
        lambda client, text, folder: client.iter_jql(SCRIPT, {text: [text]}),
    ),
    Question(
        "cohorts", lambda client, text, folder: client.cohorts(), takes_text=False
    ),
    Question(
        "projects",
        lambda client, text, folder: client.projects(),
        takes_text=False,
        is_documented=False,
    ),
    Question(
        "profiles",
        lambda client, text, folder: client.profiles(
            where=event_property(text) == text,
            output_properties=[text],
            filter_by_cohort=7,
            include_all_users=False,
        ),
    ),
    Question(
        "profiles",
        lambda client, text, folder: client.profiles(distinct_id=text),
        "distinct_id",
    ),
    Question(
        "profiles",
        lambda client, text, folder: client.profiles(
            distinct_ids=[text, "b"], data_group_id=678
        ),
        "distinct_ids",
    ),
    Question(
        "profiles",
        lambda client, text, folder: client.profiles(
            behaviors=[{"window": "90d", "name": text, "event_selectors": []}],
            as_of_timestamp=1_790_000_000,
        ),
        "behaviors",
    ),
    Question(
        "profile_by_email",
        lambda client, text, folder: client.profile_by_email(text),
    ),
    Question(
        "annotations",
        lambda client, text, folder: client.annotations(*DAYS),
        takes_text=False,
    ),
    Question(
        "annotation",
        lambda client, text, folder: client.annotation(7),
        takes_text=False,
    ),
    Question(
        "create_annotation",
        lambda client, text, folder: client.create_annotation(
            "2026-11-09", text, tags=[7]
        ),
    ),
    Question(
        "update_annotation",
        lambda client, text, folder: client.update_annotation(
            7, description=text, tags=[8]
        ),
    ),
    Question(
        "delete_annotation",
        lambda client, text, folder: client.delete_annotation(7),
        takes_text=False,
    ),
    Question(
        "annotation_tags",
        lambda client, text, folder: client.annotation_tags(),
        takes_text=False,
    ),
    Question(
        "create_annotation_tag",
        lambda client, text, folder: client.create_annotation_tag(text),
    ),
    Question(
        "lexicon", lambda client, text, folder: client.lexicon(), takes_text=False
    ),
    Question(
        "lexicon",
        lambda client, text, folder: client.lexicon(
            entity_type="event", entity_name=text
        ),
        "entity_name",
    ),
    Question(
        "lexicon_entry",
        lambda client, text, folder: client.lexicon_entry("event", text),
    ),
    Question(
        "upload_lexicon",
        lambda client, text, folder: client.upload_lexicon([describing(text)]),
    ),
    Question(
        "upload_lexicon_entry",
        lambda client, text, folder: client.upload_lexicon_entry(
            "event", text, describing(text).schema
        ),
    ),
    Question(
        "delete_lexicon_entry",
        lambda client, text, folder: client.delete_lexicon_entry("event", text),
    ),
    Question(
        "delete_lexicon",
        lambda client, text, folder: client.delete_lexicon(entity_type="event"),
        takes_text=False,
    ),
    Question(
        "delete_lexicon",
        lambda client, text, folder: client.delete_lexicon(everything=True),
        "everything",
        takes_text=False,
    ),
]

# Public names of the clients that ask nothing.
NO_QUESTIONS = {"aclose", "budget", "close", "from_env", "plan_export_to"}
