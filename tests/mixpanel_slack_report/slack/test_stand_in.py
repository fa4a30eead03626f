"""The stand-in for Slack, over real sockets."""

from __future__ import annotations

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.bot import BotChannel
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.slack.stand_in import (
    ScriptedAnswer,
    SlackStandIn,
    StandInPost,
)
from mixpanel_slack_report.slack.webhook import post_message

MESSAGE = SlackMessage("hello", ({"type": "divider"},))


def client_of(slack: SlackStandIn, token: str = "") -> WebClient:
    """Make Slack's own client for a stand-in, without repeats."""
    return WebClient(
        token or slack.bot_token, base_url=slack.api_url, retry_handlers=[]
    )


def answer_to(
    slack: SlackStandIn, address: str, body: str, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Post to the stand-in by hand."""
    connection = http.client.HTTPConnection("127.0.0.1", slack.port)
    path = address.split(str(slack.port))[1]
    connection.request("POST", path, body, headers or {})
    answer = connection.getresponse()
    answered = (answer.status, answer.read().decode())
    connection.close()
    return answered


def test_it_takes_and_keeps_messages() -> None:
    """What was posted can be looked at."""
    with SlackStandIn() as slack:
        post_message(MESSAGE, slack.webhook_url)

    (message,) = slack.messages
    assert (message["text"], message["blocks"]) == ("hello", [{"type": "divider"}])


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        (({"type": "nonsense"},), "invalid_blocks"),
        (({"type": "divider"},) * 51, "invalid_blocks"),
    ],
)
def test_it_refuses_what_slack_refuses(
    blocks: tuple[dict[str, object], ...], code: str
) -> None:
    """A bad message is not kept."""
    with SlackStandIn() as slack, pytest.raises(DeliveryError) as refusal:
        post_message(SlackMessage("a", blocks), slack.webhook_url)

    assert (refusal.value.status, refusal.value.body) == (400, code)
    assert slack.messages == []


def test_it_knows_its_address() -> None:
    """Another path is not its webhook."""
    with SlackStandIn() as slack, pytest.raises(DeliveryError) as refusal:
        post_message(MESSAGE, f"{slack.webhook_url}x")

    assert (refusal.value.status, refusal.value.body) == (404, "no_service")


@pytest.mark.parametrize("body", ["no json", "[]", ""])
def test_it_refuses_what_is_no_message(body: str) -> None:
    """Slack calls that an invalid payload."""
    with SlackStandIn() as slack:
        addresses = (slack.webhook_url, slack.response_url)
        answered = {answer_to(slack, address, body) for address in addresses}

    assert answered == {(400, "invalid_payload")}


def test_a_method_takes_a_form_too() -> None:
    """Blocks and token are fields of it then."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with SlackStandIn() as slack:
        blocks = '[{"type": "divider"}]'
        fields = {"token": slack.bot_token, "channel": "C01", "blocks": blocks}
        address = f"{slack.api_url}chat.postMessage"
        answer_to(slack, address, urlencode(fields), form)

    (post,) = slack.posts
    assert post.message == {"channel": "C01", "blocks": [{"type": "divider"}]}


def test_what_is_no_message_is_never_posted() -> None:
    """A script can make it say yes, not keep what is not there."""
    with SlackStandIn() as slack:
        slack.answers.append(ScriptedAnswer(200, "ok", posted=True))
        answered = answer_to(slack, slack.webhook_url, "no json")

    assert (answered, slack.posts) == ((200, "ok"), [])


def test_a_webhook_takes_a_form_too() -> None:
    """Slack reads the message from the field payload."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with SlackStandIn() as slack:
        body = urlencode({"payload": '{"text": "hello"}'})
        answered = answer_to(slack, slack.webhook_url, body, form)

    assert (answered, slack.messages) == ((200, "ok"), [{"text": "hello"}])


def test_slacks_own_client_can_post_and_reply() -> None:
    """Channel and thread are kept with the message."""
    with SlackStandIn() as slack:
        client = client_of(slack)
        first = client.chat_postMessage(channel="#a", text="report")
        client.chat_postMessage(channel="#a", text="details", thread_ts=first["ts"])

    assert [
        (post.channel, post.thread, post.message["text"]) for post in slack.posts
    ] == [
        ("#a", "", "report"),
        ("#a", first["ts"], "details"),
    ]


def test_it_says_whose_token_it_is() -> None:
    """auth.test is how a set-up is checked without a post."""
    with SlackStandIn() as slack:
        answer = client_of(slack).auth_test()

    assert (answer["ok"], answer["team"], slack.posts) == (True, "Stand-in", [])


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "#elsewhere", "text": "a"}, "channel_not_found"),
        ({"channel": "#a", "text": ""}, "no_text"),
        ({"channel": "#a", "text": "a", "blocks": [{"type": "x"}]}, "invalid_blocks"),
    ],
)
def test_the_web_api_refuses_what_slack_refuses(
    arguments: dict[str, Any], error: str
) -> None:
    """The status is 200, and the document says no."""
    with SlackStandIn(channels=["#a"]) as slack:
        with pytest.raises(SlackApiError) as refusal:
            client_of(slack).api_call("chat.postMessage", json=arguments)
        answer = refusal.value.response

    assert (answer.status_code, answer["error"], slack.posts) == (200, error, [])


@pytest.mark.parametrize(
    ("header", "error"), [("", "not_authed"), ("Bearer xoxb-other", "invalid_auth")]
)
def test_the_web_api_takes_its_own_token_only(header: str, error: str) -> None:
    """As Slack, it tells a missing token from a wrong one."""
    headers = {"Authorization": header} if header else {}
    with SlackStandIn() as slack:
        status, body = answer_to(slack, f"{slack.api_url}auth.test", "{}", headers)

    assert (status, json.loads(body)) == (200, {"ok": False, "error": error})


def test_the_web_api_has_no_other_methods() -> None:
    """What it cannot do is not pretended."""
    with SlackStandIn() as slack:
        _, body = answer_to(slack, f"{slack.api_url}files.delete", "{}")

    assert json.loads(body) == {"ok": False, "error": "unknown_method"}


def test_a_slash_command_is_replied_to_five_times() -> None:
    """The sixth reply is refused, as Slack documents it."""
    with SlackStandIn() as slack:
        answers = [
            answer_to(slack, slack.response_url, '{"text": "done"}') for _ in range(6)
        ]

    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert json.loads(answers[5][1]) == {"ok": False, "error": "used_url"}
    assert {post.channel for post in slack.posts} == {"response"}


def test_it_can_refuse_a_type_of_block() -> None:
    """As a workspace that does not have it yet."""
    with SlackStandIn(refused_blocks=["divider"]) as slack:
        with pytest.raises(DeliveryError) as refusal:
            BotChannel(slack.bot_token, "#a", slack.api_url).post(MESSAGE)
        post_message(SlackMessage("hello", ()), slack.webhook_url)

    assert refusal.value.body == "invalid_blocks"
    assert len(slack.posts) == 1


def test_scripted_answers_come_in_turn_and_then_its_own() -> None:
    """A test says what goes wrong, and how often."""
    with SlackStandIn() as slack:
        slack.answers += [ScriptedAnswer(503, "busy"), ScriptedAnswer(404, "no_team")]
        answers = [answer_to(slack, slack.webhook_url, '{"text": "a"}') for _ in "123"]

    assert answers == [(503, "busy"), (404, "no_team"), (200, "ok")]
    assert (len(slack.requests), len(slack.posts)) == (3, 1)


@pytest.mark.parametrize("reset", ["", "after"])
def test_a_message_can_be_posted_without_saying_so(reset: Literal["", "after"]) -> None:
    """Slack may post and then fail."""
    with SlackStandIn() as slack:
        slack.answers.append(ScriptedAnswer(500, reset=reset, posted=True))
        with pytest.raises(DeliveryError):
            post_message(MESSAGE, slack.webhook_url)

    assert [post.message["text"] for post in slack.posts] == ["hello"]


def test_a_cut_before_the_message_is_read_leaves_none_of_it() -> None:
    """The request is counted, and its body never arrives."""
    with SlackStandIn() as slack:
        slack.answers.append(ScriptedAnswer(reset="before"))
        with pytest.raises(DeliveryError, match=r"broke \(Connection"):
            post_message(MESSAGE, slack.webhook_url)

    assert [request.body for request in slack.requests] == [""]
    assert slack.posts == []


def test_a_slow_answer_does_not_outlive_it() -> None:
    """Leaving the block ends what waits."""
    with SlackStandIn() as slack:
        slack.answers.append(ScriptedAnswer(delay=60))
        poster = threading.Thread(
            target=answer_to, args=(slack, slack.webhook_url, '{"text": "a"}')
        )
        poster.start()
        while not slack.posts:
            poster.join(0.01)
    poster.join(5)

    assert not poster.is_alive()


def test_many_may_post_at_once() -> None:
    """Each message is kept, with a name of its own."""
    with SlackStandIn() as slack, ThreadPoolExecutor(20) as pool:
        for _ in range(20):
            pool.submit(post_message, MESSAGE, slack.webhook_url)

    assert len({post.ts for post in slack.posts}) == 20


def test_a_post_shows_what_a_test_looks_for() -> None:
    """Message, channel, thread and name."""
    with SlackStandIn() as slack:
        ts = BotChannel(slack.bot_token, "C01", slack.api_url).post(
            MESSAGE, thread="1.2"
        )

    assert slack.posts == [
        StandInPost(
            {
                "channel": "C01",
                "text": "hello",
                "mrkdwn": False,
                "blocks": [{"type": "divider"}],
                "unfurl_links": False,
                "unfurl_media": False,
                "thread_ts": "1.2",
            },
            channel="C01",
            thread="1.2",
            ts=ts,
        )
    ]
