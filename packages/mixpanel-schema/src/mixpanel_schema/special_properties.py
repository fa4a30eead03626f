"""Special properties: those of the reserved names that an app may set.

The rule, row by row of the tables in ``reserved``: here is what a server-side app
knows by itself, from a request, or from its own frontend. Not here is

* what only the server may set, or what marks a partner's own events;
* what this library sets in each message: ``token``, ``distinct_id``, ``time``,
  ``$insert_id``, ``mp_lib``, ``$lib_version``, and their other spellings;
* what belongs to the identity events, which are not an app's to track;
* what an SDK measures on the device, in the page or in its own store: screen,
  network, hardware, pointer, scrolling, automatic events;
* what stands for another name (``$partner_user_id``, ``$android_urban_channel_id``),
  inside a value (``$amount``), or for how a value came about (``$geo_source``).

``pii`` marks what names or finds one person: names, numbers, pictures, coordinates,
network addresses, and ids of users, devices, clicks and recordings. No type is
declared, so that an app may declare its own.
"""

from __future__ import annotations

from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.declarations import Property
from mixpanel_schema.special_partner_properties import PartnerProperties
from mixpanel_schema.special_visit_properties import (
    FirstVisitProperties,
    VisitProperties,
)

__all__ = [
    "SpecialEventProperties",
    "SpecialGroupProperties",
    "SpecialProfileMetaProperties",
    "SpecialProfileProperties",
]

# https://docs.mixpanel.com/docs/data-structure/property-reference/reserved-properties


class SpecialEventProperties(VisitProperties):
    """What may be said of an event in Mixpanel's own names."""

    # What becomes of the event, and where and who it is from.
    dollar_ignore: Property = Property(
        "$ignore", description="True: Mixpanel drops the event."
    )
    """Whether Mixpanel drops the event; True, or any text, does so silently."""

    ip: Property = Property(
        "ip", description="Address that the place is looked up from.", pii=True
    )
    """Network address to look the place up from, not kept; "0" for no look-up."""

    dollar_latitude: Property = Property(
        "$latitude", description="Degrees north of the equator.", pii=True
    )
    """Degrees north of the equator; gives the place instead of the address."""

    dollar_longitude: Property = Property(
        "$longitude", description="Degrees east of Greenwich.", pii=True
    )
    """Degrees east of Greenwich; gives the place instead of the address."""

    dollar_city: Property = Property("$city", description="City of the user.")
    """City; looked up from the address or coordinates unless given."""

    dollar_region: Property = Property(
        "$region", description="State or province of the user."
    )
    """State or province; looked up from the address or coordinates unless given."""

    mp_country_code: Property = Property(
        "mp_country_code", description="Country of the user, in two letters."
    )
    """Country in two letters, such as "SI"; looked up likewise unless given."""

    dollar_device_id: Property = Property(
        "$device_id", description="Id of the device.", pii=True
    )
    """Id of the device, while the user is not known (simplified ID merge)."""

    dollar_user_id: Property = Property(
        "$user_id", description="Id of the user who is known.", pii=True
    )
    """Id of the user; beside a device's id it joins both (simplified ID merge)."""

    dollar_duration: Property = Property(
        "$duration", description="How long it took, in seconds."
    )
    """Duration of what the event tells of, in seconds."""

    dollar_mp_replay_id: Property = Property(
        "$mp_replay_id", description="Session replay to see the event in.", pii=True
    )
    """Id of the session replay that shows the event; the frontend knows it."""

    # Experiments and feature flags: https://docs.mixpanel.com/docs/experiments
    experiment_name: Property = Property(
        "Experiment name", description="Experiment the user takes part in."
    )
    """Experiment that the user takes part in, on "$experiment_started"."""

    variant_name: Property = Property(
        "Variant name", description="Variant the user was given."
    )
    """Variant that the user was given, on "$experiment_started"."""

    experiments: Property = Property(
        "Experiments", description="Experiments the user takes part in."
    )
    """List of experiments with their variants, where one event tells of several."""

    dollar_experiment_id: Property = Property(
        "$experiment_id", description="Id of the experiment."
    )
    """Id of the experiment behind a flag."""

    dollar_experiment_type: Property = Property(
        "$experiment_type", description="Kind of experiment."
    )
    """Kind of experiment: "feature_flag" for flags."""

    dollar_is_experiment_active: Property = Property(
        "$is_experiment_active", description="Whether the experiment is running."
    )
    """Whether the experiment behind a flag is running."""

    dollar_is_qa_tester: Property = Property(
        "$is_qa_tester", description="Whether the user is a tester."
    )
    """Whether the user was given the variant as a tester."""

    flag_evaluation_mode: Property = Property(
        "Flag evaluation mode", description="Where the flag was evaluated."
    )
    """Where the flag was evaluated: "local" or "remote"."""

    variant_fetch_latency_ms: Property = Property(
        "Variant fetch latency (ms)", description="How long the flag took, in ms."
    )
    """Milliseconds that the evaluation of the flag took."""

    variant_fetch_start_time: Property = Property(
        "Variant fetch start time", description="When the variant was asked for."
    )
    """When the variant was asked for, in ISO form."""

    variant_fetch_complete_time: Property = Property(
        "Variant fetch complete time", description="When the variant was there."
    )
    """When the variant was there, in ISO form."""


