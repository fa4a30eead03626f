"""The tracking plan as a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.documents.readable_types import readable_type
from mixpanel_schema.events import Event, Events
from mixpanel_schema.properties import (
    EventProperties,
    GroupProperties,
    ProfileProperties,
    Property,
)
from mixpanel_schema.tracking_plan import TrackingPlan

__all__ = ["to_markdown"]

SHARED = "Properties of any event"
CATALOGUES = {
    SHARED: "What an event may carry that does not list its own properties.",
    "Profile properties": "What is known of a user.",
    "Group properties": "What is known of a group, such as a company.",
}
READY_MADE = "Ready-made names"
ABOUT_READY_MADE = (
    "These come with mixpanel-schema and may be sent too; those that Mixpanel knows "
    "have the meaning that they have everywhere."
)
# By kind ("event", or "" for a section) and text of a heading: its anchor.
Links = Mapping[tuple[str, str], str]
LEGEND = "What is *required* is there every time. **PII** marks personal data."
EVENT_COLUMNS = ("Property", "Type", "Required", "Meaning")
PLAIN_COLUMNS = ("Property", "Type", "Meaning")
# What would be read as markup in running text.
MARKUP = re.compile(r"([\\`*_\[\]<>|~$&])")
# What begins a heading, a list or a rule where it begins a paragraph.
OPENING = re.compile(r"^(\d*)(?=[-+#=]|(?<=\d)[.)])")


def to_markdown(plan: TrackingPlan) -> str:
    """Write a plan as a page for people, with contents, events and properties.

    What the app declares has a section or a table, and what it merely inherits from
    the built-in catalogues is named at the end.

    >>> print(to_markdown(TrackingPlan())[:15])
    # Tracking plan
    """
    events, inherited_events = own_and_inherited(plan.events, Events)
    catalogues, inherited = parted_catalogues(plan)
    ready_made: dict[str, tuple[Event, ...] | tuple[Property, ...]]
    ready_made = {"Events": inherited_events, **inherited}
    headings = [("", "Tracking plan")]
    if events:
        headings += [("", "Events"), *(("event", event.name) for event in events)]
    headings += [("", title) for title in catalogues]
    if any(ready_made.values()):
        headings.append(("", READY_MADE))
    links = dict(zip(headings, anchors([text for _, text in headings]), strict=True))
    lines = ["# Tracking plan", "", LEGEND, "", *contents(links), ""]
    if events:
        lines += ["## Events", ""]
    for event in events:
        lines += about_event(event, links)
    for title, own in catalogues.items():
        lines += [f"## {title}", "", CATALOGUES[title], ""]
        lines += table(PLAIN_COLUMNS, own)
    if any(ready_made.values()):
        lines += about_ready_made(ready_made)
    return "\n".join(lines).rstrip() + "\n"


def parted_catalogues(
    plan: TrackingPlan,
) -> tuple[dict[str, tuple[Property, ...]], dict[str, tuple[Property, ...]]]:
    """Give the properties outside events by title: the app's own, and inherited."""
    found: tuple[tuple[Mapping[str, Property], type[Catalogue]], ...] = (
        (plan.shared_event_properties, EventProperties),
        (plan.profile_properties, ProfileProperties),
        (plan.group_properties, GroupProperties),
    )
    all_own, all_inherited = {}, {}
    for title, (properties, built_in) in zip(CATALOGUES, found, strict=True):
        own, all_inherited[title] = own_and_inherited(properties, built_in)
        if own:
            all_own[title] = own
    return all_own, all_inherited


def contents(links: Links) -> Iterator[str]:
    """Write the list of the sections, events below their section."""
    for (kind, text), anchor in list(links.items())[1:]:
        indent = "  " if kind == "event" else ""
        yield f"{indent}- [{escaped(text)}](#{anchor})"


def about_event(event: Event, links: Links) -> Iterator[str]:
    """Write the section of an event."""
    yield from (f"### {heading_text(event.name)}", "")
    if event.description:
        yield from (paragraph(event.description), "")
    if event.renamed_from:
        yield from (f"Formerly {', '.join(map(code, event.renamed_from))}.", "")
    if event.properties:
        yield from table(EVENT_COLUMNS, event.properties, event.required)
        return
    shared = [title for title in (SHARED, READY_MADE) if ("", title) in links]
    if event.properties is not None or not shared:
        yield from ("It carries no properties.", "")
    else:
        anchor = links["", shared[0]]
        yield from (f"It may carry the [{SHARED.lower()}](#{anchor}).", "")


def about_ready_made(
    ready_made: Mapping[str, tuple[Event, ...] | tuple[Property, ...]],
) -> Iterator[str]:
    """Name what the plan merely inherits."""
    yield from (f"## {READY_MADE}", "", ABOUT_READY_MADE, "")
    for title, members in ready_made.items():
        names = ", ".join(code(member.name) for member in members)
        if names:
            yield f"- {title}: {names}."


def table(
    columns: tuple[str, ...],
    properties: Iterable[Property],
    required: Iterable[str] | None = None,
) -> Iterator[str]:
    """Write a table of properties."""
    yield row(columns)
    yield row("---" for _ in columns)
    for prop in properties:
        needed = () if required is None else (yes_if(prop.name in required),)
        pii = "**PII.**" if prop.pii else ""
        meaning = f"{pii} {escaped(prop.description)}".strip()
        kind = escaped(readable_type(prop))
        yield row((code(prop.name).replace("|", r"\|"), kind, *needed, meaning))
    yield ""


def yes_if(required: bool) -> str:  # it is what is said
    """Write whether a property is always there."""
    return "yes" if required else "no"


def row(cells: Iterable[str]) -> str:
    """Write a row of a table."""
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """Write text in one line that is read as it stands, without markup."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def paragraph(text: str) -> str:
    r"""Write text as a paragraph of its own, which no sign at its start turns to more.

    >>> print(paragraph("# 1"), paragraph("1. One"), paragraph("2 - 1"))
    \# 1 1\. One 2 - 1
    """
    return OPENING.sub(r"\1\\", escaped(text), count=1)


def heading_text(text: str) -> str:
    """Write text as a heading, whose last signs would else close it unseen."""
    return re.sub(r"(#+)$", r"\\\1", escaped(text))


def code(name: str) -> str:
    """Write a name as code, whatever is in it."""
    whole = " ".join(name.split())
    longest = max(map(len, re.findall("`+", whole)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {whole} {fence}" if longest else f"`{whole}`"


def anchors(headings: Iterable[str]) -> list[str]:
    """Give headings the anchors that GitHub and GitLab give them.

    >>> anchors(["Events", "Button/Link Clicked", "Events"])
    ['events', 'buttonlink-clicked', 'events-1']
    """
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        kept = re.sub(r"[^\w\- ]", "", " ".join(heading.split()).lower())
        anchor = kept.replace(" ", "-")
        unique = anchor
        while unique in seen:
            seen[anchor] += 1
            unique = f"{anchor}-{seen[anchor]}"
        seen[unique] = 0
        found.append(unique)
    return found
