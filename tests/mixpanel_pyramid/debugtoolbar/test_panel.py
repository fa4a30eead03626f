"""The debug toolbar's panel, as the toolbar shows it."""

from __future__ import annotations

import re

import pytest

from mixpanel_pyramid.testing import recorder

from .watched_shop import HOSTILE, NOWHERE, after, make, panel


def test_a_message_is_shown_with_what_became_of_it() -> None:
    """Its properties, the plan's verdict, its end, and where it goes."""
    lines = panel(make(), "/order")

    assert lines[0] == "1 released"
    assert lines[1] == f"Messages go to {NOWHERE}: consumer background."
    assert re.fullmatch(r"1 call took \d+\.\d\d ms\.", lines[2])
    message = after(lines, "Order Completed")
    assert message[:3] == ["event of", "joe", message[2]]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC", message[2])
    assert re.fullmatch("id [0-9a-f]{32}", message[3])
    assert message[4:] == [
        *("Amount", "19.5", "Note", f'"{HOSTILE}"', "Card", "masked: personal data"),
        *("as declared", "released", "the answer was 200", f"to {NOWHERE}"),
    ]


def test_neither_personal_data_nor_the_token_is_there() -> None:
    """A screenshot of the panel may be passed on."""
    app = make()
    shown = "\n".join(panel(app, "/order") + panel(app, "/profiles"))

    assert "4111" not in shown
    assert "joe@example.com" not in shown
    assert "t0ken" not in shown


@pytest.mark.parametrize(
    ("path", "state", "why"),
    [
        ("/failing", "discarded", "the answer was 503"),
        ("/raising", "discarded", "the answer was 500, made out of RuntimeError"),
        ("/unwanted", "discarded", "mixpanel.commit_veto said so"),
        ("/redirected", "released", "the answer was 302, made out of HTTPFound"),
    ],
)
def test_the_reason_is_there(path: str, state: str, why: str) -> None:
    """For what was released, and for what was discarded."""
    lines = after(panel(make(), path), "as declared")

    assert lines[:2] == [state, why]


def test_what_was_tracked_now_stands_beside_what_was_discarded() -> None:
    """Both are counted at the top."""
    lines = panel(make(), "/failing")

    assert lines[:2] == ["1 released", "1 discarded"]
    assert after(lines, "User Logged In")[-3:] == [
        *("released", "track_now", f"to {NOWHERE}")
    ]


def test_a_transaction_is_the_reason() -> None:
    """Committed, and rolled back to a savepoint."""
    lines = panel(make(includes=("pyramid_tm", "mixpanel_pyramid")), "/committed")

    assert "its transaction was committed" in after(lines, "Page Viewed")
    assert after(lines, "masked: personal data")[1:] == [
        "discarded",
        "its transaction was rolled back to a savepoint",
    ]


def test_profiles_and_groups_are_shown() -> None:
    """With the operation, and what it is done to."""
    lines = panel(make(), "/profiles")

    assert after(lines, "$set")[:4] == [
        *("profile of", "joe", "$email", "masked: personal data")
    ]
    assert after(lines, "$unset")[:4] == ["profile of", "joe", "names", '["$phone"]']
    assert after(lines, "group of")[:3] == ["company acme", "$name", '"Acme"']


def test_what_the_plan_says_is_shown() -> None:
    """What was mended, with what; what was not sent; what was refused."""
    lines = panel(make(), "/mended")

    assert lines[:2] == ["2 released", "2 refused"]
    assert after(lines, "mended")[:2] == [
        "left out: property 'Amount' is not finite, which JSON has not; leave it out",
        "cut: Note: 400 bytes of text are cut to 255; shorten it (event text)",
    ]
    refusals = [lines[i + 1] for i, line in enumerate(lines) if line == "refused"]
    assert [refusal for refusal in refusals if refusal != "refused"] == [
        "distinct_id: an id that means nobody or nothing is refused; "
        "give a real one (event invalid id)",
        "Event 'Event(name='Odrer Completed')' is not a member of self.events",
    ]
    raw = after(lines, "Raw")
    assert "show all 10,002 characters" in raw
    assert "1e+27 s" in raw
    assert "not compared: through api" in raw


def test_a_request_that_tracked_nothing_says_so() -> None:
    """And where messages would go."""
    assert panel(make(), "/nothing")[:2] == [
        "Nothing was tracked in this request.",
        f"Messages go to {NOWHERE}: consumer background.",
    ]


def test_a_subrequest_is_shown_with_its_parent() -> None:
    """It shares its fate, and has been tracked in another place."""
    lines = panel(make(), "/outer")

    assert "in the subrequest GET /order" in after(lines, "Order Completed")
    assert lines[0] == "1 released"


def test_what_a_stream_tracks_is_shown() -> None:
    """The panel is laid out when somebody looks."""
    lines = panel(make(), "/streamed")

    assert after(lines, "as declared")[:2] == [
        "released",
        "the request was over already",
    ]


def test_a_long_list_is_cut() -> None:
    """And says so."""
    lines = panel(make(), "/many")

    assert lines[0] == "310 released"
    assert lines.count("Page Viewed") == 300


def test_recording_is_said() -> None:
    """For the request, and for each message."""
    lines = panel(make(mixpanel__token="off"), "/order")

    assert lines[1] == "Messages are recorded only, and not sent."
    assert lines[-1] == "recorded only"


def test_a_recorder_overrules_the_token() -> None:
    """Nothing is sent, and the panel says so."""
    app = make()
    recorder(app)
    lines = panel(app, "/order")

    assert lines[1] == "Messages are recorded only, and not sent."


def test_customerio_is_shown() -> None:
    """A copy has its own row and its own destination."""
    app = make(
        customerio__tracking__site_id="s",
        customerio__tracking__api_key="k3y",
        customerio__tracking__region="eu",
        customerio__tracking__base_url="http://127.0.0.1:10",
    )
    lines = panel(app, "/order")

    assert lines[1].startswith(f"Messages go to {NOWHERE} and http://127.0.0.1:10:")
    copy = after(lines, "Customer.io of")
    assert copy[0] == "joe"
    assert "masked: personal data" in copy
    assert copy[-4:] == [
        *("copy", "released", "the answer was 200", "to http://127.0.0.1:10")
    ]


def test_an_app_without_tracking_is_no_error() -> None:
    """The toolbar may be shared by several apps."""
    (said,) = panel(make(includes=()), "/nothing")[:1]

    assert said.startswith("This app does not include mixpanel_pyramid")
