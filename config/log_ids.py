"""To which request or task does a log line belong? An id that a reader's request hands on to the tasks it starts.

Our proxy may send its own id (`X-Request-ID`), so that its log and ours can be read side by side; what anybody else
sends is not believed. The id is random and is kept nowhere but in the log: it names a request, never a reader.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

REQUEST, TASK, TASK_ID = "request_id", "task", "task_id"

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def requests_named(application: Application, *, trusts_proxy: bool) -> Application:
    """The WSGI application, with the id of its request beside every line that it logs.

    An answer that says something went wrong on our side (5xx) carries the id in `X-Request-ID`, for whoever reports
    it. No other answer does: pages are kept and given to others.
    """

    def named(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        known = environ.get("HTTP_X_REQUEST_ID", "") if trusts_proxy else ""
        own = known if _WELL_FORMED.fullmatch(known) else uuid.uuid4().hex
        clear_contextvars()
        bind_contextvars(**{REQUEST: own})

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("X-Request-ID", own)] if status[:1] == "5" else headers, *more)

        try:
            return application(environ, start)
        finally:
            clear_contextvars()

    return named


@before_task_publish.connect
def _hand_on(headers: dict[str, Any] | None = None, **_: object) -> None:
    known = get_contextvars().get(REQUEST)
    if headers is not None and known:
        headers[REQUEST] = known


@task_prerun.connect
def _begin(task: Any = None, task_id: str = "", **_: object) -> None:
    clear_contextvars()
    asked_by = getattr(task.request, REQUEST, None)
    bind_contextvars(**{TASK: task.name, TASK_ID: task_id}, **({REQUEST: asked_by} if asked_by else {}))


@task_postrun.connect
def _end(**_: object) -> None:
    clear_contextvars()
