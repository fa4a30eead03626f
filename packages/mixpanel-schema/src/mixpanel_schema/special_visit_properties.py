"""Special properties of visits: what a request tells of browser, page and campaign.

What belongs here, and what is personal data, is said in ``special_properties``.
"""

from __future__ import annotations

from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.declarations import Property

__all__ = ["FirstVisitProperties", "VisitProperties"]

# https://docs.mixpanel.com/docs/tracking-methods/sdks/javascript
# https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties


class VisitProperties(Catalogue):
    """What may be said of an event in a visit to a site."""

    # What the request tells of the browser, the device and the app.
    dollar_browser: Property = Property("$browser", description="Name of the browser.")
    """Name of the browser, such as "Firefox"."""

    dollar_browser_version: Property = Property(
        "$browser_version", description="Version of the browser."
    )
    """Version of the browser, such as 128."""

    dollar_os: Property = Property("$os", description="Operating system.")
    """Operating system of the visitor's device, such as "Android"."""

    dollar_os_version: Property = Property(
        "$os_version", description="Version of the operating system."
    )
    """Version of the operating system, such as "14"."""

    dollar_device: Property = Property(
        "$device", description="Name of the phone or tablet."
    )
    """Name of the phone or tablet, such as "iPad"."""

    dollar_manufacturer: Property = Property(
        "$manufacturer", description="Maker of the device."
    )
    """Maker of the device, such as "Samsung"."""

    dollar_brand: Property = Property("$brand", description="Brand of the device.")
    """Brand of the device, which may differ from its maker."""

    dollar_model: Property = Property("$model", description="Model of the device.")
    """Model of the device, such as "Pixel 8"."""

    dollar_app_version_string: Property = Property(
        "$app_version_string", description="Version of the app."
    )
    """Version of the app as people know it, such as "2.4.1"."""

    dollar_app_build_number: Property = Property(
        "$app_build_number", description="Build of the app."
    )
    """Number of the app's build."""

    # What the request tells of the page.
    dollar_current_url: Property = Property(
        "$current_url", description="Address of the page."
    )
    """Whole address of the page that the event happened on."""

    current_page_title: Property = Property(
        "current_page_title", description="Title of the page."
    )
    """Title of the page or screen."""

    current_domain: Property = Property(
        "current_domain", description="Domain of the page."
    )
    """Domain in the page's address, such as "example.com"."""

    current_url_path: Property = Property(
        "current_url_path", description="Path of the page."
    )
    """Path in the page's address, such as "/pricing"."""

    current_url_protocol: Property = Property(
        "current_url_protocol", description="Protocol of the page."
    )
    """Protocol of the page's address, such as "https:"."""

    current_url_search: Property = Property(
        "current_url_search", description="Query string of the page."
    )
    """Query string of the page's address, from the question mark on."""

    dollar_referrer: Property = Property(
        "$referrer", description="Address the visitor came from, own pages included."
    )
    """Address of the page that led to this one, own pages included."""

    dollar_referring_domain: Property = Property(
        "$referring_domain", description="Domain the visitor came from."
    )
    """Domain of the page that led to this one, the own one included."""

    dollar_initial_referrer: Property = Property(
        "$initial_referrer", description="Address the first visit came from."
    )
    """Address of the page that led to the first visit; "$direct" for none."""

    dollar_initial_referring_domain: Property = Property(
        "$initial_referring_domain", description="Domain the first visit came from."
    )
    """Domain of the page that led to the first visit; "$direct" for none."""

    dollar_search_engine: Property = Property(
        "$search_engine", description="Search engine."
    )
    """Search engine that the visitor came from, such as "google"."""

    mp_keyword: Property = Property("mp_keyword", description="What was searched for.")
    """Words that the visitor searched for, where the referrer tells."""

    # The campaign, from the page's address.
    utm_source: Property = Property(
        "utm_source", description="Where the visit came from."
    )
    """UTM tag: where the visit came from, such as "newsletter"."""

    utm_medium: Property = Property("utm_medium", description="Kind of link.")
    """UTM tag: the kind of link, such as "email" or "cpc"."""

    utm_campaign: Property = Property(
        "utm_campaign", description="Name of the campaign."
    )
    """UTM tag: name of the campaign."""

    utm_term: Property = Property("utm_term", description="Keyword of the campaign.")
    """UTM tag: keyword that was paid for."""

    utm_content: Property = Property("utm_content", description="Link of the campaign.")
    """UTM tag: which of the campaign's links was used."""

    utm_id: Property = Property("utm_id", description="Id of the campaign.")
    """UTM tag: id of the campaign."""

    utm_campaign_id: Property = Property(
        "utm_campaign_id", description="Id of the campaign."
    )
    """UTM tag: id of the campaign, as some platforms name it."""

    utm_source_platform: Property = Property(
        "utm_source_platform", description="Advertising platform."
    )
    """UTM tag: platform that placed the link."""

    utm_creative_format: Property = Property(
        "utm_creative_format", description="Kind of creative."
    )
    """UTM tag: kind of creative that was shown, such as "video"."""

    utm_marketing_tactic: Property = Property(
        "utm_marketing_tactic", description="How the audience was chosen."
    )
    """UTM tag: how the audience was chosen, such as "remarketing"."""

    # The click on an advertisement, from the page's address.
    dclid: Property = Property(
        "dclid", description="Click id of Google Display & Video.", pii=True
    )
    """Id of a click on an advertisement by Google Display & Video."""

    fbclid: Property = Property("fbclid", description="Click id of Facebook.", pii=True)
    """Id of a click on an advertisement on Facebook."""

    gclid: Property = Property("gclid", description="Click id of Google Ads.", pii=True)
    """Id of a click on an advertisement by Google Ads."""

    ko_click_id: Property = Property(
        "ko_click_id", description="Click id of Kochava.", pii=True
    )
    """Id of a click that Kochava measured."""

    li_fat_id: Property = Property(
        "li_fat_id", description="Click id of LinkedIn.", pii=True
    )
    """Id of a click on an advertisement on LinkedIn."""

    msclkid: Property = Property(
        "msclkid", description="Click id of Microsoft Advertising.", pii=True
    )
    """Id of a click on an advertisement by Microsoft."""

    sccid: Property = Property("sccid", description="Click id of Snapchat.", pii=True)
    """Id of a click on an advertisement on Snapchat."""

    ttclid: Property = Property("ttclid", description="Click id of TikTok.", pii=True)
    """Id of a click on an advertisement on TikTok."""

    twclid: Property = Property(
        "twclid", description="Click id of X (Twitter).", pii=True
    )
    """Id of a click on an advertisement on X (Twitter)."""

    wbraid: Property = Property(
        "wbraid", description="Click id of Google Ads, web to app.", pii=True
    )
    """Id of clicks by Google Ads that led from the web to an iOS app."""


