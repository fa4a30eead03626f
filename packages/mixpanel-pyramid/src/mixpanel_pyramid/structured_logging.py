"""Log lines that go through structlog, where ``mixpanel.structlog`` says so.

The package logs with the standard library everywhere; here its lines are handed on, so
that all of them, also those of the delivery's threads, come out as the app's others do.
"""

from __future__ import annotations

import logging
import threading
from importlib.util import find_spec

from mixpanel_pyramid.converters import truth

__all__ = ["StructlogHandler", "log_through_structlog", "structlog_truth"]

PACKAGE = "mixpanel_pyramid"


class StructlogHandler(logging.Handler):
    """Hands log records on to structlog.

    A record may have ``structured``: an event, and fields by name, instead of a text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.here = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Log a record through structlog.

        Many apps let structlog write through the standard library, which brings the
        line here again; then it goes on to the root's handlers.
        """
        if getattr(self.here, "is_busy", False):
            root = logging.getLogger()
            if record.levelno >= root.level:
                root.handle(record)
            return
        self.here.is_busy = True
        try:
            write(record)
        except Exception:
            self.handleError(record)
        finally:
            self.here.is_busy = False


def write(record: logging.LogRecord) -> None:
    """Write a record with structlog."""
    import structlog

    event, fields = getattr(record, "structured", (record.getMessage(), {}))
    if record.exc_info:
        fields = {**fields, "exc_info": record.exc_info}
    level = logging.getLevelName(record.levelno).lower()
    getattr(structlog.get_logger(record.name), level)(event, **fields)


def structlog_truth(value: object) -> bool:
    """Read whether to log through structlog, which has to be installed then."""
    is_wanted = truth(value)
    if is_wanted and find_spec("structlog") is None:
        message = (
            "is true, but structlog is not installed; "
            'pip install "mixpanel-pyramid[structlog]", or set it to false'
        )
        raise ValueError(message)
    return is_wanted


def log_through_structlog() -> None:
    """Hand the package's log lines on to structlog, in the whole process.

    Its level becomes INFO unless it has one: what is written is structlog's to say.
    """
    logger = logging.getLogger(PACKAGE)
    if not any(isinstance(each, StructlogHandler) for each in logger.handlers):
        logger.addHandler(StructlogHandler())
    logger.propagate = False
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
