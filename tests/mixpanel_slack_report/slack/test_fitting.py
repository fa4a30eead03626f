"""Keeping a message within its size."""

from __future__ import annotations

from mixpanel_slack_report.slack.fitting import JsonBlock, Part, allot, fit


def test_what_matters_most_gets_its_room_first() -> None:
    """The order of the blocks is another one."""
    asked: list[tuple[str, int]] = []

    def part(name: str, *, most: int, rank: int) -> Part:
        def make(room: int) -> list[JsonBlock]:
            asked.append((name, room))
            return [{"type": name, "text": "x" * 1000}]

        return Part(make, most=most, rank=rank)

    parts = [part("late", most=9000, rank=2), part("early", most=2000, rank=1)]

    blocks = allot(parts, room=4000)

    assert [block["type"] for block in blocks] == ["late", "early"]
    # 1,000 characters, 29 around them, and 2 between two blocks.
    assert asked == [("early", 2000), ("late", 4000 - 1031)]


def test_later_parts_keep_room_for_a_line() -> None:
    """450 characters each."""
    rooms: list[int] = []
    greedy = Part(lambda room: rooms.append(room) or [], most=10**6, rank=1)

    allot([greedy, greedy, greedy], room=2000)

    assert rooms == [1100, 1550, 2000]


def test_signs_beyond_ascii_count_as_they_may_be_sent() -> None:
    r"""An é may travel as \u00e9: 6 characters, with quotes and comma 10."""
    assert fit(["é", "é"], room=19) == ["é"]
    assert fit(["é", "é"], room=20) == ["é", "é"]
