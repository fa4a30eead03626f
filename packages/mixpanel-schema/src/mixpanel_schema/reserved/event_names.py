"""Names of events that Mixpanel, its SDKs and its partners give a meaning to."""

from __future__ import annotations

from mixpanel_schema.reserved.rows import Table, Tables, untyped

__all__ = ["TABLES"]

# https://docs.mixpanel.com/docs/tracking-methods/sdks/javascript
# https://docs.mixpanel.com/docs/features/sessions
# https://docs.mixpanel.com/docs/pricing/legacy-mtu-billing

FOR_IDENTITY: Table = {
    "$identify": untyped(
        "Joins the id before login to the user's (original merge)", "Identify"
    ),
    "$create_alias": untyped(
        "Gives a user a further id (original merge and before)", "Create Alias"
    ),
    "$merge": untyped(
        "Makes two ids one for good (original merge, by /import)", "Merge"
    ),
}
FROM_THE_APP_OR_SDK: Table = {
    "$experiment_started": untyped("A user was shown a variant", "Experiment Started"),
}
BY_SERVER: Table = {
    "$hotshard_events": untyped("Events of an id that had too many", "Hotshard Events"),
    "$hotshard_record": untyped("One case of an id that had too many events"),
}
AT_QUERY_TIME: Table = {
    "Session Start": untyped(
        "A session began; made when reports are read", "Session Start"
    ),
    "Session End": untyped(
        "A session ended; made when reports are read", "Session End"
    ),
}
BY_AN_SDK: Table = {
    "$opt_in": untyped("A user agreed to be tracked", "Opt In"),
    "$mp_page_leave": untyped("A visitor went on from a page or screen"),
}
BY_JAVASCRIPT: Table = {
    "$mp_web_page_view": untyped("A page was shown in a browser"),
}
OF_CLICKS: Table = {
    "$mp_click": untyped("An element was clicked"),
}
BY_AUTOCAPTURE: Table = {
    "$mp_rage_click": untyped("One element was clicked fast, again and again"),
    "$mp_dead_click": untyped("A visitor clicked in vain"),
}
OF_REPLAYS: Table = {
    "$mp_session_record": untyped(
        "Recording of a session began; not billed", "Session Recording Checkpoint"
    ),
}
OF_SCREENS: Table = {
    "$mp_page_view": untyped("A screen of an app was shown"),
}
BY_ANDROID: Table = {
    "$al_nav_in": untyped("The app was opened by an App Link"),
    "$al_nav_out": untyped("The app was left by an App Link"),
}
BY_MOBILE_SDK: Table = {
    "$ae_first_open": untyped(
        "The app was opened first, or first since reinstalled", "First App Open"
    ),
    "$ae_updated": untyped("The app was updated", "App Updated"),
    "$ae_session": untyped("The app was used for more than ten seconds", "App Session"),
    "$ae_iap": untyped("Something was bought in the app", "In App Purchase (IAP)"),
}
BY_IOS_SDK: Table = {
    "$ae_crashed": untyped("The app crashed", "App Crashed"),
}
BY_ONESIGNAL: Table = {
    "$app_open": untyped(
        "The app was opened from a push message", "App Opened from Push"
    ),
    "$campaign_open": untyped("A message was opened", "Message Opened"),
}
BY_MESSAGING_PARTNERS: Table = {
    "$campaign_delivery": untyped("A message was sent", "Message Sent"),
    "$campaign_received": untyped("A message arrived", "Message Received"),
    "$campaign_bounced": untyped("A message could not be delivered", "Message Bounced"),
    "$campaign_marked_spam": untyped(
        "A message was called spam", "Message Marked Spam"
    ),
    "$message_suppressed": untyped("A message was held back", "Message Suppressed"),
    "$unsubscribe": untyped("A user wants no more messages", "Message Unsubscribed"),
    "$journey_entered": untyped("A user entered a campaign", "Campaign Entered"),
}
BY_MAILCHIMP: Table = {
    "Mailchimp Campaign - Open": untyped("A campaign's e-mail was opened"),
    "Mailchimp Campaign - Click": untyped("A campaign's link was used"),
    "Mailchimp Campaign - Sent": untyped("A campaign's e-mail was sent"),
    "Mailchimp Campaign - Unsubscribed": untyped("A campaign made someone leave"),
    "Mailchimp Campaign - Bounce": untyped("A campaign's e-mail came back"),
    "Mailchimp - Opened Campaign": untyped("Another name for an opened e-mail"),
    "Mailchimp - Clicked Campaign Url": untyped("Another name for a used link"),
    "Mailchimp - Sent To": untyped("Another name for a sent e-mail"),
    "Mailchimp - Unsubscribed": untyped("Another name for someone who left"),
    "Mailchimp - Bounced": untyped("Another name for an e-mail that came back"),
}
FOR_BILLING: Table = {
    "$all_mtu_events": untyped(
        "In Insights: all events that count as activity for billing"
    ),
}
TABLES: Tables = (
    ("event_name", "client", FOR_IDENTITY),
    ("event_name", "sdk or client", FROM_THE_APP_OR_SDK),
    ("event_name", "server", BY_SERVER),
    ("event_name", "server (virtual)", AT_QUERY_TIME),
    ("event_name", "sdk", BY_AN_SDK),
    ("event_name", "sdk: JavaScript", BY_JAVASCRIPT),
    ("event_name", "sdk: JavaScript autocapture or heatmap", OF_CLICKS),
    ("event_name", "sdk: JavaScript autocapture", BY_AUTOCAPTURE),
    ("event_name", "sdk: session replay", OF_REPLAYS),
    ("event_name", "sdk: React Native; Android; iOS/Swift; Flutter", OF_SCREENS),
    ("event_name", "sdk: Android", BY_ANDROID),
    ("event_name", "sdk: iOS/Swift legacy automatic events", BY_MOBILE_SDK),
    ("event_name", "sdk: iOS legacy automatic events", BY_IOS_SDK),
    ("event_name", "integration: OneSignal", BY_ONESIGNAL),
    ("event_name", "integration", BY_MESSAGING_PARTNERS),
    ("event_name", "integration: Mailchimp", BY_MAILCHIMP),
    ("event_group", "server", FOR_BILLING),
)
