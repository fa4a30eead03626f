"""What a scripted Mixpanel answers: the same counts for every event and day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

__all__ = ["counted", "kind_of_path"]

EVENTS_A_DAY, USERS_A_BUCKET, SUM_A_DAY, ACTIVE_USERS = 7, 5, 10.5, 6


def kind_of_path(path: str) -> str:
    """Tell what a request is about: names, totals, users, or the end of its address."""
    parts = urlsplit(path)
    asked = parse_qs(parts.query)
    end = parts.path.rsplit("/", 1)[-1]
    if end == "events":
        return "users" if asked["type"] == ["unique"] else "totals"
    if end == "segmentation":
        return "users" if asked["type"] == ["unique"] else "where"
    return end


def counted(path: str, body: str = "") -> str:
    """Answer as Mixpanel documents it."""
    given = parse_qs(urlsplit(path).query)
    asked = {name: value[0] for name, value in given.items()}
    kind = kind_of_path(path)
    fixed = {"names": NAMES, "insights": SAVED, "annotations": NOTES}
    if kind in fixed:
        return json.dumps(fixed[kind])
    if kind == "jql":
        return json.dumps(script_rows(json.loads(parse_qs(body)["params"][0])))
    starts = bucket_starts(asked)
    if kind == "sum":
        sums = dict.fromkeys(starts, SUM_A_DAY)
        return json.dumps({"status": "ok", "results": sums})
    if kind == "addiction":
        active = {start: [ACTIVE_USERS, 2] for start in starts}
        return json.dumps({"data": active})
    count = USERS_A_BUCKET if kind == "users" else EVENTS_A_DAY
    named = asked["event"]
    events = json.loads(named) if named.startswith("[") else [named]
    values = {event: dict.fromkeys(starts, count) for event in events}
    return json.dumps({"data": {"series": starts, "values": values}, "legend_size": 1})


def bucket_starts(asked: dict[str, str]) -> list[str]:
    """List the first days of the buckets that are asked for."""
    first = date.fromisoformat(asked["from_date"])
    days = (date.fromisoformat(asked["to_date"]) - first).days + 1
    step = int(asked.get("interval", 7 if asked.get("unit") == "week" else 1))
    starts = [first + timedelta(days=day) for day in range(0, days, step)]
    if asked.get("unit") == "month":
        starts = [day for day in starts if day.day == 1]
    return [day.isoformat() for day in starts]


def script_rows(params: dict[str, object]) -> list[dict[str, object]]:
    """Answer the script that counts active users, window by window."""
    windows = params["windows"]
    assert isinstance(windows, list)
    return [{"key": [n], "value": ACTIVE_USERS} for n in range(len(windows))]


SAVED = {
    "computed_at": "2026-11-18T08:00:00+00:00",
    "date_range": {
        "from_date": "2026-11-09T00:00:00+00:00",
        "to_date": "2026-11-15T23:59:59+00:00",
    },
    "headers": ["$metric"],
    "series": {"Revenue": {"all": 1234.5}},
}
NAMES = ["Sign Up", "Page View"]
NOTES = {
    "status": "ok",
    "results": [{"id": 1, "date": "2026-11-10 14:00:00", "description": "Release 2.0"}],
}
