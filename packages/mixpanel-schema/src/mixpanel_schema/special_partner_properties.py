"""Special properties of partners: the ids by which those that take cohorts know a user.

What belongs here, and what is personal data, is said in ``special_properties``.
"""

from __future__ import annotations

from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.declarations import Property

__all__ = ["PartnerProperties"]

# https://docs.mixpanel.com/docs/cohort-sync


class PartnerProperties(Catalogue):
    """Who the user of a profile is to partners."""

    dollar_airship_named_user: Property = Property(
        "$airship_named_user", description="Named user at Airship.", pii=True
    )
    """Who the user is at Airship."""

    dollar_android_urban_airship_channel_id: Property = Property(
        "$android_urban_airship_channel_id",
        description="Android channel at Airship.",
        pii=True,
    )
    """Which Android channel at Airship is the user's."""

    dollar_ios_urban_airship_channel_id: Property = Property(
        "$ios_urban_airship_channel_id", description="iOS channel at Airship.", pii=True
    )
    """Which iOS channel at Airship is the user's."""

    dollar_apptimize_user_id: Property = Property(
        "$apptimize_user_id", description="User id at Apptimize.", pii=True
    )
    """Who the user is at Apptimize."""

    dollar_braze_external_id: Property = Property(
        "$braze_external_id", description="External id at Braze.", pii=True
    )
    """Who the user is at Braze."""

    dollar_clevertap_user_id: Property = Property(
        "$CleverTap_user_id", description="User id at CleverTap.", pii=True
    )
    """Who the user is at CleverTap."""

    dollar_iterable_user_id: Property = Property(
        "$iterable_user_id", description="User id at Iterable.", pii=True
    )
    """Who the user is at Iterable."""

    dollar_kameleoon_mapping_id: Property = Property(
        "$kameleoon_mapping_id", description="Mapping id at Kameleoon.", pii=True
    )
    """Who the user is at Kameleoon."""

    dollar_leanplum_user_id: Property = Property(
        "$leanplum_user_id", description="User id at Leanplum.", pii=True
    )
    """Who the user is at Leanplum."""

    dollar_moengage_user_id: Property = Property(
        "$moengage_user_id", description="Unique id at MoEngage.", pii=True
    )
    """Who the user is at MoEngage."""

    dollar_mparticle_user_id: Property = Property(
        "$mparticle_user_id", description="Id (MPID) at mParticle.", pii=True
    )
    """Who the user is at mParticle."""

    dollar_onesignal_user_id: Property = Property(
        "$onesignal_user_id", description="External id at OneSignal.", pii=True
    )
    """Who the user is at OneSignal."""

    dollar_vwo_user_id: Property = Property(
        "$vwo_user_id", description="User id at VWO.", pii=True
    )
    """Who the user is at VWO."""
