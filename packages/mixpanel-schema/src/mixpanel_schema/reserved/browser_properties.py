"""Properties of events that the JavaScript SDK reads from the page and the pointer."""

from __future__ import annotations

from mixpanel_schema.reserved.rows import Table, Tables, number, string, untyped

__all__ = ["TABLES"]

# https://docs.mixpanel.com/docs/tracking-methods/sdks/javascript

UTM_TAGS: Table = {
    "utm_source": string("UTM tag: where the visit came from", "UTM Parameters"),
    "utm_campaign": string("UTM tag: name of the campaign", "UTM Parameters"),
    "utm_medium": string("UTM tag: kind of link, such as e-mail", "UTM Parameters"),
    "utm_term": string("UTM tag: keyword paid for", "UTM Parameters"),
    "utm_content": string("UTM tag: which link of the campaign", "UTM Parameters"),
    "utm_id": string("UTM tag: id of the campaign", "UTM Parameters"),
    "utm_source_platform": string(
        "UTM tag: platform that placed the link", "UTM Parameters"
    ),
    "utm_campaign_id": string("UTM tag: id of the campaign", "UTM Parameters"),
    "utm_creative_format": string("UTM tag: kind of creative shown", "UTM Parameters"),
    "utm_marketing_tactic": string(
        "UTM tag: how the audience was chosen", "UTM Parameters"
    ),
}
CLICK_IDS: Table = {
    "dclid": string("Click id of Google Display & Video"),
    "fbclid": string("Click id of Facebook"),
    "gclid": string("Click id of Google Ads"),
    "ko_click_id": string("Click id of Kochava"),
    "li_fat_id": string("Click id of LinkedIn"),
    "msclkid": string("Click id of Microsoft Advertising"),
    "sccid": string("Click id of Snapchat"),
    "ttclid": string("Click id of TikTok"),
    "twclid": string("Click id of X (Twitter)"),
    "wbraid": string("Click id of Google Ads, from the web to an iOS app"),
}
OF_PAGE_VIEWS: Table = {
    "current_page_title": string("Title of the page"),
    "current_domain": string("Domain of the page's address"),
    "current_url_path": string("Path of the page's address"),
    "current_url_protocol": string("Protocol of the page's address, such as https:"),
    "current_url_search": string("Query string of the page's address"),
}
BY_AUTOCAPTURE: Table = {
    "$event_type": string("What happened in the page, such as click"),
    "$host": string("Host of the page's address"),
    "$pathname": string("Path of the page's address"),
    "$elements": untyped("Elements that were involved, from the target outwards"),
    "$target": untyped("Element that it happened to"),
    "$el_attr__href": string("Where the link leads"),
    "$el_classes": untyped("Classes that style the element"),
    "$el_tag_name": string("Tag of the element"),
    "$viewportHeight": number("Height of the visible part of the page"),
    "$viewportWidth": number("Width of the visible part of the page"),
    "$clientX": number("Pointer from the left of the visible part"),
    "$clientY": number("Pointer from the top of the visible part"),
    "$offsetX": number("Pointer from the left of the element"),
    "$offsetY": number("Pointer from the top of the element"),
    "$pageHeight": number("Height of the whole page"),
    "$pageWidth": number("Width of the whole page"),
    "$pageX": number("Pointer from the left of the whole page"),
    "$pageY": number("Pointer from the top of the whole page"),
    "$scroll_checkpoint": untyped("Mark that scrolling passed, in percent"),
    "$scroll_height": number("Height of what can be scrolled"),
    "$scroll_percentage": number("How far down the page is, in percent"),
    "$scroll_top": number("How far down the page is, in pixels"),
    "$screenX": number("Pointer from the left of the screen"),
    "$screenY": number("Pointer from the top of the screen"),
    "$x": number("Pointer from the left, nearly always as $pageX"),
    "$y": number("Pointer from the top, nearly always as $pageY"),
}
TABLES: Tables = (
    ("event_default", "sdk: JavaScript", UTM_TAGS),
    ("event_default", "sdk: JavaScript", CLICK_IDS),
    ("event_default", "sdk: JavaScript page view", OF_PAGE_VIEWS),
    ("event_default", "sdk: JavaScript autocapture", BY_AUTOCAPTURE),
)
