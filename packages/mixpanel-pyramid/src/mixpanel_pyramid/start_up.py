"""What is looked at once, when an application starts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TypeGuard

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.disk_lanes import DISK_ERRORS
from mixpanel_pyramid.dispatch import Dispatch, Target
from mixpanel_pyramid.outbox import Outbox

__all__ = ["lacks_threads", "look_around", "take_up_backlog"]


def look_around(dispatch: Dispatch) -> list[str]:
    """Look at what delivery needs, once, and say what is missing.

    Messages that a process before left in the outbox are sent from now on, not only
    when the first request comes.
    """
    problems = []
    outbox = dispatch.outbox
    if outbox is not None:
        with outbox.lock:
            problem = outbox.write([])
            outbox.close()
        if not problem and not is_uwsgi_master():
            take_up_backlog(dispatch)
    if lacks_threads():
        where = "the outbox" if outbox else "memory"
        advice = (
            "run `mixpanel-outbox send --follow --ini FILE` beside it"
            if outbox
            else "set mixpanel.outbox and run `mixpanel-outbox send --follow`"
        )
        problems.append(
            "uWSGI runs without enable-threads, where no thread is sure to run, so "
            f"that messages may stay in {where}; "
            f"set enable-threads = true, or {advice}"
        )
    return problems


def take_up_backlog(dispatch: Dispatch) -> None:
    """Begin to send what a process before left in the outbox, if it left anything."""
    outbox = dispatch.outbox
    for target in dispatch.targets() if outbox is not None else ():
        if outbox is not None and has_backlog(target, outbox):
            target.notice()


def has_backlog(target: Target, outbox: Outbox) -> TypeGuard[BackgroundConsumer]:
    """Tell whether an outbox holds messages that nobody here sends yet."""
    if not isinstance(target, BackgroundConsumer) or target.thread is not None:
        return False
    try:
        return outbox.first(target.service.address) > 0
    except DISK_ERRORS:
        return False


def lacks_threads() -> bool:
    """Tell whether this is uWSGI without threads, where started threads may never run.

    https://uwsgi-docs.readthedocs.io/en/latest/ThingsToKnow.html
    """
    uwsgi = sys.modules.get("uwsgi")
    options: Mapping[object, object] = getattr(uwsgi, "opt", {})
    names = {n.decode() if isinstance(n, bytes) else n for n in options}
    return uwsgi is not None and not names & {"enable-threads", "threads"}


def is_uwsgi_master() -> bool:
    """Tell whether this is uWSGI before it forks its workers.

    A thread that begins there never runs, in its workers no other would begin, and
    they are not told of the fork: https://uwsgi-docs.readthedocs.io/en/latest/PythonModule.html
    """
    worker_id = getattr(sys.modules.get("uwsgi"), "worker_id", None)
    return callable(worker_id) and worker_id() == 0
