"""Names of the messages and answers themselves, beside what an app has to say."""

from __future__ import annotations

from mixpanel_schema.reserved.rows import Facts, Table, Tables, boolean, number, string

__all__ = ["TABLES"]

# https://developer.mixpanel.com/reference/profile-set
# https://developer.mixpanel.com/reference/group-set-property
# https://developer.mixpanel.com/reference/query-api
# https://docs.mixpanel.com/docs/tracking-best-practices/geolocation

BESIDE_A_PROFILE_UPDATE: Table = {
    "$token": string("Project the profile belongs to"),
    "$distinct_id": string("Whose profile is updated"),
    "$ip": string("Address that the place is looked up from; 0 for none"),
    "$time": Facts(
        "unix time", "When the update was made; updates apply in this order"
    ),
    "$ignore_time": boolean("True: leave $last_seen as it is"),
    "$ignore_alias": boolean("True: take the id as it is, never as an alias"),
    "$latitude": number("Degrees north; gives the place instead of the address"),
    "$longitude": number("Degrees east; gives the place instead of the address"),
}
BESIDE_A_GROUP_UPDATE: Table = {
    "$token": string("Project the group belongs to"),
    "$group_key": string("Property that groups are told apart by"),
    "$group_id": string("Which group is updated"),
}
OPERATIONS: Table = {
    "$set": Facts("object", "Set properties, replacing what was there"),
    "$set_once": Facts("object", "Set what has no value yet; leave the rest"),
    "$add": Facts("object", "Add to numbers; below zero subtracts (users only)"),
    "$append": Facts("object", "Add a value to the end of a list (users only)"),
    "$union": Facts("object", "Add to a list what it does not hold yet"),
    "$remove": Facts("object", "Take a value out of a list"),
    "$unset": Facts("list", "Take properties away, by name"),
    "$delete": Facts("any", "Delete the profile; its events stay"),
}
IN_ANSWERS: Table = {
    "$distinct_id": string("Whose profile an answer is about"),
    "$properties": Facts("object", "Properties of a profile in an answer"),
    "$event": string("Heads the column of events in an Insights answer"),
    "$custom_event:<id>": string("A custom event in a funnel's answer"),
    "$overall": Facts("object", "All segments of a funnel together"),
    "$other": string("Segments of a funnel beyond the listed ones"),
}
BY_AN_SDK: Table = {
    "$direct": string("Says that no page led to the first visit"),
}
BY_SERVER: Table = {
    "$device:<device_id>": string(
        "Id of a user who is not known yet (simplified merge)"
    ),
}
IN_LEXICON: Table = {
    "$user": string("Name of the schema that is about profiles"),
    "$source": string("Who uploaded a schema"),
}
FOR_LANGFUSE: Table = {
    "$mixpanel_session_id": string("In a Langfuse trace: the session it belongs to"),
}
TABLES: Tables = (
    ("profile_meta", "client", BESIDE_A_PROFILE_UPDATE),
    ("group_meta", "client", BESIDE_A_GROUP_UPDATE),
    ("operation", "client", OPERATIONS),
    ("query_response", "server", IN_ANSWERS),
    ("value", "sdk", BY_AN_SDK),
    ("value", "server", BY_SERVER),
    ("lexicon", "client", IN_LEXICON),
    ("integration", "client", FOR_LANGFUSE),
)
