"""The tables of a store, but for those of merges."""

from __future__ import annotations

from typing import Final

__all__ = ["TABLES"]

# ``properties`` is the JSON object as it arrived, but for "time", which is kept in
# milliseconds beside it. A device sent events that are ``of_device``, and whoever it
# is merged into did them; files from before that column get it. The date of an
# annotation is "YYYY-MM-DD HH:mm:ss", its tags are a JSON array of their numbers.
# Definitions and schemas are JSON. The one row of repeats, if there is one, tells how
# many of the events are repeats at most.
TABLES: Final = """
CREATE TABLE IF NOT EXISTS events (
    event VARCHAR NOT NULL,
    distinct_id VARCHAR NOT NULL,
    time_ms BIGINT NOT NULL,
    insert_id VARCHAR NOT NULL,
    properties VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS repeats (
    number BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS profiles (
    distinct_id VARCHAR NOT NULL,
    properties VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS group_profiles (
    group_key VARCHAR NOT NULL,
    distinct_id VARCHAR NOT NULL,
    properties VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS group_keys (
    number BIGINT NOT NULL,
    group_key VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS reports (
    id BIGINT PRIMARY KEY,
    definition VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS funnels (
    id BIGINT PRIMARY KEY,
    definition VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS cohorts (
    id BIGINT PRIMARY KEY,
    definition VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS lexicon (
    entity_type VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    schema VARCHAR NOT NULL
);
CREATE SEQUENCE IF NOT EXISTS annotation_ids;
CREATE TABLE IF NOT EXISTS annotations (
    id BIGINT NOT NULL,
    date VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    tags VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS annotation_tags (
    id BIGINT NOT NULL,
    name VARCHAR NOT NULL
);
CREATE SEQUENCE IF NOT EXISTS customer_ids;
CREATE TABLE IF NOT EXISTS customers (
    cio_id VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    document VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS suppressed_customers (
    identifier VARCHAR NOT NULL,
    suppression VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS customer_events (
    number BIGINT NOT NULL,
    cio_id VARCHAR NOT NULL,
    anonymous_id VARCHAR NOT NULL,
    ulid VARCHAR NOT NULL,
    time_ms BIGINT NOT NULL,
    document VARCHAR NOT NULL
);
"""
