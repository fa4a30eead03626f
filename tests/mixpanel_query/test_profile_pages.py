"""Tests of mixpanel_query.profile_pages, without a network."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mixpanel_query import Profile
from mixpanel_query.exceptions import QueryRefusedError, UnreadableAnswerError
from mixpanel_query.profile_pages import ProfilePages
from mixpanel_query.wire import Answer, QueryRequest


def page(number: int, *ids: object, size: int = 2, **said: object) -> dict[str, object]:
    """Write a page of profiles with these ids."""
    rows = [{"$distinct_id": each, "$properties": {}} for each in ids]
    head = {"page": number, "page_size": size, "session_id": "S", "status": "ok"}
    return {**head, "results": rows, **said}


def read(
    pages: ProfilePages, *bodies: dict[str, object]
) -> tuple[list[list[str | None]], list[str]]:
    """Answer with these pages, in order.

    Returns:
        The page numbers of each round of requests, and the ids that came out.
    """
    rounds, ids, left = [], [], list(bodies)
    while requests := pages.requests():
        rounds.append([(request.form or {}).get("page") for request in requests])
        ids += answered(pages, requests, [left.pop(0) for _ in requests])
    assert not left, "not every page was asked for"
    return rounds, ids


def answered(
    pages: ProfilePages,
    requests: Sequence[QueryRequest],
    bodies: Sequence[dict[str, object]],
) -> list[str]:
    """Hand in answers and return the ids that came out."""
    answers = [
        Answer(request, "here", body)
        for request, body in zip(requests, bodies, strict=True)
    ]
    return [profile.distinct_id for profile in pages.take(answers)]


def refusal(request: QueryRequest) -> QueryRefusedError:
    """Make the error of a session that is no longer known."""
    return QueryRefusedError("no", request=request, status=400, body="")


def test_short_page_is_the_last() -> None:
    """A page that is not full ends the reading, whatever page size it has."""
    rounds, ids = read(ProfilePages({}), page(0, "a", "b", size=3))

    assert (rounds, ids) == ([[None]], ["a", "b"])


def test_pages_without_total_are_asked_for_one_by_one() -> None:
    """Only a full page says that another one may follow."""
    rounds, ids = read(
        ProfilePages({}), page(0, "a", "b"), page(1, "c", "d"), page(2, "e")
    )

    assert rounds == [[None], ["1"], ["2"]]
    assert ids == ["a", "b", "c", "d", "e"]


def test_exact_multiple_asks_for_an_empty_page() -> None:
    """As the documents have it, a full last page is followed by an empty one."""
    rounds, ids = read(ProfilePages({}), page(0, "a", "b", total=2), page(1))

    assert (rounds, ids) == ([[None], ["1"]], ["a", "b"])


def test_likely_pages_are_asked_for_together() -> None:
    """A total beyond the first page lets four pages be asked for at once."""
    bodies = [page(number, f"{number}a", f"{number}b") for number in range(1, 6)]

    rounds, ids = read(
        ProfilePages({}), page(0, "0a", "0b", total=13), *bodies, page(6, "6a")
    )

    assert rounds == [[None], ["1", "2", "3", "4"], ["5", "6"]]
    assert len(ids) == 13


def test_total_may_be_too_low() -> None:
    """A total that counts one page only does not end the reading."""
    rounds, ids = read(
        ProfilePages({}), page(0, "a", "b", total=3), page(1, "c", "d"), page(2, "e")
    )

    assert rounds == [[None], ["1"], ["2"]]
    assert ids == ["a", "b", "c", "d", "e"]


def test_total_may_be_too_high() -> None:
    """Several empty pages at once end the reading, whatever the total said."""
    rounds, _ = read(
        ProfilePages({}),
        page(0, "a", "b", total=1000),
        page(1, "c"),
        *[page(number) for number in range(2, 9)],
    )

    assert rounds == [[None], ["1", "2", "3", "4"], ["5", "6", "7", "8"]]


def test_empty_page_in_the_middle_hides_nothing() -> None:
    """The last page of a round may be empty, and the next round still has profiles."""
    rounds, ids = read(
        ProfilePages({}),
        page(0, "a", "b", total=11),
        *[page(number, f"{number}a", f"{number}b") for number in (1, 2, 3)],
        page(4),
        page(5, "z"),
    )

    assert rounds == [[None], ["1", "2", "3", "4"], ["5"]]
    assert ids == ["a", "b", "1a", "1b", "2a", "2b", "3a", "3b", "z"]


def test_total_of_a_page_without_profiles() -> None:
    """Profiles that are counted, not given, and cannot be asked for are no answer."""
    with pytest.raises(UnreadableAnswerError, match="session_id"):
        read(ProfilePages({}), page(0, total=5, session_id=None))


def test_short_page_in_the_middle_hides_nothing() -> None:
    """While the total says that more is there, a short page is not the end."""
    _, ids = read(ProfilePages({}), page(0, "a", "b", total=5), page(1), page(2, "e"))

    assert ids == ["a", "b", "e"]


def test_short_page_before_the_next_ones_are_asked_for_hides_nothing() -> None:
    """The fifth of six pages is short, and the last one that was asked for so far."""
    full = [page(number, f"{number}a", f"{number}b") for number in (1, 2, 3)]
    first, fifth, last = page(0, "0a", "0b", total=12), page(4, "4a"), page(5, "5a")
    rounds, ids = read(ProfilePages({}), first, *full, fifth, last)

    assert rounds == [[None], ["1", "2", "3", "4"], ["5"]]
    assert ids[-2:] == ["4a", "5a"]


def test_every_page_asks_the_same() -> None:
    """The filter stands on every page, with the session of the first one."""
    pages = ProfilePages({"where": "x"})
    (first,) = pages.requests()
    answered(pages, [first], [page(0, "a", "b")])

    (second,) = pages.requests()

    assert (first.method, first.path) == ("POST", "/api/query/engage")
    assert first.form == {"where": "x"}
    assert second.form == {"where": "x", "session_id": "S", "page": "1"}
    assert second.limits == ("query",)


def test_profiles_come_once() -> None:
    """Profiles that move while pages are read are left out the second time."""
    _, ids = read(ProfilePages({}), page(0, "a", "b"), page(1, "c", "b"), page(2, "a"))

    assert ids == ["a", "b", "c"]


def test_lost_session() -> None:
    """A refused session begins again, and hands over only what is new."""
    pages = ProfilePages({})
    answered(pages, pages.requests(), [page(0, "a", "b")])
    (request,) = pages.requests()

    assert pages.begin_again(refusal(request))

    rounds, ids = read(
        pages, page(0, "b", "c", session_id="T"), page(1, "a", session_id="T")
    )
    assert rounds == [[None], ["1"]]
    assert ids == ["c"]


def test_wrong_question_does_not_begin_again() -> None:
    """What is refused without a session is refused for good."""
    pages = ProfilePages({})

    assert not pages.begin_again(refusal(pages.requests()[0]))


def test_sessions_are_not_begun_forever() -> None:
    """The third session that is refused is the last one."""
    pages = ProfilePages({})
    outcomes = []
    for _ in range(3):
        answered(pages, pages.requests(), [page(0, "a", "b")])
        outcomes.append(pages.begin_again(refusal(pages.requests()[0])))

    assert outcomes == [True, True, False]


@pytest.mark.parametrize(
    ("bodies", "problem"),
    [
        ([[]], "no list of results"),
        ([{"status": "ok"}], "no list of results"),
        ([page(0) | {"results": [1]}], "a result is no object"),
        ([page(0) | {"results": [{}]}], r"no \$distinct_id"),
        ([page(0, None)], r"no \$distinct_id"),
        ([page(0, True)], r"no \$distinct_id"),
        (
            [page(0) | {"results": [{"$distinct_id": "a", "$properties": 1}]}],
            r"the \$properties of a result",
        ),
        ([page(0, "a", size=0)], "no page_size"),
        ([page(0, "a", page_size=True)], "no page_size"),
        ([page(0, "a", page_size=None)], "no page_size"),
        ([page(0, "a", "b", session_id=None)], "no session_id"),
        ([page(0, "a", session_id=None, total=9)], "no session_id"),
        ([page(0, "a", "b"), page(0, "c")], "page 0, not 1"),
        ([page(0, "a", "b"), page(1, "a", "b")], "page 1 begins as the one before"),
    ],
)
def test_page_that_is_not_as_documented(
    bodies: list[dict[str, object]], problem: str
) -> None:
    """No guess is made, and no page is asked for forever."""
    with pytest.raises(UnreadableAnswerError, match=problem):
        read(ProfilePages({}), *bodies)


def test_only_page_may_lack_a_session() -> None:
    """A full page that says itself that it is all needs no session."""
    body = page(0, "a", "b", session_id=None, total=2)

    assert read(ProfilePages({}), body) == ([[None]], ["a", "b"])


def test_ids_are_text() -> None:
    """Ids that arrive as numbers are taken by their digits."""
    _, ids = read(ProfilePages({}), page(0, 4, 12345678901234567890, "04", size=9))

    assert ids == ["4", "12345678901234567890", "04"]


def test_member_without_profile() -> None:
    """A member of a cohort who has no profile has no properties."""
    pages = ProfilePages({})
    body = page(0) | {"results": [{"$distinct_id": "a"}]}

    found = list(pages.take([Answer(pages.requests()[0], "here", body)]))

    assert found == [Profile("a", {})]
