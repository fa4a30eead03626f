"""The naming lint: advice on the names of a tracking plan.

Names are lasting: Mixpanel takes whatever it is sent, and what was stored under a name
stays there. The lint reads names before they are sent. It is advice and never stops an
app; a rule that does not suit a plan, or a name that must stay, is switched off in the
plan itself, with the reason.

https://docs.mixpanel.com/docs/data-structure/events-and-properties
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import asdict, dataclass

from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.dynamic_values import dynamic_value
from mixpanel_schema.event_phrases import Remark, event_phrase
from mixpanel_schema.exceptions import MixpanelSchemaError
from mixpanel_schema.mixpanel_names import KINDS, OWN_PREFIXES, is_mixpanels
from mixpanel_schema.name_styles import name_style, title_words
from mixpanel_schema.near_names import near_duplicates, numbered
from mixpanel_schema.tracking_plan import TrackingPlan

__all__ = ["MOST_EVENTS", "RULES", "Finding", "lint"]

RULES: Mapping[str, str] = {
    "past-tense": "An event names what was done, in the past tense: Site Deployed.",
    "item-first": "An event names the item before the action: Button Clicked.",
    "tense-mix": "An event holds one tense: no Was Deployed, no Viewed and Submit.",
    "title-case": "Each word begins with a capital; acronyms and small words may not.",
    "snake-case": "Words are not joined by underscores.",
    "camel-case": "Words are not joined by capitals.",
    "plain-characters": "A name is words with single spaces, without separators.",
    "dynamic-value": "What differs from case to case belongs in a property.",
    "near-duplicate": "Two names of one kind do not differ in spelling alone.",
    "too-many-events": "A plan stays within the 5000 events that Mixpanel indexes.",
}
# https://docs.mixpanel.com/docs/data-structure/events-and-properties
MOST_EVENTS = 5000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has against one name.

    Attributes:
        rule: Name of the rule, one of ``RULES``.
        name: The name; empty where the finding is about the plan.
        kind: What is named: ``event``, ``event property``, ``profile property``,
            ``profile meta property``, ``group property``, or ``plan``.
        message: What is wrong, and what to do.
        suggestion: A better name; empty where it would be a guess.

    >>> print(Finding("title-case", "site deployed", "event", "no Title Case"))
    event 'site deployed': no Title Case (title-case)
    """

    rule: str
    name: str
    kind: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        named = f"{self.kind} {self.name!r}" if self.name else self.kind
        better = f"; try {self.suggestion!r}" if self.suggestion else ""
        return f"{named}: {self.message}{better} ({self.rule})"

    def to_json(self) -> dict[str, str]:
        """Give the finding as a JSON-ready dict."""
        return asdict(self)


def lint(
    plan: TrackingPlan, *, ignore: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check the names of a plan against the naming rules.

    Names that Mixpanel gives a meaning to are never found fault with.

    Args:
        plan: The plan. What its ``lint_ignore`` holds is left out, too.
        ignore: What to leave out: by rule (``"title-case"``), or by rule and name
            (``"title-case: iPhone paired"``), each with the reason.

    Returns:
        What was found: events first, then properties, in order of declaration.

    Raises:
        MixpanelSchemaError: If ``ignore`` holds an unknown rule, a name that is not
            in the plan, or no reason.

    >>> from mixpanel_schema import Event, Events
    >>> class MyEvents(Events):
    ...     site_deploy = Event("Site Deploy")
    >>> print(*lint(TrackingPlan(events=MyEvents)))
    event 'Site Deploy': no past-tense action; say what was done to the item; \
try 'Site Deployed' (past-tense)
    """
    declared = {kind: getattr(plan, place) for kind, (place, _) in KINDS.items()}
    known = set().union(*declared.values())
    silenced = read_ignored({**plan.lint_ignore, **(ignore or {})}, known)
    found = [*plan_limits(plan)]
    for kind, names in declared.items():
        _, inherited = own_and_inherited(names, KINDS[kind][1])
        found += findings(kind, names, {member.name for member in inherited})
    return [
        finding
        for finding in found
        if not {(finding.rule, ""), (finding.rule, finding.name)} & silenced
    ]


def findings(
    kind: str, names: Iterable[str], inherited: Set[str] = frozenset()
) -> Iterator[Finding]:
    """Check the names of one kind, some of which an app merely inherits."""
    event = kind == "event"
    remarks = {
        name: [] if is_mixpanels(name, kind) else [*name_remarks(name, event)]
        for name in names
    }
    against = {
        name: len(found) if not is_mixpanels(name, kind) else -1
        for name, found in remarks.items()
    }
    near = near_duplicates(
        [name for name in names if compared(name, inherited)],
        against,
        event=event,
    )
    numbers = {} if event else numbered(name for name in names if against[name] >= 0)
    for name, found in remarks.items():
        if name in numbers:
            others = " and ".join(map(repr, numbers[name][:2]))
            message = f"{others} number the items of a list; send one property with it"
            found.append(Remark("dynamic-value", message))
        if name in near and against[name] >= 0:
            message = f"nearly the same as {near[name]!r}; keep one of them"
            found.append(Remark("near-duplicate", message, near[name]))
        for remark in found:
            better = "" if remark.suggestion == name else remark.suggestion
            yield Finding(remark.rule, name, kind, remark.message, better)


def compared(name: str, inherited: Set[str]) -> bool:
    """Tell whether other names may be too near to one; Mixpanel shows "$os" as "Os"."""
    special = OWN_PREFIXES.match(name) is not None
    return not special or (name[0] == "$" and name not in inherited)


def name_remarks(name: str, event: bool) -> Iterator[Remark]:
    """Say what is wrong with one name, taken by itself."""
    value = dynamic_value(name, event=event)
    if value:
        message = f"{value!r} differs from case to case; put it in a property"
        yield Remark("dynamic-value", message, "")
    style = [*name_style(name, event=event)]
    phrase = event_phrase(title_words(name)) if event else None
    for remark in style:
        # One better name for all: a name of the right case in the wrong tense misleads.
        better = phrase.suggestion if phrase else remark.suggestion
        yield remark._replace(suggestion="" if value else better)
    if phrase:
        yield phrase._replace(suggestion="" if value else phrase.suggestion)


def plan_limits(plan: TrackingPlan) -> Iterator[Finding]:
    """Say whether a plan holds more events than Mixpanel indexes."""
    count = sum(not is_mixpanels(name, "event") for name in plan.events)
    if count > MOST_EVENTS:
        message = (
            f"{count} events; more than {MOST_EVENTS} are stored but not indexed: "
            "put what sets them apart in properties"
        )
        yield Finding("too-many-events", "", "plan", message)


def read_ignored(given: Mapping[str, str], known: set[str]) -> set[tuple[str, str]]:
    """Read what is to be ignored, as pairs of a rule and a name or nothing.

    Raises:
        MixpanelSchemaError: If a rule or name is unknown, or a reason is missing.
    """
    found = set()
    for key, reason in given.items():
        rule, _, name = (part.strip() for part in key.partition(":"))
        if rule not in RULES:
            message = f"lint ignores {rule!r}, no such rule; rules: {', '.join(RULES)}"
            raise MixpanelSchemaError(message)
        if name and name not in known:
            message = f"lint ignores {rule!r} for {name!r}, not in the plan; remove it"
            raise MixpanelSchemaError(message)
        if not isinstance(reason, str) or not reason.strip():
            message = f"lint ignores {key!r} without a reason; say why, in a few words"
            raise MixpanelSchemaError(message)
        found.add((rule, name))
    return found
