"""Whether a task was begun before is known by the broker, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_pyramid.celery_claims import Claim, Claims
from mixpanel_pyramid.celery_sender import CelerySender

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.celery_runs.conftest import MakeShop, Shop


def claims_of(shop: Shop) -> tuple[Claims, CelerySender]:
    """Make the claims of a worker, and what holds its connection."""
    sender = CelerySender(shop.celery, "", 5.0)
    return Claims(lambda: sender.channel(5.0)), sender


def test_redis_remembers_what_was_begun_and_what_is_over(
    make_shop: MakeShop, redis_url: str
) -> None:
    """So that what it hands out twice is known, and what it gave back is new."""
    claims, sender = claims_of(make_shop("http://127.0.0.1:9", redis_url))
    states = [claims.begin("a", redelivered=True), claims.begin("a", redelivered=True)]
    claims.settle("a")
    states.append(claims.begin("a", redelivered=False))
    states.append(claims.begin("b", redelivered=False))
    sender.close()

    assert states == [Claim.NEW, Claim.BEGUN, Claim.SETTLED, Claim.NEW]


def test_claims_in_redis_are_forgotten_by_and_by(
    make_shop: MakeShop, redis_url: str
) -> None:
    """A task that is over does not come again after two visibility timeouts."""
    shop = make_shop("http://127.0.0.1:9", redis_url)
    claims, sender = claims_of(shop)
    claims.begin("a", redelivered=False)
    claims.begin("b", redelivered=False)
    claims.settle("b")
    sender.close()
    with shop.redis() as client:
        ages = [client.ttl(f"{shop.name}:mixpanel_pyramid.once.{n}") for n in "ab"]

    assert 604_700 < ages[0] <= 604_800
    assert 7_100 < ages[1] <= 7_200


def test_another_broker_says_only_that_it_handed_a_task_out_before(
    make_shop: MakeShop, rabbitmq_url: str
) -> None:
    """What it did may have been begun: a counter is not put at risk."""
    claims, sender = claims_of(make_shop("http://127.0.0.1:9", rabbitmq_url))
    states = [claims.begin("a", redelivered=False), claims.begin("b", redelivered=True)]
    claims.settle("a")
    sender.close()

    assert states == [Claim.NEW, Claim.BEGUN]


def test_a_broker_that_is_away_remembers_nothing(
    make_shop: MakeShop, closed_port: int
) -> None:
    """The worker goes on with what the task itself says."""
    shop = make_shop("http://127.0.0.1:9", f"redis://127.0.0.1:{closed_port}/0")
    claims, _ = claims_of(shop)

    assert claims.begin("a", redelivered=False) is Claim.NEW
    assert claims.begin("b", redelivered=True) is Claim.BEGUN
