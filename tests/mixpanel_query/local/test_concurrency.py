"""Events may arrive while questions are asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from mixpanel_query.local import LocalProject

DAY = {"from_date": "2026-11-22", "to_date": "2026-11-22", "event": "A"}


def test_tracking_and_asking_at_once(project: LocalProject, tmp_path: Path) -> None:
    """Four senders, two askers, an export and a load at once; nothing is lost."""
    path = tmp_path / "events.jsonl"
    path.write_text(
        '{"event":"A","properties":{"time":1795348800,"distinct_id":"f"}}\n' * 500
    )

    def send(sender: int) -> int:
        with httpx.Client(base_url=project.base_url, trust_env=False) as http:
            for number in range(20):
                properties = {"token": "t", "distinct_id": f"u{sender}-{number}"}
                event = {"event": "A", "properties": properties}
                update = {"$token": "t", "$distinct_id": "u", "$add": {"n": 1}}
                assert http.post("/track", json=event).text == "1"
                assert http.post("/engage", json=update).text == "1"
        return 20

    def ask(_: int) -> int:
        seen: list[int] = []
        with httpx.Client(base_url=project.base_url, trust_env=False) as http:
            for _ in range(12):
                counts = http.get("/api/query/segmentation", params=DAY).json()
                seen.append(counts["data"]["values"]["A"]["2026-11-22"])
                export = http.get("/api/2.0/export", params=DAY | {"event": '["A"]'})
                # What was counted before the export began is in it.
                assert export.text.count("\n") >= seen[-1]
        assert seen == sorted(seen)
        return seen[-1]

    with ThreadPoolExecutor(8) as pool:
        senders = [pool.submit(send, number) for number in range(4)]
        askers = [pool.submit(ask, number) for number in range(2)]
        loading = pool.submit(project.load, path)
        assert [future.result(60) for future in senders] == [20] * 4
        assert loading.result(60) == 500
        assert all(future.result(60) <= 580 for future in askers)

    with httpx.Client(base_url=project.base_url, trust_env=False) as http:
        counts = http.get("/api/query/segmentation", params=DAY).json()
        profile = http.post("/api/query/engage", data={"distinct_id": "u"}).json()
    assert counts["data"]["values"] == {"A": {"2026-11-22": 580}}
    assert profile["results"][0]["$properties"]["n"] == 80


def test_conditions_asked_at_once_do_not_mix(
    project: LocalProject, tmp_path: Path
) -> None:
    """Each of many questions has the answer of its own condition."""
    path = tmp_path / "events.jsonl"
    lines = [
        f'{{"event":"A","properties":{{"time":1795305600,"n":{number}}}}}\n'
        for number in range(100)
    ]
    path.write_text("".join(lines))
    project.load(path)

    def ask(least: int) -> int:
        params = DAY | {"where": f'properties["n"] >= {least}', "on": '"all"'}
        with httpx.Client(base_url=project.base_url, trust_env=False) as http:
            answer = http.get("/api/query/segmentation", params=params).json()
        return int(answer["data"]["values"]["all"]["2026-11-22"])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(0, 96, 4)))

    assert found == [100 - least for least in range(0, 96, 4)]


def test_merging_and_asking_at_once(project: LocalProject) -> None:
    """People only ever become fewer, and in the end each counts once."""

    def event(device: int, hour: int, **who: str) -> dict[str, object]:
        given = {"token": "t", "$device_id": f"d{device}", **who}
        time = 1795305600 + hour * 3600
        insert_id = f"{device}-{hour}"
        properties = {"time": time, "$insert_id": insert_id, **given}
        return {"event": "A" if hour < 5 else "In", "properties": properties}

    def send(sender: int) -> None:
        with httpx.Client(base_url=project.base_url, trust_env=False) as http:
            for device in range(sender, 40, 4):
                merging = event(device, 6, **{"$user_id": f"u{device // 4}"})
                assert http.post("/track", json=merging).text == "1"

    def ask(_: int) -> list[int]:
        seen: list[int] = []
        with httpx.Client(base_url=project.base_url, trust_env=False) as http:
            for _ in range(12):
                params = DAY | {"type": "unique"}
                counts = http.get("/api/query/segmentation", params=params).json()
                seen.append(counts["data"]["values"]["A"]["2026-11-22"])
        return seen

    first = [event(device, 1) for device in range(40)]
    assert httpx.post(f"{project.base_url}/track", json=first).text == "1"
    with ThreadPoolExecutor(6) as pool:
        senders = [pool.submit(send, number) for number in range(4)]
        askers = [pool.submit(ask, number) for number in range(2)]
        for sender in senders:
            sender.result(60)
        for asker in askers:
            seen = asker.result(60)
            assert seen == sorted(seen, reverse=True)
            assert set(seen) <= set(range(10, 41))
    assert ask(0)[-1] == 10
