"""Properties of events that the server, an SDK or a library adds by itself."""

from __future__ import annotations

from mixpanel_schema.reserved.rows import (
    Table,
    Tables,
    boolean,
    number,
    string,
    untyped,
)

__all__ = ["TABLES"]

# https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties

BY_SERVER: Table = {
    "$city": string("City, from the address or coordinates", "City"),
    "$region": string("State or province, from the address or coordinates", "Region"),
    "mp_country_code": string(
        "Country in two letters, from the address or coordinates", "Country"
    ),
    "$mp_api_endpoint": string("Host that received the event", "API Endpoint"),
    "$import": boolean("Whether the event came through /import", "Import"),
    "$mp_api_timestamp_ms": number(
        "When the server received it, in epoch ms", "API Timestamp"
    ),
    "mp_processing_time_ms": number(
        "When the server processed it, in epoch ms", "Time Processed (UTC)"
    ),
    "$mp_event_size": number("Size of the event as received, in bytes", "Event Size"),
}
BY_FORWARDING: Table = {
    "$mp_is_forwarded": untyped(
        "Marks what was passed on from the US to an EU project"
    ),
}
BY_JAVASCRIPT_OR_MOBILE: Table = {
    "$device_id": string("Id made on the device; a reset makes another", "Device ID"),
    "$user_id": string("Id given to identify()", "User ID"),
}
BY_EVERY_SDK: Table = {
    "$insert_id": string(
        "Id made for the event: a repeat of it counts once", "Insert ID"
    ),
    "mp_lib": string("Library that made the event, such as web", "Mixpanel Library"),
    "$lib_version": string(
        "Version of the library that made the event", "Library Version"
    ),
    "$os": string("System the device runs, such as Android", "Operating System"),
    "$screen_height": number(
        "Height of the screen, in pixels or points", "Screen Height"
    ),
    "$screen_width": number("Width of the screen, in pixels or points", "Screen Width"),
    "$duration": number("Seconds from time_event() to track()", "Duration"),
}
BY_JAVASCRIPT: Table = {
    "mp_sent_by_lib_version": string(
        "Version that sent what another queued", "Sent By Library Version"
    ),
    "$browser": string("Name of the browser", "Browser"),
    "$browser_version": untyped("Version of the browser", "Browser Version"),
    "$current_url": string("Address of the page", "Current URL"),
    "$initial_referrer": string(
        "Page that led to the first visit, or $direct", "Initial Referrer"
    ),
    "$initial_referring_domain": string(
        "Site that led to the first visit, or $direct", "Initial Referring Domain"
    ),
    "$referrer": string("Page that led here, own pages included", "Referrer"),
    "$referring_domain": string(
        "Site that led here, own site included", "Referring Domain"
    ),
    "$search_engine": string(
        "Search engine that the visitor came from", "Search Engine"
    ),
    "mp_keyword": string(
        "What was searched for, where the referrer says so", "Search Keyword"
    ),
}
BY_JAVASCRIPT_OR_UNITY: Table = {
    "$device": string("Name of the phone or tablet", "Device"),
}
BY_MOBILE_OR_UNITY: Table = {
    "$os_version": untyped("Version of that system, such as 14", "OS Version"),
    "$app_version_string": untyped(
        "Version of the app, as people know it", "App Version"
    ),
    "$manufacturer": string("Maker of the device", "Manufacturer"),
    "$model": string("Model of the device", "Model"),
    "$wifi": boolean("Whether the device is on a wireless network", "Wifi"),
}
BY_MOBILE: Table = {
    "$app_build_number": untyped("Number of the app's build", "App Build Number"),
    "$carrier": string("Mobile network of the device", "Carrier"),
}
BY_ANDROID_OR_UNITY: Table = {
    "$screen_dpi": number("Pixels per inch of the screen", "Screen DPI"),
}
BY_IOS_OR_UNITY: Table = {
    "$radio": untyped("Kind of mobile connection in use", "Radio"),
}
BY_IOS: Table = {
    "$watch_model": string("Watch that is paired with the phone", "Watch Model"),
}
BY_ANDROID: Table = {
    "$brand": string("Brand of the device", "Brand"),
    "$bluetooth_enabled": boolean(
        "Whether the device has Bluetooth switched on", "Bluetooth"
    ),
    "$bluetooth_version": string(
        "Kind of Bluetooth: none, ble or classic", "Bluetooth Version"
    ),
    "$has_nfc": boolean("Whether the device can read near-field tags", "Has NFC"),
    "$has_telephone": boolean("Whether one can phone with the device", "Has Telephone"),
    "$google_play_services": untyped(
        "State of Google Play services", "Google Play Services"
    ),
}
BY_AN_SDK: Table = {
    "mp_platform": string("Platform, as session events carry it"),
}
OF_SCREENS: Table = {
    "$mp_autocapture": boolean("Marks screens tracked by trackScreenView or -Leave"),
}
OF_REPLAYS: Table = {
    "$mp_replay_id": string("Session replay in which the event can be seen"),
}
BY_PYTHON: Table = {
    "mp_lib": string("Always python", "Mixpanel Library"),
    "$lib_version": string(
        "Which release of the mixpanel package sent it", "Library Version"
    ),
    "$insert_id": string("A random UUID in hex, made for each event", "Insert ID"),
    "time": number(
        "When track() was called, unless given; epoch seconds", "Time or Date"
    ),
    "distinct_id": string("Id that track() was called with", "Distinct ID"),
    "token": string("Token that the library was set up with", "-"),
}
TABLES: Tables = (
    ("event_default", "ingestion API", BY_SERVER),
    ("event_default", "server", BY_FORWARDING),
    ("event_default", "sdk: JavaScript; Android; iOS/Swift", BY_JAVASCRIPT_OR_MOBILE),
    ("event_default", "sdk: JavaScript; Android; iOS/Swift; Unity", BY_EVERY_SDK),
    ("event_default", "sdk: JavaScript", BY_JAVASCRIPT),
    ("event_default", "sdk: JavaScript; Unity", BY_JAVASCRIPT_OR_UNITY),
    ("event_default", "sdk: Android; iOS/Swift; Unity", BY_MOBILE_OR_UNITY),
    ("event_default", "sdk: Android; iOS/Swift", BY_MOBILE),
    ("event_default", "sdk: Android; Unity", BY_ANDROID_OR_UNITY),
    ("event_default", "sdk: iOS/Swift; Unity", BY_IOS_OR_UNITY),
    ("event_default", "sdk: iOS/Swift", BY_IOS),
    ("event_default", "sdk: Android", BY_ANDROID),
    ("event_default", "sdk", BY_AN_SDK),
    ("event_default", "sdk: React Native; Android; iOS/Swift; Flutter", OF_SCREENS),
    ("event_default", "sdk: session replay", OF_REPLAYS),
    ("event_default_python", "sdk: python", BY_PYTHON),
)
