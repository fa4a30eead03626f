"""Event properties from the headers of a request: ``X-Mixpanel-<attribute>``.

A frontend or a proxy sets with them what every event of the request carries. Headers
come from anybody, so what they may set is settled at start-up, and what they say is
cleaned and cut.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from mixpanel_schema import EventProperties, Property
from mixpanel_schema.catalogues import members
from mixpanel_schema.limit_fit import cut_text
from mixpanel_schema.value_types import accepts

__all__ = ["ALL", "NEVER_ATTRIBUTES", "HeaderProperties", "cleaned"]

logger = logging.getLogger(__name__)

ALL = "*"  # what the application declared itself, and these:
ALWAYS = ("title", "path", "dollar_referrer")
# Who it was, when, which event, which project, from where, and whether it counts.
NEVER = frozenset(
    "alias $anon_id $device_id distinct_id $distinct_id $distinct_ids $identified_id "
    "$user_id $partner_user_id mp_original_distinct_id $distinct_id_before_identity "
    "$preshuffle_distinct_id bucket $bucket time $time insert_id $insert_id token "
    "$token ip $ip $ignore mp_lib $mp_lib $lib_version $import "
    # Customer.io sends a campaign's messages to and from what an event says here:
    # https://docs.customer.io/integrations/api/track/#operation/track
    "from_address $from_address recipient $recipient reply_to $reply_to".split()
)
NEVER_ATTRIBUTES = frozenset(name.replace("$", "dollar_") for name in NEVER)
PREFIX = "HTTP_X_MIXPANEL_"
LONGEST = 255  # bytes: https://developer.mixpanel.com/reference/import-events
MOST_NAMES = 100  # that are told of; anybody can make up more
CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


class HeaderProperties:
    """What the headers of a request may say of its events.

    Any number of threads may share one.

    Args:
        catalogue: The application's catalogue of what events may carry.
        allowed: Attributes of it that headers may set, ``"*"`` for the usual ones.

    Attributes:
        by_attribute: The properties that headers may set, by attribute, lower-cased.
    """

    def __init__(self, catalogue: EventProperties, allowed: frozenset[str]) -> None:
        self.by_attribute: dict[str, Property] = {}
        self.known: dict[str, Property] = {}
        usual = {*own_attributes(catalogue), *ALWAYS} if ALL in allowed else set()
        for attribute, prop in members(catalogue, Property).items():
            self.known.setdefault(attribute.lower(), prop)
            if attribute in usual | allowed and prop.name not in NEVER:
                self.by_attribute.setdefault(attribute.lower(), prop)
        self.told: set[str] = set()

    def read(self, environ: Mapping[str, object]) -> dict[Property, object]:
        """Read what the headers of a request say; without such headers, nothing.

        Args:
            environ: The WSGI environment.
        """
        if not self.by_attribute:
            return {}
        try:  # nearly no request has one, and this is faster than a loop
            if PREFIX not in "\n".join(environ):
                return {}
        except TypeError:  # a key that is no text, which WSGI does not have
            environ = {k: v for k, v in environ.items() if isinstance(k, str)}
        return dict(self.found(environ))

    def found(self, environ: Mapping[str, object]) -> Iterator[tuple[Property, str]]:
        """Give property and value of each header that may set one."""
        for key, value in environ.items():
            if key.startswith(PREFIX):
                attribute = key[len(PREFIX) :].lower()
                prop = self.by_attribute.get(attribute)
                text = cleaned(str(value))
                if prop is None:
                    self.tell(key, attribute)
                elif not text:
                    continue
                elif accepts(prop.type)(text):
                    yield prop, text
                else:
                    self.log(key, attribute, "is not of the type that is declared")

    def tell(self, key: str, attribute: str) -> None:
        """Log why a header sets nothing."""
        reason = "may not be set by headers"
        if attribute not in self.known:
            reason = "is not a member of event_properties"  # as in pyramid_mixpanel
        self.log(key, attribute, reason)

    def log(self, key: str, attribute: str, reason: str) -> None:
        """Log something of a header, once for each and not for endlessly many."""
        attribute = cleaned(attribute)
        if attribute in self.told or len(self.told) >= MOST_NAMES:
            return
        self.told.add(attribute)
        header = cleaned(key.removeprefix("HTTP_").replace("_", "-").title())
        text = "Property '%s', from request header '%s' %s"
        logger.warning(text, attribute, header, reason)


def own_attributes(catalogue: EventProperties) -> set[str]:
    """List the attributes that the application has declared itself."""
    built_in = set(EventProperties.__mro__)
    found = set(getattr(catalogue, "__dict__", ()))
    for base in type(catalogue).__mro__:
        if base not in built_in:
            found.update(vars(base))
    return found


def cleaned(value: str) -> str:
    r"""Make text of what a header says.

    WSGI gives the bytes of a header as if they were Latin-1
    (https://peps.python.org/pep-3333/#unicode-issues); most are UTF-8.

    >>> cleaned("Caf\xc3\xa9 \x1b[31m au lait")
    'Café  [31m au lait'
    """
    try:
        value = value.encode("latin-1").decode("utf-8")
    except UnicodeError:  # a client that sends Latin-1, or no WSGI server in between
        value = value.encode("utf-8", "replace").decode("utf-8")
    return cut_text(value.translate(CONTROLS).strip(), LONGEST)
