"""The whole loop on one machine: a Pyramid app, a local project, a report in Slack.

Everything is spoken over HTTP on real sockets: a browser's requests to the app, the
app's events to a local Mixpanel project, the report's questions to that project, and
its message to a stand-in for Slack. Run it with ``nox -s demo``.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import httpx
from waitress.server import create_server

sys.path.insert(0, str(Path(__file__).parent / "pyramid_app"))

import shop
from shop.names import OrderCompleted, ShopEvents

from mixpanel_pyramid import delivery_stats, flush
from mixpanel_query import Client, ServiceAccount
from mixpanel_slack_report.demo import sample_project
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import collect_report
from mixpanel_slack_report.slack.blocks import build_message
from mixpanel_slack_report.slack.stand_in import SlackStandIn
from mixpanel_slack_report.slack.webhook import post_message
from mixpanel_slack_report.views.html_view import render_html
from mixpanel_slack_report.views.text_view import print_report

ACCOUNT = ServiceAccount("demo", "demo-secret", 1)
VISITS = (
    *("GET /", "GET /", "POST /sign-up email=joe@example.com"),
    *("POST /order", "POST /order card=refused", "POST /broken"),
)
TRACKED = (
    *(ShopEvents.page_viewed, ShopEvents.user_signed_up),
    *(ShopEvents.checkout_started, OrderCompleted, ShopEvents.payment_refused),
)


def main(html: Path) -> int:
    """Run the loop once and show what came out of each step."""
    logging.getLogger("shop").setLevel("CRITICAL")  # one visit fails on purpose
    today = utc_now().date()
    print("1. A local Mixpanel project with two months of sample data")
    with sample_project(today) as project:
        print(f"   listens on {project.base_url}")
        print("2. A Pyramid app that tracks what its visitors do")
        visit_app(project.base_url)
        with Client(ACCOUNT, base_url=project.base_url) as client:
            print("3. What arrived from the app, asked back")
            show_arrivals(client, today)
            print("   They are today's, so that the next weekly report counts them.")
            print("4. The report of the week before, from the project's answers\n")
            windows = windows_due("weekly", today)
            report = collect_report(client, windows, clock=utc_now, company="Demo Shop")
    print_report(report)
    with SlackStandIn() as slack:
        post_message(build_message(report), slack.webhook_url)
        blocks = len(slack.messages[0]["blocks"])
    print(f"\n5. Posted to a stand-in for Slack, which took {blocks} blocks")
    html.write_text(render_html(report), encoding="utf-8")
    print(f"   and written to {html.resolve()}: open it in a browser")
    return 0


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(timezone.utc)


def visit_app(base_url: str) -> None:
    """Serve the app, visit it, and wait until its events are delivered."""
    with TemporaryDirectory() as folder:
        settings = {
            "mixpanel.token": "demo-token",
            "mixpanel.base_url": base_url,
            "sqlalchemy.url": f"sqlite:///{folder}/shop.sqlite",
            "shop.secret": "of the demo",
        }
        wsgi = shop.main({}, **settings)
        with (
            served(wsgi) as address,
            httpx.Client(base_url=address, timeout=10, trust_env=False) as browser,
        ):
            for visit in VISITS:
                print(f"   {visit}: {answer(browser, visit)}")
            delivered = flush(wsgi.registry, timeout=5.0)
        wsgi.registry["dbsession_factory"].kw["bind"].dispose()
    stats = delivery_stats(wsgi.registry)
    print(f"   delivered: {'all' if delivered else 'not all'} ({stats.sent} messages)")


@contextmanager
def served(wsgi: object) -> Iterator[str]:
    """Serve a WSGI app with waitress on a free port of this machine."""
    server = create_server(wsgi, host="127.0.0.1", port=0)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Its workers first, which write into a pipe of the server when they are done;
        # then itself, in the thread that serves and would trip over a closed socket.
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(server.close)
        thread.join()


def answer(browser: httpx.Client, visit: str) -> str:
    """Make one request, and say how it ended."""
    method, path, *form = visit.split()
    data = dict(field.split("=") for field in form)
    status = browser.request(method, path, data=data).status_code
    if status < 400:
        return str(status)
    return f"{status}, so that what the view tracked is discarded"


def show_arrivals(client: Client, today: date) -> None:
    """Print how often today's events happened."""
    counts = client.events(TRACKED, today - timedelta(days=1), today)
    for name in counts.asked:
        print(f"   {name}: {counts.value(name, today)}")


if __name__ == "__main__":
    try:
        sys.exit(main(Path("report.html")))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
