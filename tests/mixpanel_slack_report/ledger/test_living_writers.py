"""Writers see each other for as long as they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixpanel_slack_report.ledger.living_writers import living_writers


def test_writers_see_each_other(tmp_path: Path) -> None:
    """Those of one process too, as threads are."""
    path = tmp_path / "writers"
    with living_writers(path) as one, living_writers(path) as other:
        assert one.name != other.name
        assert one.has(other.name)
        assert other.has(one.name)


def test_a_writer_that_left_is_gone(tmp_path: Path) -> None:
    """Whoever looks for it sees nobody."""
    path = tmp_path / "writers"
    with living_writers(path) as one:
        with living_writers(path) as other:
            name = other.name
        assert not one.has(name)


def test_two_writers_never_have_one_name(tmp_path: Path) -> None:
    """The second one draws again, of as many numbers as before."""
    path = tmp_path / "writers"
    asked: list[int] = []
    drawn = iter([6, 6, 9])

    def draw(below: int) -> int:
        asked.append(below)
        return next(drawn)

    with (
        living_writers(path, draw=draw) as one,
        living_writers(path, draw=draw) as other,
    ):
        assert (one.name, other.name) == ("7", "10")
    assert asked == [1073741823] * 3


@pytest.mark.parametrize(("drawn", "name"), [(0, "1"), ((1 << 30) - 2, "1073741823")])
def test_the_first_and_the_last_writer_are_seen(
    tmp_path: Path, drawn: int, name: str
) -> None:
    """Whatever number was drawn, others know that it is there."""
    path = tmp_path / "writers"
    with living_writers(path, draw=lambda below: drawn) as one:
        assert one.name == name
        with living_writers(path) as other:
            assert other.has(name)


@pytest.mark.parametrize("name", ["", "x", "-1", "²", "9" * 5, "9" * 10, "9" * 30])
def test_nobody_has_a_name_that_nobody_took(tmp_path: Path, name: str) -> None:
    """As after a ledger was copied from elsewhere."""
    with living_writers(tmp_path / "writers", draw=lambda below: 6) as one:
        assert not one.has(name)
