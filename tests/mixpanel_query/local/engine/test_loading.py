"""Loading files, all of it or nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query.local.engine import loading
from mixpanel_query.local.engine.loading import load_file
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError

GOOD = '{"event":"A","properties":{"time":1795348800,"distinct_id":"u1"}}\n'
ROWS = "SELECT event, distinct_id, time_ms, insert_id, properties FROM events"


def written(tmp_path: Path, text: str | bytes, name: str = "events.jsonl") -> Path:
    """Write a file."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def line(**properties: object) -> str:
    """Return a line with an event."""
    complete = {"time": 1795348800, "distinct_id": "u1", "$insert_id": "i1"}
    document = {"event": "A", "properties": {**complete, **properties}}
    return json.dumps(document, ensure_ascii=False) + "\n"


def stored(engine: Engine, tmp_path: Path, text: str) -> tuple[Any, ...]:
    """Load one event and return its row, with parsed properties."""
    assert load_file(engine, written(tmp_path, text)) == 1
    [(*columns, properties)] = engine.rows(ROWS, {})
    return (*columns, json.loads(properties))


def test_event_keeps_what_it_has(engine: Engine, tmp_path: Path) -> None:
    """User, time, insert id and properties are those of the file."""
    assert stored(engine, tmp_path, line(plan="pro")) == (
        "A",
        "u1",
        1795348800000,
        "i1",
        {"distinct_id": "u1", "$insert_id": "i1", "plan": "pro"},
    )


def test_properties_are_unchanged(engine: Engine, tmp_path: Path) -> None:
    """Large numbers, other scripts, null and nested values come back as they were."""
    values = {
        "big": 12345678901234567890123,
        "small": -9223372036854775809,
        "fraction": 0.1,
        "nothing": None,
        "text": 'é\u2028\u0085😀\u0000"\\',
        "nested": {"null": None, "list": [1, 2.5, {"z": None}], "a.b": 1},
        "": "no name",
        "$os": "iOS",
        "a'b": "quote",
    }

    assert values.items() <= stored(engine, tmp_path, line(**values))[4].items()


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (1795348800, 1795348800000),
        (1795348800123, 1795348800123),
        (1795348800.5, 1795348800500),
        (0, 0),
    ],
)
def test_time_is_seconds_or_milliseconds(
    engine: Engine, tmp_path: Path, time: float, expected: int
) -> None:
    """Both units are taken."""
    assert stored(engine, tmp_path, line(time=time))[2] == expected


def test_missing_ids_are_filled_in(engine: Engine, tmp_path: Path) -> None:
    """Without an insert id a row gets its own; without a distinct_id it has no user."""
    text = '{"event":"A","properties":{"time":1795348800}}\n'
    load_file(engine, written(tmp_path, text * 2))
    rows = engine.rows(ROWS, {})

    assert [row[1] for row in rows] == ["", ""]
    assert len({row[3] for row in rows}) == 2
    assert all(
        json.loads(row[4]) == {"distinct_id": "", "$insert_id": row[3]} for row in rows
    )


def test_number_as_distinct_id_is_kept(engine: Engine, tmp_path: Path) -> None:
    """The row is exported with the number that it had, and counted by its text."""
    row = stored(engine, tmp_path, line(distinct_id=17))

    assert (row[1], row[4]["distinct_id"]) == ("17", 17)


def test_null_ids_count_as_missing(engine: Engine, tmp_path: Path) -> None:
    """A null is no id."""
    row = stored(engine, tmp_path, line(distinct_id=None, **{"$insert_id": None}))

    assert row[1] == ""
    assert len(row[3]) == 32
    assert row[4] == {"distinct_id": "", "$insert_id": row[3]}


def test_gzip_is_known_by_its_first_bytes(engine: Engine, tmp_path: Path) -> None:
    """The name of a file does not matter."""
    packed = written(tmp_path, gzip.compress((GOOD * 3).encode()), "packed.txt")
    plain = written(tmp_path, GOOD * 2, "plain.gz")

    assert load_file(engine, packed) == 3
    assert load_file(engine, plain) == 2