class SpecialProfileProperties(FirstVisitProperties, PartnerProperties):
    """What may be said of a user's profile in Mixpanel's own names."""

    # Who the user is, as reports, lists and partners show it.
    dollar_name: Property = Property(
        "$name", description="The user's full name, as shown in reports.", pii=True
    )
    """Full name; reports show it instead of the id."""

    dollar_first_name: Property = Property(
        "$first_name", description="The user's given name.", pii=True
    )
    """Given name; partners get it with a cohort."""

    dollar_last_name: Property = Property(
        "$last_name", description="The user's family name.", pii=True
    )
    """Family name; partners get it with a cohort."""

    dollar_email: Property = Property(
        "$email", description="The user's e-mail address.", pii=True
    )
    """E-mail address; partners need it to write to the user."""

    dollar_phone: Property = Property(
        "$phone", description="Phone number with + and country code.", pii=True
    )
    """Phone number with + and country code; partners need it to text the user."""

    dollar_avatar: Property = Property(
        "$avatar", description="Address of the user's picture.", pii=True
    )
    """Address of a gif, jpg or png, shown instead of the picture at Gravatar."""

    dollar_created: Property = Property(
        "$created", description="When the user made their account, in UTC."
    )
    """When the user made their account, in UTC; Mixpanel never fills it in."""

    dollar_unsubscribed: Property = Property(
        "$unsubscribed", description="Set when the user wants no e-mail."
    )
    """Set, to anything, when the user wants no e-mail (former messaging)."""

    dollar_transactions: Property = Property(
        "$transactions", description="Payments of the user."
    )
    """Payments, each a dict with its "$amount"; unset it to clear them."""

    # Where the user is.
    dollar_city: Property = Property("$city", description="City of the user.")
    """City; replaced by each update with an address to look up."""

    dollar_region: Property = Property(
        "$region", description="State or province of the user."
    )
    """State or province; replaced likewise."""

    dollar_country_code: Property = Property(
        "$country_code", description="Country of the user, in two letters."
    )
    """Country in two letters, such as "SI"; replaced likewise."""

    dollar_timezone: Property = Property(
        "$timezone", description="Timezone of the user."
    )
    """Timezone, such as "Europe/Ljubljana"; replaced likewise."""


class SpecialProfileMetaProperties(Catalogue):
    """What may be said of a profile's update in Mixpanel's own names."""

    # https://developer.mixpanel.com/reference/profile-set
    dollar_ip: Property = Property(
        "$ip", description="Address that gives the place; 0 for none.", pii=True
    )
    """Network address to look the place up from; 0 for no look-up."""

    dollar_time: Property = Property(
        "$time", description="When the update was made, in epoch seconds."
    )
    """When the update was made, in epoch seconds UTC: updates apply in this order."""

    dollar_ignore_time: Property = Property(
        "$ignore_time", description="True: leave the profile's last-seen time alone."
    )
    """Whether the update leaves the profile's last-seen time as it is."""

    dollar_ignore_alias: Property = Property(
        "$ignore_alias", description="True: take the id as it is, never as an alias."
    )
    """Whether the id is taken as it is, even where it is another user's alias."""

    dollar_latitude: Property = Property(
        "$latitude", description="Degrees north of the equator.", pii=True
    )
    """Degrees north of the equator; gives the place instead of the address."""

    dollar_longitude: Property = Property(
        "$longitude", description="Degrees east of Greenwich.", pii=True
    )
    """Degrees east of Greenwich; gives the place instead of the address."""


class SpecialGroupProperties(Catalogue):
    """What may be said of a group's profile in Mixpanel's own names."""

    dollar_name: Property = Property(
        "$name", description="The group's name, as shown in reports."
    )
    """Name of the group; reports show it instead of the id."""

    dollar_email: Property = Property(
        "$email", description="The group's e-mail address.", pii=True
    )
    """E-mail address of the group, perhaps a person's."""

    dollar_phone: Property = Property(
        "$phone", description="Phone number with + and country code.", pii=True
    )
    """Phone number of the group, from the + and the country code on."""

    dollar_avatar: Property = Property(
        "$avatar", description="Address of the group's picture."
    )
    """Address of a gif, jpg or png to show, such as a company's logo."""

    dollar_created: Property = Property(
        "$created", description="When the group was made, in UTC."
    )
    """When the group was made, in UTC; Mixpanel never fills it in."""
