"""Words of names: how a name is taken apart, and how its words are capitalised."""

from __future__ import annotations

import re

from mixpanel_schema.verbs import BASE_FORMS, is_past
from mixpanel_schema.word_sets import word_set

__all__ = [
    "ACRONYMS",
    "ITEM_WORDS",
    "PARTICLES",
    "PREPOSITIONS",
    "SMALL_WORDS",
    "camel_parts",
    "is_brand",
    "singular",
    "split_words",
    "title_case",
]

# Written small inside a title. Capitals are accepted too: styles differ.
SMALL_WORDS = word_set(
    """
    a an and as at but by for from if in into nor of off on onto or out over per so
    than the to up upon via vs vs. with within without yet
    """
)
# They belong to the verb before them: signed up, logged in, rolled back.
PARTICLES = word_set(
    """
    around away back down in off on out over through up
    """
)
PREPOSITIONS = word_set(
    """
    about across after against along among around as at before behind below beside
    between beyond by despite during except following for from if in inside into
    near of off on onto out outside over past per regarding since through throughout
    to towards toward under until upon using via vs when while with within without
    because due and or but then than
    """
)
# In capitals wherever they stand, for suggestions.
ACRONYMS = word_set(
    """
    ai api arr aws b2b b2c cpu crm csv css cta cv eu eur faq gdpr gps gpt gpu html
    http https id ids ip isbn jpg json kpi kyc llm mfa mrr mvp nft ocr otp pdf pin
    png pos qa qr roi rsvp rss saas sdk seo sku sla sms sql ssl sso svg ui uk uri
    url urls us usd usb utm ux vat vip vpn wifi xml zip 2fa 3d
    """
)
BRANDS = word_set(
    """
    adsense airbnb airdrop airplay airpods aliexpress appsumo autocad autopay
    bigquery bitbucket blackberry bluesky capcut carplay chatgpt clevertap
    clickhouse clickup cloudflare cloudfront codepen datadog deepl deepseek devops
    docusign doordash dropbox ecommerce emea facetime fitbit fintech foodpanda
    geforce github gitlab godaddy gofundme googlepay graphql hashicorp healthkit
    homekit homepod hubspot iaas icloud imessage instagram intercom ipad iphone ipod
    itunes javascript jquery kakaotalk lastpass latex leetcode linkedin livestream
    lyft mailchimp mariadb mastercard metamask midjourney moengage mongodb
    myfitnesspal mysql nextjs nodejs oauth onedrive onenote onesignal onlyfans
    openai opensea opentable oauth2 pagerduty paypal paypass playstation postgresql
    postman posthog powerbi powerpoint pubmed pytorch quickbooks quicktime recaptcha
    redbubble revenuecat rubygems safepay salesforce samsungpay sendgrid sharepoint
    shopify skillshare snapchat soundcloud stackoverflow strava surveymonkey
    taskrabbit teamviewer tensorflow testflight tiktok timescaledb toefl tripadvisor
    truecaller tvos typeform typescript uber ubereats venmo virtualbox vmware vscode
    wechat webex webgl webhook webrtc websocket wetransfer whatsapp whoop wifi
    windows woocommerce wordpress youtube yubikey zendesk zoominfo mcafee mcdonalds
    wework watchos macos ios ipados esim ebay ebook etsy ereader epub esignature
    escooter ebike eprint ecard enps ecpm egift evisa elearning emoney enewsletter
    ewallet evoucher appfollow appstore cashapp gotomeeting helpscout pagerank
    pagespeed paypay playstore setapp shoppay siteground teamcity tradingview
    usertesting dapp grpc mtls mrna npm nps kwh mph kbps rpm trpc pgp uwsgi xdai xml
    dbt saml ipfs
    """
)
# Words that name items everywhere, so that "UserName" is two words and no brand.
ITEM_WORDS = word_set(
    """
    account action address admin amount api app article banner button campaign cart
    category channel checkout city click code color comment company content count
    country coupon currency customer date day device discount document email error
    event feature file filter form group icon id image invoice item key kind
    language level link list location login mail member menu message method modal
    mode name notification number offer order page password payment period phone
    photo plan platform post price product profile project property quantity query
    question rating reason result role screen search section session setting
    settings size source state status step store subscription survey tab tag task
    team template test text ticket time title token total type url user value
    variant version video view visit website widget
    """
)
CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")


def camel_parts(word: str) -> list[str]:
    """Take a word apart where capitals begin; an acronym stays whole.

    >>> camel_parts("userName"), camel_parts("PDFExport"), camel_parts("URLs")
    (['user', 'Name'], ['PDF', 'Export'], ['URLs'])
    """
    if ACRONYM_PLURAL.fullmatch(word):
        return [word]
    return CAMEL.findall(word)


def is_brand(word: str) -> bool:
    """Tell whether a word with capitals inside is known to be written so."""
    return word.lower() in BRANDS


def split_words(name: str) -> list[str]:
    """Take a name in any style apart into its words.

    >>> split_words("userName"), split_words("page_view"), split_words("Button/Link")
    (['user', 'Name'], ['page', 'view'], ['Button', 'Link'])
    """
    found: list[str] = []
    for word in re.findall(r"[^\W_]+(?:['\u2019][^\W_]+)*", name):
        parts = camel_parts(word)
        found.extend([word] if is_brand(word) or len(parts) < 2 else parts)
    return found


def singular(small: str) -> str:
    """Give the singular of a lowercase noun, as far as its ending tells.

    >>> singular("entries"), singular("seats"), singular("status"), singular("boxes")
    ('entry', 'seat', 'status', 'box')
    """
    if len(small) < 4 or not small.endswith("s") or small.endswith(("ss", "us", "is")):
        return small
    if small.endswith("ies") and len(small) > 4:
        return f"{small[:-3]}y"
    if small.endswith(("ches", "shes", "xes", "sses", "zes")):
        return small[:-2]
    return small[:-1]


def title_case(words: list[str]) -> str:
    """Write words as a title.

    >>> title_case(["item", "added", "to", "cart"]), title_case(["pdf", "made"])
    ('Item Added to Cart', 'PDF Made')
    """
    last = len(words) - 1
    shouted = all(word.isupper() for word in words)
    return " ".join(
        word.lower()
        if word.lower() in SMALL_WORDS
        and 0 < index < last
        and not (word.lower() in PARTICLES and is_verb(words[index - 1]))
        else capitalised(word, shouted)
        for index, word in enumerate(words)
    )


def is_verb(word: str) -> bool:
    """Tell whether a word may be one to which "up" or "out" belongs."""
    return word.lower() in BASE_FORMS or is_past(word)


def capitalised(word: str, shouted: bool) -> str:
    """Write one word with a capital, an acronym with all of them.

    Args:
        word: The word.
        shouted: Whether all words around it are in capitals, so that this one need
            not be an acronym.
    """
    short = len(word) < 4 and word.isupper() and not shouted
    if word.lower() in ACRONYMS or (short and word.lower() not in ITEM_WORDS):
        return word.upper()
    if is_brand(word) and not word.islower():
        return word
    return word[:1].upper() + (word[1:].lower() if word.isupper() else word[1:])
