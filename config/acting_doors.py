"""Who comes in by which door: a request for the desk, the API or a page, or a task. Commands: `manage.py` itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.acting import Actor, acting, current_actor

# The headers that a task brings along of whoever had it done: a user, or a partner's key.
FOR_USER, FOR_KEY = "for_user", "for_key"

_running: dict[str, AbstractContextManager[None]] = {}


class SayWho:
    """Middleware, after Django's own of accounts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting(lambda: of_request(request)):
            return self.get_response(request)


def of_request(request: HttpRequest) -> Actor:
    """Asked at each write: somebody may sign in, or show a key, in the middle of a request."""
    if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
        user = request.user
        return Actor("admin", user.get_username(), user.pk)
    if request.path_info.startswith("/api/"):
        # REST framework leaves the key on Django's request.
        return Actor("api", getattr(getattr(request, "auth", None), "prefix", ""))
    return Actor("site")


@before_task_publish.connect
def _hand_on(headers: dict[str, Any] | None = None, **_: object) -> None:
    actor = current_actor()
    if headers is None or actor is None:
        return
    if actor.user_id:
        headers[FOR_USER] = actor.user_id
    if key := actor.key or (actor.name if actor.door == "api" else ""):
        headers[FOR_KEY] = key


@task_prerun.connect
def _begin(task: Any = None, task_id: str = "", **_: object) -> None:
    asked = task.request
    actor = Actor("task", task.name, getattr(asked, FOR_USER, None), getattr(asked, FOR_KEY, None) or "")
    _running[task_id] = acting(lambda: actor)
    _running[task_id].__enter__()


@task_postrun.connect
def _end(task_id: str = "", **_: object) -> None:
    if begun := _running.pop(task_id, None):
        begun.__exit__(None, None, None)