def test_blank_lines_and_a_missing_last_line_feed_are_fine(
    engine: Engine, tmp_path: Path
) -> None:
    """Blank lines are skipped."""
    path = written(tmp_path, f"\n{GOOD}\n\r\n{GOOD.strip()}")

    assert load_file(engine, path) == 2


def test_empty_file_is_nothing(engine: Engine, tmp_path: Path) -> None:
    """A file without lines loads nothing."""
    assert load_file(engine, written(tmp_path, "")) == 0
    assert load_file(engine, written(tmp_path, gzip.compress(b"\n"))) == 0


def test_signs_in_a_file_name_are_no_pattern(engine: Engine, tmp_path: Path) -> None:
    """A star in a name is a star, and other files stay out."""
    written(tmp_path, GOOD * 5, "ab.jsonl")

    assert load_file(engine, written(tmp_path, GOOD, "a*.jsonl")) == 1


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ('{"event":"A","properties":{', "the line is not JSON"),
        (b'{"event":"\xff","properties":{}}', "the line should be valid utf8"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ("[1]", "an array: give each event a line of its own"),
        (GOOD.strip() + GOOD.strip(), "the line is not JSON"),
        ('{"properties":{"time":1}}', "no event: it needs an 'event'"),
        ('{"event":7,"properties":{"time":1}}', "no event: it needs an 'event'"),
        ('{"event":"","properties":{"time":1}}', "the name of the event is empty"),
        ('{"event":"A"}', "no event: it needs 'properties'"),
        ('{"event":"A","properties":[]}', "no event: it needs 'properties'"),
        (line(time="1795348800").strip(), "'properties.time' must be epoch"),
        (line(time=True).strip(), "'properties.time' must be epoch"),
        (line(time=-1).strip(), "'properties.time' must be epoch"),
        (line(time=10**18).strip(), "'properties.time' must be epoch"),
        (line(time=10**30).strip(), "'properties.time' must be epoch"),
        ('{"event":"A","properties":{"time":1e999}}', "'properties.time' must be"),
        ('{"event":"A","properties":{}}', "'properties.time' must be epoch"),
        (line(distinct_id={"a": 1}).strip(), "'properties.distinct_id' must be a text"),
        ('{"$distinct_id":"u1","$properties":{}}', "no event: it needs an 'event'"),
        (line().strip().replace("u1", "\\ud83d"), "string should be valid utf8"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_malformed_line_is_named_and_nothing_is_loaded(
    engine: Engine, tmp_path: Path, bad: str | bytes, problem: str, packed: bool
) -> None:
    """The error names file, line and problem, counting blank lines, in one line."""
    bad = bad.encode() if isinstance(bad, str) else bad
    text = GOOD.encode() * 3000 + b"\n" + bad + b"\n" + GOOD.encode()
    path = written(tmp_path, gzip.compress(text, 1) if packed else text)

    with pytest.raises(LocalProjectError) as caught:
        load_file(engine, path)

    assert str(caught.value).startswith(f"{path}, line 3002: ")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
    assert engine.rows("SELECT count(*) FROM events", {}) == [(0,)]


def test_first_line_may_be_the_malformed_one(engine: Engine, tmp_path: Path) -> None:
    """A file that is no JSON at all is refused at its first line."""
    with pytest.raises(LocalProjectError, match="line 1: the line is not JSON"):
        load_file(engine, written(tmp_path, "name,time\n"))


def test_missing_file_is_named(engine: Engine, tmp_path: Path) -> None:
    """A file that is not there, and a folder, get one line."""
    with pytest.raises(LocalProjectError, match=r"nope: No such file or directory"):
        load_file(engine, tmp_path / "nope")
    with pytest.raises(LocalProjectError, match=r"cannot read .*: Is a directory"):
        load_file(engine, tmp_path)


@pytest.mark.parametrize("cut", [20, 3000])
def test_cut_gzip_is_refused(engine: Engine, tmp_path: Path, cut: int) -> None:
    """A gzip file that is not whole loads nothing."""
    lines = "".join(
        line(n=number, **{"$insert_id": f"{number * 7919}"}) for number in range(1000)
    )
    path = written(tmp_path, gzip.compress(lines.encode())[:cut])

    with pytest.raises(LocalProjectError) as caught:
        load_file(engine, path)

    assert str(path) in str(caught.value)
    assert engine.rows("SELECT count(*) FROM events", {}) == [(0,)]


def test_line_that_only_the_store_refuses_gets_its_words(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only the store refuses is refused in one line, too."""
    monkeypatch.setattr(loading, "check_lines", lambda *_: None)
    path = written(tmp_path, GOOD + line(text="x" * (40 << 20)))

    with pytest.raises(LocalProjectError, match=f"cannot load {path}: ") as caught:
        load_file(engine, path)

    assert "\n" not in str(caught.value)


def test_deep_line_does_no_harm(engine: Engine, tmp_path: Path) -> None:
    """A line that is nested very deeply is loaded or refused, but crashes nothing."""
    deep = line(x=1).replace('"x": 1', '"x": ' + "[" * 50_000 + "]" * 50_000)
    load_file(engine, written(tmp_path, GOOD + deep))

    assert engine.rows("SELECT count(*) FROM events", {}) == [(2,)]


def profile(distinct_id: str = "u1", **properties: object) -> str:
    """Return a line with a profile."""
    document = {"$distinct_id": distinct_id, "$properties": properties}
    return json.dumps(document) + "\n"


def test_profiles_are_loaded(engine: Engine, tmp_path: Path) -> None:
    """Profiles replace those with the same id; of two in a file the later one stays."""
    first = written(tmp_path, profile("u1", a=1) + profile("u2", b=2))
    second = written(
        tmp_path, profile("u1", c=3) + profile("u3") + profile("u3", d=4), "more"
    )

    assert load_file(engine, first) == 2
    assert load_file(engine, second) == 3
    assert engine.rows("SELECT * FROM profiles ORDER BY distinct_id", {}) == [
        ("u1", '{"c": 3}'),
        ("u2", '{"b": 2}'),
        ("u3", '{"d": 4}'),
    ]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (GOOD.strip(), "no profile: it needs a '$distinct_id'"),
        ('{"$distinct_id":7,"$properties":{}}', "no profile: it needs a '$distinct"),
        ('{"$distinct_id":"u"}', "no profile: it needs '$properties'"),
        ('{"$distinct_id":"u","$properties":{"a":1e999}}', "number out of range"),
        ('{"$distinct_id":"\\ud83d","$properties":{}}', "should be valid utf8"),
        ("{", "the line is not JSON"),
    ],
)
def test_malformed_profile_is_named_and_nothing_is_loaded(
    engine: Engine, tmp_path: Path, bad: str, problem: str
) -> None:
    """The error names file, line and problem."""
    path = written(tmp_path, profile() + bad + "\n")

    with pytest.raises(LocalProjectError) as caught:
        load_file(engine, path)

    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert problem in str(caught.value)
    assert engine.rows("SELECT count(*) FROM profiles", {}) == [(0,)]


def test_fractions_do_not_reach_the_next_day(engine: Engine, tmp_path: Path) -> None:
    """Less than a millisecond before midnight is before midnight."""
    assert stored(engine, tmp_path, line(time=1794268799.9997))[2] == 1794268799999


def test_milliseconds_of_a_float_are_kept(engine: Engine, tmp_path: Path) -> None:
    """1.001 times 1000 is a little less than 1001 in binary, and still 1001."""
    assert stored(engine, tmp_path, line(time=1.001))[2] == 1001


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"\xef\xbb\xbf" + GOOD.encode(), "line 1: the line begins with a byte order"),
        (
            GOOD.encode() + line(note="x" * (40 << 20)).encode(),
            "line 2: the line is longer than 16 MB",
        ),
    ],
    ids=["byte order mark", "long"],
)
def test_line_that_cannot_be_read(
    engine: Engine, tmp_path: Path, text: bytes, problem: str
) -> None:
    """The line is named, and what to do, in our words."""
    with pytest.raises(LocalProjectError, match=problem):
        load_file(engine, written(tmp_path, text))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="it is a device of POSIX")
def test_line_without_an_end_is_not_read_to_it(engine: Engine) -> None:
    """What is longer than a line may be is not held in memory."""
    with pytest.raises(LocalProjectError, match="line 1: the line is longer than 16"):
        load_file(engine, Path("/dev/zero"))
