"""Properties of events with a meaning of their own: identity, sessions, experiments."""

from __future__ import annotations

from mixpanel_schema.reserved.rows import (
    Facts,
    Table,
    Tables,
    boolean,
    number,
    string,
    untyped,
)

__all__ = ["TABLES"]

# https://docs.mixpanel.com/docs/data-structure/property-reference/reserved-properties
# https://docs.mixpanel.com/docs/experiments

FROM_THE_APP: Table = {
    "token": string("Project the event belongs to", "-"),
    "ip": string("Address that the place is looked up from; not kept", "-"),
    "$distinct_id": string("Whose event it is; the same as distinct_id", "Distinct ID"),
    "distinct_id": string("Whose event it is", "Distinct ID"),
    "$time": Facts("unix time", "When it happened; the same as time", "Time or Date"),
    "time": Facts(
        "unix time", "When it happened; without it, when it arrived", "Time or Date"
    ),
    "$ignore": boolean("True, or any text: the event is dropped without a word", "n/a"),
    "$latitude": number("Degrees north; gives the place instead of the address"),
    "$longitude": number("Degrees east; gives the place instead of the address"),
    "Experiments": Facts(
        "list", "Every experiment and variant of one exposure, as a list"
    ),
}
FOR_IDENTITY_EVENTS: Table = {
    "$identified_id": string("On $identify: id of the known user", "Identified ID"),
    "$anon_id": string(
        "On $identify: id used before the user was known", "Anonymous ID"
    ),
    "alias": string("On $create_alias: the further id", "Alias"),
    "$distinct_ids": Facts(
        "list", "On $merge: the two ids that become one", "Distinct Ids"
    ),
}
FROM_THE_APP_OR_SDK: Table = {
    "$device_id": string("Device of a user who is not known yet", "Device ID"),
    "$user_id": string("User who is known", "User ID"),
    "$insert_id": string(
        "What makes the event itself: a repeat of it counts once", "Insert ID"
    ),
}
OF_EXPOSURES: Table = {
    "Experiment name": string("Experiment that the user takes part in"),
    "Variant name": string("Variant that the user was given"),
}
OF_EXPOSURES_BY_SDK: Table = {
    "$variant_source": string("Whether the variant came from the network or a store"),
    "$persisted_at_in_ms": number("When the stored variants were saved, in epoch ms"),
    "$ttl_in_ms": number("How long stored variants may be used, in ms"),
}
OF_PYTHON_FLAGS: Table = {
    "$experiment_type": string("Always feature_flag"),
    "Flag evaluation mode": string("Where the flag was evaluated: local or remote"),
    "Variant fetch latency (ms)": number("How long the evaluation took, in ms"),
}
OF_PYTHON_LOCAL_FLAGS: Table = {
    "$experiment_id": untyped("Id of the experiment behind the flag"),
    "$is_experiment_active": boolean("Whether the experiment is running"),
    "$is_qa_tester": boolean("Whether the user is a tester of the flag"),
}
OF_PYTHON_REMOTE_FLAGS: Table = {
    "Variant fetch start time": string("When the variant was asked for, in ISO form"),
    "Variant fetch complete time": string("When the variant was there, in ISO form"),
}
BY_SERVER: Table = {
    "$event_name": string("Name of the event, as reports hold it", "Event Name"),
    "$duration_s": number(
        "Length of the session, in seconds", "Session Duration (Seconds)"
    ),
    "$event_count": number(
        "Number of counted events in the session", "Session Event Count"
    ),
    "$origin_start": string(
        "Which event the session began with", "Session Start Event Name"
    ),
    "$origin_end": string(
        "Which event the session ended with", "Session End Event Name"
    ),
    "$mp_experiment_name": string(
        "Experiment, as Mixpanel itself keeps it", "Mp Experiment Name"
    ),
}
BY_IDENTITY_MERGING: Table = {
    "$distinct_id_before_identity": string(
        "Id that the event was sent with", "Distinct ID Before Identity"
    ),
    "$is_reshuffled": boolean("Whether the event's id was rewritten", "Is Reshuffled"),
    "$preshuffle_distinct_id": string(
        "Id that the user had before $identify", "Preshuffle Distinct Id"
    ),
    "$failure_description": string(
        "Why ids were not merged, at length", "Failure Description"
    ),
    "$failure_reason": string("Why ids were not merged, in brief", "Failure Reason"),
    "$identity_failure_reason": string(
        "Why ids were not merged (simplified merge)", "Identity Failure Reason"
    ),
}
BY_HOT_SHARD_PROTECTION: Table = {
    "mp_original_distinct_id": string(
        "Id that the event was sent with", "Hotshard Original Distinct ID"
    ),
    "mp_original_event_name": string(
        "Name that the event was sent with", "Hotshard Original Event Name"
    ),
    "hotshard_distinct_id": string("Id that had too many events"),
    "hotshard_group_key": string("Group key that had too many events"),
    "hotshard_group_display_name": string(
        "What reports call the group key with too many events"
    ),
}
BY_PARTNERS: Table = {
    "$source": string("Partner that sent the event; hidden in reports", "Source"),
    "$partner_id": string(
        "Partner that sent the event; hidden in reports", "Partner Id"
    ),
    "$warehouse_type": string(
        "Kind of warehouse the event came from", "Warehouse Type"
    ),
    "$warehouse_import_id": untyped(
        "Warehouse import that sent the event", "Warehouse Import ID"
    ),
    "$warehouse_import_job_id": untyped(
        "Job of the warehouse import, inside Mixpanel", "Warehouse Import Job ID"
    ),
    "$warehouse_import_run_id": untyped(
        "Run of the warehouse import, inside Mixpanel", "Warehouse Import Run ID"
    ),
    "$warehouse_table": string(
        "Where in the warehouse the event was a row", "Warehouse Table"
    ),
}
FORBIDDEN: Table = {
    "$bucket": untyped("Never use: hides other events from reports", "-"),
    "bucket": untyped("Never use: hides other events from reports", "-"),
}
BY_MOBILE_SDK: Table = {
    "$ae_updated_version": untyped(
        "On $ae_updated: version now installed", "Version Updated"
    ),
    "$ae_session_length": number("On $ae_session: length in seconds", "Session Length"),
    "$ae_iap_name": string("On $ae_iap: product that was bought", "Product Name"),
    "$ae_iap_quantity": untyped("On $ae_iap: how many were bought", "Product Quantity"),
    "$ae_iap_price": untyped("On $ae_iap: price of the product", "Product Price"),
}
BY_IOS_SDK: Table = {
    "$ae_crashed_reason": string("On $ae_crashed: why the app crashed", "Crash Reason"),
}
TABLES: Tables = (
    ("event", "client", FROM_THE_APP),
    ("event", "client", FOR_IDENTITY_EVENTS),
    ("event", "sdk or client", FROM_THE_APP_OR_SDK),
    ("event", "client or sdk", OF_EXPOSURES),
    ("event", "sdk", OF_EXPOSURES_BY_SDK),
    ("event", "sdk: python flags", OF_PYTHON_FLAGS),
    ("event", "sdk: python local flags", OF_PYTHON_LOCAL_FLAGS),
    ("event", "sdk: python remote flags", OF_PYTHON_REMOTE_FLAGS),
    ("event", "server", BY_SERVER),
    ("event", "server", BY_IDENTITY_MERGING),
    ("event", "server", BY_HOT_SHARD_PROTECTION),
    ("event", "integration", BY_PARTNERS),
    ("event", "reserved", FORBIDDEN),
    ("event", "sdk: iOS/Swift legacy automatic events", BY_MOBILE_SDK),
    ("event", "sdk: iOS legacy automatic events", BY_IOS_SDK),
)
