"""Reserved names: every row, its meaning, and what only the server may set."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from mixpanel_schema.reserved import (
    RESERVED,
    Place,
    ReservedScope,
    ScopeName,
    server_only,
)

FACTS = os.environ.get("RESERVED_NAMES_CSV")
needs_facts = pytest.mark.skipif(
    not FACTS, reason="RESERVED_NAMES_CSV names no table of facts to compare with"
)

SERVER_EVENT_PROPERTIES = [
    "$event_name",
    "$duration_s",
    "$event_count",
    "$origin_start",
    "$origin_end",
    "$mp_experiment_name",
    "$distinct_id_before_identity",
    "$is_reshuffled",
    "$preshuffle_distinct_id",
    "$failure_description",
    "$failure_reason",
    "$identity_failure_reason",
    "mp_original_distinct_id",
    "mp_original_event_name",
    "hotshard_distinct_id",
    "hotshard_group_key",
    "hotshard_group_display_name",
    "$mp_is_forwarded",
    "$mp_api_endpoint",
    "$import",
    "$mp_api_timestamp_ms",
    "mp_processing_time_ms",
    "$mp_event_size",
    "$bucket",
    "bucket",
]


def facts() -> list[dict[str, str]]:
    """Read the table of facts that the environment names."""
    assert FACTS is not None
    with Path(FACTS).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def declared_rows() -> list[tuple[str, ReservedScope]]:
    """List every name with each of its scopes."""
    return [(name, row) for name, found in RESERVED.items() for row in found.scopes]


@needs_facts
def test_every_row_of_the_facts_is_found_and_nothing_else() -> None:
    """Name, scope, type, display name and setter are those of the facts."""
    columns = ("name", "scope", "type", "display_name", "set_by")
    expected = Counter(tuple(row[column] for column in columns) for row in facts())

    assert expected == Counter(
        (name, row.scope, row.type, row.display_name, row.set_by)
        for name, row in declared_rows()
    )


def test_there_are_282_names_in_307_places() -> None:
    """No name and no row has been lost."""
    assert len(RESERVED) == 282
    assert len(declared_rows()) == 307


def test_each_scope_has_its_rows() -> None:
    """The rows are spread over the scopes as documented."""
    assert Counter(row.scope for _, row in declared_rows()) == {
        "event": 62,
        "event_default": 99,
        "event_default_python": 6,
        "event_name": 42,
        "event_group": 1,
        "profile": 28,
        "profile_default": 39,
        "profile_meta": 8,
        "group_meta": 3,
        "operation": 8,
        "query_response": 6,
        "value": 2,
        "lexicon": 2,
        "integration": 1,
    }
    assert {row.scope for _, row in declared_rows()} == set(get_args(ScopeName))


@pytest.mark.parametrize(
    ("name", "scope", "kind", "display_name", "set_by"),
    [
        ("$email", "profile", "string", "Email", "client"),
        ("$created", "profile", "date", "Created", "client"),
        ("$mp_first_event_time", "profile", "date", "First Seen", "server"),
        ("$transactions", "profile", "list of objects", "", "client"),
        ("$unsubscribed", "profile", "any", "", "client"),
        ("$CleverTap_user_id", "profile", "string", "", "client or integration"),
        ("$last_seen", "profile_default", "date", "Updated at", "ingestion API"),
        ("$timezone", "profile_default", "string", "Timezone", "ingestion API"),
        ("$lib_version", "profile_default", "string", "Library Version", "sdk: Unity"),
        ("token", "event", "string", "-", "client"),
        ("time", "event", "unix time", "Time or Date", "client"),
        ("$ignore", "event", "boolean", "n/a", "client"),
        ("$bucket", "event", "", "-", "reserved"),
        ("$distinct_ids", "event", "list", "Distinct Ids", "client"),
        ("Experiment name", "event", "string", "", "client or sdk"),
        ("Flag evaluation mode", "event", "string", "", "sdk: python flags"),
        ("$source", "event", "string", "Source", "integration"),
        ("$source", "lexicon", "string", "", "client"),
        ("mp_country_code", "event_default", "string", "Country", "ingestion API"),
        ("$wifi", "event_default", "boolean", "Wifi", "sdk: Android; iOS/Swift; Unity"),
        ("$clientX", "event_default", "number", "", "sdk: JavaScript autocapture"),
        ("utm_id", "event_default", "string", "UTM Parameters", "sdk: JavaScript"),
        ("time", "event_default_python", "number", "Time or Date", "sdk: python"),
        ("$merge", "event_name", "", "Merge", "client"),
        ("Session End", "event_name", "", "Session End", "server (virtual)"),
        ("Mailchimp - Sent To", "event_name", "", "", "integration: Mailchimp"),
        ("$all_mtu_events", "event_group", "", "", "server"),
        ("$ignore_time", "profile_meta", "boolean", "", "client"),
        ("$group_key", "group_meta", "string", "", "client"),
        ("$unset", "operation", "list", "", "client"),
        ("$custom_event:<id>", "query_response", "string", "", "server"),
        ("$direct", "value", "string", "", "sdk"),
        ("$mixpanel_session_id", "integration", "string", "", "client"),
    ],
)
def test_a_row_says_what_is_documented(
    name: str, scope: str, kind: str, display_name: str, set_by: str
) -> None:
    """Type, display name and setter of a name in one place are kept."""
    (row,) = [row for row in RESERVED[name].scopes if row.scope == scope]

    assert (row.type, row.display_name, row.set_by) == (kind, display_name, set_by)


def test_every_meaning_is_one_phrase() -> None:
    """A meaning is there, starts as a sentence does, and fits on a line."""
    odd = [
        (name, row.meaning)
        for name, row in declared_rows()
        if not row.meaning[:1].isupper()
        or len(row.meaning) > 60
        or row.meaning.endswith(".")
        or row.meaning != row.meaning.strip()
    ]

    assert odd == []


def test_the_meaning_of_a_name_in_one_place_is_that_of_the_row() -> None:
    """Nothing is added where there is only one meaning."""
    assert RESERVED["$email"].meaning == (
        "E-mail address; partners need it to write to the user"
    )


def test_one_meaning_in_two_places_is_said_once() -> None:
    """A name that means the same everywhere says so once."""
    assert RESERVED["$city"].meaning == "City, from the address or coordinates"


def test_several_meanings_are_said_with_their_places() -> None:
    """Each meaning is followed by where the name has it."""
    assert RESERVED["$token"].meaning == (
        "Project the profile belongs to (profile meta); "
        "Project the group belongs to (group meta)"
    )


def test_reserved_names_cannot_be_changed() -> None:
    """The mapping is read-only, as everybody shares it."""
    with pytest.raises(TypeError):
        RESERVED["$mine"] = RESERVED["$email"]  # type: ignore[index]


def test_importing_the_package_does_not_load_the_tables() -> None:
    """An app that never asks for reserved names does not pay for them."""
    code = (
        "import sys, mixpanel_schema;"
        "print(sorted(m for m in sys.modules if m.startswith('mixpanel_schema.res')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", SERVER_EVENT_PROPERTIES)
def test_event_properties_of_the_server_are_its_own(name: str) -> None:
    """What the server works out, notes at arrival or forbids, no app sets."""
    assert server_only(name, "event")


@pytest.mark.parametrize("place", ["profile", "group"])
@pytest.mark.parametrize("name", ["$mp_first_event_time", "$campaigns", "$last_seen"])
def test_profile_properties_of_the_server_are_its_own(name: str, place: Place) -> None:
    """What the server keeps about users and groups, no app sets."""
    assert server_only(name, place)


@pytest.mark.parametrize(
    "name", ["$hotshard_events", "$hotshard_record", "Session Start", "Session End"]
)
def test_events_of_the_server_are_its_own(name: str) -> None:
    """Events that the server makes, no app tracks."""
    assert server_only(name, "event_name")


def test_the_server_keeps_no_further_names() -> None:
    """What is listed above is all: any other name is an app's to set."""
    kept = {
        place: sum(server_only(name, place) for name in RESERVED)
        for place in get_args(Place)
    }

    assert kept == {
        "event_name": 4,
        "event": len(SERVER_EVENT_PROPERTIES),
        "profile": 3,
        "profile_meta": 0,
        "group": 3,
    }


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("$city", "event"),
        ("$region", "event"),
        ("mp_country_code", "event"),
        ("$city", "profile"),
        ("$region", "profile"),
        ("$country_code", "profile"),
        ("$timezone", "profile"),
        ("$geo_source", "profile"),
        ("Name", "profile"),
        ("Email", "profile"),
        ("$first_name", "profile"),
        ("Time", "event"),
        ("time", "event"),
        ("$source", "event"),
        ("$event", "event"),
        ("$os", "event"),
        ("bucket", "profile"),
        ("$last_seen", "event"),
        ("Session Start", "event"),
        ("$duration_s", "event_name"),
        ("$identify", "event_name"),
        ("$experiment_started", "event_name"),
        ("$ip", "profile_meta"),
    ],
)
def test_an_app_may_set_every_other_name(name: str, place: Place) -> None:
    """Places, times, names of its own, and names reserved elsewhere are free."""
    assert not server_only(name, place)
