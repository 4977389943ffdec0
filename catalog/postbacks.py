"""The door through which networks tell us of purchases by themselves: `/postback/<account>/<secret>/`.

The answer is quick: what was sent is written down, and a worker makes something of it later. Whoever does not know the
secret learns nothing, not even which accounts there are. Errors are problem documents (RFC 9457).
"""

from __future__ import annotations

import logging
import math
import re
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError

from catalog.models import NetworkAccount
from catalog.networks.reports.base import Message, PostbackError, ReportError, Reports
from catalog.services.network_accounts import AccountError, is_secret, report_settings, reports_of
from catalog.services.postbacks import keep_postback, understood, wait_before_next
from catalog.tasks import process_postback

log = logging.getLogger(__name__)

LARGEST = 64 * 1024
AWAY_SECONDS = 60
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)


class _Refused(Exception):  # noqa: N818 - an answer, not a failure of ours
    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = headers or {}


@csrf_exempt
def postback(request: HttpRequest, account_id: int, secret: str) -> HttpResponse:
    try:
        _take(request, account_id, secret)
    except _Refused as refused:
        return _problem(refused.status, str(refused), refused.headers)
    except (OperationalError, InterfaceError):
        log.exception("A postback could not be written down")
        detail = "It cannot be written down now. Send it again later."
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(AWAY_SECONDS)})
    return HttpResponse("OK\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def _take(request: HttpRequest, account_id: int, secret: str) -> None:
    account, reports = _account(account_id, secret)
    if request.method not in reports.methods:
        allowed = ", ".join(sorted(reports.methods))
        detail = f"Messages come here by {allowed}." if allowed else "This network sends no messages."
        raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": allowed})
    if wait := wait_before_next(account=account):
        detail = "These are too many messages in a minute. Send the rest later."
        raise _Refused(HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(math.ceil(wait))})
    message = _message(request)
    signature = _verified(request, account, reports, message)
    kept = keep_postback(account=account, message=message, signature=signature, now=timezone.now())
    try:
        process_postback.delay_on_commit(kept.pk)  # type: ignore[attr-defined]
    except (QueueError, RedisError):
        log.warning("No worker was told of postback %s: the queue is away. It is found in a minute.", kept.pk)
    _say_what_is_wrong(account, message)


def _account(account_id: int, secret: str) -> tuple[NetworkAccount, Reports]:
    account = NetworkAccount.objects.filter(pk=account_id).first()
    try:
        # Nobody's account has a secret too, so that a wrong number takes as long as a wrong secret.
        is_right = is_secret(account or NetworkAccount(pk=0), secret)
    except AccountError as error:
        log.error("%s takes no postbacks: %s", account, error)
        is_right = False
    reports = reports_of(account) if account else None
    if account is None or reports is None or not is_right:
        raise _Refused(HTTPStatus.NOT_FOUND, "There is no such address.")
    return account, reports


def _message(request: HttpRequest) -> Message:
    query = request.META.get("QUERY_STRING", "")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not _LENGTH.fullmatch(length) or int(length) + len(query) > LARGEST:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A message has at most {LARGEST:,} bytes. Send several.")
    try:
        body = request.body
    except UnreadablePostError:
        raise _Refused(HTTPStatus.BAD_REQUEST, "The message ended too early. Send it again.") from None
    if not query and not body:
        raise _Refused(HTTPStatus.BAD_REQUEST, "Nothing was sent: neither a query nor a body.")
    if b"\0" in body or "\0" in query:
        raise _Refused(HTTPStatus.BAD_REQUEST, "The message is no text: it holds a zero byte.")
    assert request.method is not None
    return Message(method=request.method, query=query, content_type=request.headers.get("Content-Type", ""), body=body)


def _verified(request: HttpRequest, account: NetworkAccount, reports: Reports, message: Message) -> str:
    """What of the headers proves who sent it, to be kept with the message."""
    if not reports.signed_headers:
        return ""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        reports.verify(message, headers, report_settings(account), now=timezone.now())
    except PostbackError as error:
        raise _Refused(HTTPStatus.UNAUTHORIZED, str(error)) from None
    except (AccountError, ReportError) as error:
        log.error("%s takes no postbacks: %s", account, error)
        detail = "Signatures cannot be checked now. Send it again later."
        raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(AWAY_SECONDS)}) from None
    return " ".join(headers.get(name, "") for name in reports.signed_headers)


def _say_what_is_wrong(account: NetworkAccount, message: Message) -> None:
    """A message that will not be understood is kept all the same; its sender is told what to change."""
    try:
        read = understood(account=account, message=message, now=timezone.now())
    except PostbackError as error:
        raise _Refused(HTTPStatus.BAD_REQUEST, str(error)) from None
    except (AccountError, ReportError):
        return  # ours to mend; it waits
    except Exception:
        log.exception("A postback of %s was not understood", account)
        return
    if read.troubles and not read.statements:
        raise _Refused(HTTPStatus.BAD_REQUEST, f"{read.troubles[0]}.")


def _problem(status: HTTPStatus, detail: str, headers: dict[str, str]) -> HttpResponse:
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    headers = {**headers, "Cache-Control": "no-store"}
    return JsonResponse(problem, status=status, headers=headers, content_type="application/problem+json")
