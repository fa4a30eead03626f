"""Rules of Customer.io's Track API."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import Rule

__all__ = ["CUSTOMERIO"]

TRACK: Final = "https://docs.customer.io/integrations/api/track/"

CUSTOMERIO: Final = (
    Rule(
        "customerio-requests",
        "documented",
        "The v1 paths of people, events, devices, suppression, merging and the region, "
        "and /api/v2/entity and /api/v2/batch with items about people, are answered; a "
        "batch in which some items are wrong is answered 207, with an error for each.",
        TRACK,
    ),
    Rule(
        "customerio-identify",
        "documented",
        "An unknown identifier adds a person, unless _update is true; the identifier "
        "of the path goes to the person whom one in the body names; one that is "
        "somebody else's fails with status 200; an unknown cio_id drops the request.",
        f"{TRACK}#operation/identify",
    ),
    Rule(
        "customerio-events",
        "documented",
        "Names of events are trimmed, types beside page and screen are event, and two "
        "events with the same ULID as id are one.",
        f"{TRACK}#operation/track",
    ),
    Rule(
        "customerio-merge",
        "documented",
        "Merging fills what is not set or empty on the primary person, moves the "
        "events of 30 days, and deletes the secondary one; without the primary person "
        "nothing happens.",
        f"{TRACK}#operation/merge",
    ),
    Rule(
        "customerio-suppression",
        "documented",
        "Suppressing deletes a person and ignores their identifiers from then on.",
        f"{TRACK}#operation/suppress",
    ),
    Rule(
        "customerio-limits",
        "documented",
        "Ids and names of attributes have up to 150 bytes, values 1,000, a person 300 "
        "attributes, names of events 100 bytes, their data 100,000, items of the v2 "
        "API 32 kB, and batches 500 kB.",
        "https://docs.customer.io/journeys/invalid-api-requests",
    ),
    Rule(
        "customerio-workspace",
        "assumed",
        "People are known by id and by email address, a name with @ in a path is an "
        "email address, and only a cio_id changes either once it is set.",
        "These are settings of a workspace.",
    ),
    Rule(
        "customerio-creates-person",
        "assumed",
        "An event, a device or a relationship of somebody unknown adds that person.",
        "The documentation says so of identify only.",
    ),
    Rule(
        "customerio-event-merging",
        "assumed",
        "A person who gets an anonymous_id gets its events of the last 30 days.",
        "This is a setting of a workspace.",
    ),
    Rule(
        "customerio-timestamp-order",
        "assumed",
        "Of each attribute the value with the latest _timestamp stays; a request "
        "without one has the time at which it arrives.",
        "The documentation says only that _timestamp orders updates.",
    ),
    Rule(
        "customerio-empty-attribute",
        "assumed",
        "An attribute that is set to null or an empty text is removed; an id or an "
        "email address stays.",
        "The documentation says so of objects and relationships only.",
    ),
    Rule(
        "customerio-attributes-of-person",
        "assumed",
        "An attribute beyond a person's 300 is left out, with status 200.",
        "The documentation gives the limit, and no error for it.",
    ),
    Rule(
        "customerio-value-bytes",
        "assumed",
        "What is no text is as long as its JSON.",
        "The documentation speaks of texts, numbers and booleans only.",
    ),
    Rule(
        "customerio-unread-values",
        "assumed",
        "A timestamp that is no whole number is taken for now, and an id that is no "
        "ULID keeps no repeats away.",
        "The documentation does not say what becomes of such a request.",
    ),
    Rule(
        "customerio-merge-identifiers",
        "assumed",
        "A primary person without an id or email address gets the secondary one's.",
        "The documentation speaks of attributes.",
    ),
    Rule(
        "customerio-kilobyte",
        "assumed",
        "A kilobyte of a limit has 1,024 bytes.",
        "The documentation writes 32kb and 500kb.",
    ),
    Rule(
        "customerio-error-words",
        "assumed",
        "Errors beside those of the list of invalid requests have words of their own, "
        "and the reason of an error of the v2 API is always invalid.",
        "The documentation shows the shape of these errors, and no words.",
    ),
    Rule(
        "customerio-region",
        "assumed",
        "The region of the account is us, and its address the project's own.",
        "The address that Customer.io gives would be its own.",
    ),
    Rule(
        "customerio-other-paths",
        "refused",
        "There are no forms, segments, metrics, objects and deliveries of Customer.io, "
        "and no compressed requests to it.",
        "The local project keeps people and their events, which apps send.",
    ),
)
