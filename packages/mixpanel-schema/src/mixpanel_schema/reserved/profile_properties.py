"""Properties of profiles with a meaning of their own."""

from __future__ import annotations

from mixpanel_schema.reserved.rows import Facts, Table, Tables, number, string, untyped

__all__ = ["TABLES"]

# https://docs.mixpanel.com/docs/data-structure/property-reference/reserved-properties
# https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties
# https://docs.mixpanel.com/docs/cohort-sync

FROM_THE_APP: Table = {
    "$distinct_id": string("Whose profile it is: a user's or a group's", "Distinct ID"),
    "$name": string("Full name of the user or group, as reports show it", "Name"),
    "$first_name": string("Given name; goes to partners with a cohort", "First Name"),
    "$last_name": string("Family name; goes to partners with a cohort", "Last Name"),
    "$email": string("E-mail address; partners need it to write to the user", "Email"),
    "$phone": string("Phone number; an international one starts with +", "Phone"),
    "$avatar": string(
        "Address of a picture, shown instead of Gravatar's", "Avatar URL"
    ),
    "$created": Facts(
        "date", "When the user signed up; only the app can say", "Created"
    ),
    "$unsubscribed": Facts("any", "Set when the user wants no e-mail (old messaging)"),
    "$transactions": Facts(
        "list of objects", "Payments of the user, each with its $amount"
    ),
    "$amount": number("Sum of one payment in $transactions"),
    "$partner_user_id": string("Stands for a partner's own name of the id"),
}
FOR_PARTNERS: Table = {
    "$onesignal_user_id": string("Who the user is at OneSignal"),
    "$braze_external_id": string("Who the user is at Braze"),
    "$airship_named_user": string("Who the user is at Airship"),
    "$ios_urban_airship_channel_id": string("The user's iOS channel at Airship"),
    "$android_urban_airship_channel_id": string(
        "The user's Android channel at Airship"
    ),
    "$android_urban_channel_id": string(
        "Other spelling of $android_urban_airship_channel_id"
    ),
    "$moengage_user_id": string("Who the user is at MoEngage"),
    "$leanplum_user_id": string("Who the user is at Leanplum"),
    "$apptimize_user_id": string("Who the user is at Apptimize"),
    "$vwo_user_id": string("Who the user is at VWO"),
    "$iterable_user_id": string("Who the user is at Iterable"),
    "$mparticle_user_id": string("Who the user is at mParticle (MPID)"),
    "$kameleoon_mapping_id": string("Who the user is at Kameleoon"),
    "$CleverTap_user_id": string("Who the user is at CleverTap"),
}
BY_SERVER: Table = {
    "$mp_first_event_time": Facts(
        "date", "When the first event happened", "First Seen"
    ),
    "$campaigns": untyped("Messages that were sent to the user"),
}
AT_EACH_UPDATE: Table = {
    "$city": string("City, from the address or coordinates", "City"),
    "$region": string("State or province, from the address or coordinates", "Region"),
    "$country_code": string(
        "Country in two letters, from the address or coordinates", "Country Code"
    ),
    "$timezone": string("Timezone, from the address or coordinates", "Timezone"),
    "$geo_source": string(
        "Says reverse_geocoding where coordinates were used", "Geo Source"
    ),
    "$last_seen": Facts(
        "date", "When the profile last changed; kept by $ignore_time", "Updated at"
    ),
}
BY_JAVASCRIPT: Table = {
    "$browser": string("Name of the browser last used", "Browser"),
    "$browser_version": untyped("Version of the browser last used", "Browser Version"),
    "$initial_referrer": string(
        "Page that led to the first visit, or $direct", "Initial Referrer"
    ),
    "$initial_referring_domain": string(
        "Site that led to the first visit, or $direct", "Initial Referring Domain"
    ),
}
FIRST_UTM_TAGS: Table = {
    "initial_utm_source": string(
        "First UTM tag: where the visit came from", "Initial UTM Parameters"
    ),
    "initial_utm_campaign": string(
        "First UTM tag: name of the campaign", "Initial UTM Parameters"
    ),
    "initial_utm_medium": string(
        "First UTM tag: kind of link, such as e-mail", "Initial UTM Parameters"
    ),
    "initial_utm_term": string(
        "First UTM tag: keyword paid for", "Initial UTM Parameters"
    ),
    "initial_utm_content": string(
        "First UTM tag: which link of the campaign", "Initial UTM Parameters"
    ),
    "initial_utm_id": string(
        "First UTM tag: id of the campaign", "Initial UTM Parameters"
    ),
    "initial_utm_source_platform": string(
        "First UTM tag: platform that placed the link", "Initial UTM Parameters"
    ),
    "initial_utm_campaign_id": string(
        "First UTM tag: id of the campaign", "Initial UTM Parameters"
    ),
    "initial_utm_creative_format": string(
        "First UTM tag: kind of creative shown", "Initial UTM Parameters"
    ),
    "initial_utm_marketing_tactic": string(
        "First UTM tag: how the audience was chosen", "Initial UTM Parameters"
    ),
}
BY_JAVASCRIPT_OR_UNITY: Table = {
    "$os": string("Operating system last used", "Operating System"),
}
BY_UNITY: Table = {
    "$lib_version": string("Version of the library last used", "Library Version"),
}
BY_ANDROID_OR_UNITY: Table = {
    "$android_lib_version": string(
        "Version of the Android or Unity library", "Android Lib Version"
    ),
    "$android_os": untyped("Says that the user has used Android", "Android OS"),
    "$android_os_version": untyped(
        "Version of Android last used", "Android OS Version"
    ),
    "$android_app_version": untyped(
        "Version of the Android app last used", "Android App Version"
    ),
    "$android_model": string("Model of the Android device", "Android Model"),
}
BY_ANDROID: Table = {
    "$android_app_version_code": untyped(
        "Version code of the Android app", "Android App Version Code"
    ),
    "$android_manufacturer": string(
        "Maker of the Android device", "Android Manufacturer"
    ),
    "$android_brand": string("Brand of the Android device", "Android Brand"),
}
BY_IOS_OR_UNITY: Table = {
    "$ios_lib_version": string(
        "Version of the iOS or Unity library", "iOS Lib Version"
    ),
    "$ios_version": untyped("Version of iOS last used", "iOS Version"),
    "$ios_app_release": untyped(
        "Version of the iOS app, as people know it", "iOS App Release"
    ),
    "$ios_device_model": string("Model of the iOS device", "iOS Device Model"),
}
BY_IOS: Table = {
    "$swift_lib_version": string(
        "Version of the Swift library last used", "Swift Lib Version"
    ),
    "$ios_app_version": untyped("Version of the iOS app's bundle", "iOS App Version"),
}
BY_MOBILE_SDK: Table = {
    "$ae_first_app_open_date": Facts(
        "date", "When the app was opened first", "First App Open Date"
    ),
    "$ae_total_app_sessions": number(
        "How often the app was used", "Total App Sessions"
    ),
    "$ae_total_app_session_length": number(
        "How long in all, in seconds", "Total App Session Length"
    ),
}
TABLES: Tables = (
    ("profile", "client", FROM_THE_APP),
    ("profile", "client or integration", FOR_PARTNERS),
    ("profile", "server", BY_SERVER),
    ("profile_default", "ingestion API", AT_EACH_UPDATE),
    ("profile_default", "sdk: JavaScript", BY_JAVASCRIPT),
    ("profile_default", "sdk: JavaScript", FIRST_UTM_TAGS),
    ("profile_default", "sdk: JavaScript; Unity", BY_JAVASCRIPT_OR_UNITY),
    ("profile_default", "sdk: Unity", BY_UNITY),
    ("profile_default", "sdk: Android; Unity", BY_ANDROID_OR_UNITY),
    ("profile_default", "sdk: Android", BY_ANDROID),
    ("profile_default", "sdk: iOS/Swift; Unity", BY_IOS_OR_UNITY),
    ("profile_default", "sdk: iOS/Swift", BY_IOS),
    ("profile_default", "sdk: iOS/Swift legacy automatic events", BY_MOBILE_SDK),
)
