"""What callers of mixpanel_query may write; checked by ``mypy --strict``, never run."""

from __future__ import annotations

from mixpanel_query import AsyncClient, Client, event_property, jql
from mixpanel_schema import Event, Property, TypedEvent, prop

WINDOW = ("2026-11-09", "2026-11-15")
OPENED = Event("Opened")


class Paid(TypedEvent, event_name="Paid"):
    """A typed event, whose class stands for its name."""

    plan: str = prop("Plan")


TYPED: list[type[TypedEvent]] = [Paid]
DECLARED: list[Event] = [OPENED]


def ask(client: Client) -> None:
    """Name events as typed classes, as declarations and as text, and mix them."""
    client.events(Paid, *WINDOW)
    client.events([Paid, OPENED, "Closed"], *WINDOW)
    client.events(TYPED, *WINDOW)
    client.events(DECLARED, *WINDOW)
    client.segmentation(Paid, *WINDOW, on=Property("Plan"))
    client.segmentation_sum(Paid, *WINDOW, on=event_property("Price") * 2).total()
    client.retention(*WINDOW, born_event=Paid, event=OPENED)
    client.frequency(*WINDOW, unit="week", addiction_unit="day", event=Paid)
    client.property_names(Paid)
    client.lexicon_entry("event", Paid)
    for event in client.export(*WINDOW, events=[Paid]):
        event.time.isoformat()
    query = jql.events(*WINDOW, events=Paid).group_by("name", jql.reducer.count())
    list(client.iter_jql(query))


async def ask_and_await(client: AsyncClient) -> None:
    """Do the same without blocking."""
    await client.events([Paid, OPENED, "Closed"], *WINDOW)
    await client.segmentation(Paid, *WINDOW)
    async for event in client.export(*WINDOW, events=Paid):
        event.time.isoformat()