class FirstVisitProperties(Catalogue):
    """What may be said of a profile by the visits of its user."""

    dollar_browser: Property = Property("$browser", description="Browser last used.")
    """Name of the browser last used, such as "Firefox"."""

    dollar_browser_version: Property = Property(
        "$browser_version", description="Version of the browser last used."
    )
    """Version of the browser last used, such as 128."""

    dollar_os: Property = Property("$os", description="Operating system last used.")
    """Operating system last used, such as "Android"."""

    dollar_initial_referrer: Property = Property(
        "$initial_referrer", description="Address the first visit came from."
    )
    """Address of the page that led to the first visit; "$direct" for none."""

    dollar_initial_referring_domain: Property = Property(
        "$initial_referring_domain", description="Domain the first visit came from."
    )
    """Domain of the page that led to the first visit; "$direct" for none."""

    initial_utm_source: Property = Property(
        "initial_utm_source", description="Where the first visit came from."
    )
    """First UTM tag: where the visit came from, such as "newsletter"."""

    initial_utm_medium: Property = Property(
        "initial_utm_medium", description="Kind of the first link."
    )
    """First UTM tag: the kind of link, such as "email" or "cpc"."""

    initial_utm_campaign: Property = Property(
        "initial_utm_campaign", description="Name of the first campaign."
    )
    """First UTM tag: name of the campaign."""

    initial_utm_term: Property = Property(
        "initial_utm_term", description="Keyword of the first campaign."
    )
    """First UTM tag: keyword that was paid for."""

    initial_utm_content: Property = Property(
        "initial_utm_content", description="Link of the first campaign."
    )
    """First UTM tag: which of the campaign's links was used."""

    initial_utm_id: Property = Property(
        "initial_utm_id", description="Id of the first campaign."
    )
    """First UTM tag: id of the campaign."""

    initial_utm_campaign_id: Property = Property(
        "initial_utm_campaign_id", description="Id of the first campaign."
    )
    """First UTM tag: id of the campaign, as some platforms name it."""

    initial_utm_source_platform: Property = Property(
        "initial_utm_source_platform", description="First advertising platform."
    )
    """First UTM tag: platform that placed the link."""

    initial_utm_creative_format: Property = Property(
        "initial_utm_creative_format", description="First kind of creative."
    )
    """First UTM tag: kind of creative that was shown, such as "video"."""

    initial_utm_marketing_tactic: Property = Property(
        "initial_utm_marketing_tactic", description="How the first audience was chosen."
    )
    """First UTM tag: how the audience was chosen, such as "remarketing"."""
