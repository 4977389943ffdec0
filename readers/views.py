"""The addresses where readers sign up and leave. GET shows, only POST acts: mail scanners open every link.

The sign-up form stands on cached pages, so there is no CSRF token in it and none is needed: no session is used, and
all that a forged request could do is what anybody can do by typing an address. A foreign `Origin` is refused anyway.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readers import pages, tasks
from readers.consent import NEWSLETTER, TOPICS, Topic, chosen_topics
from readers.links import preference_url, reader_leaving
from readers.mail_address import address_problem
from readers.networks import TOO_MANY, address_of, may_network_ask
from readers.pages import NewsletterPage
from readers.same_site import KEY_PAGE_REFERRER, TRAP_FILLED, is_foreign
from readers.selectors import consent_by_key
from readers.services import follows, preferences, subscriptions

FOREIGN = pages.refused("The form was sent from another site. Please use the one here.")


def _show(request: HttpRequest, page: NewsletterPage, status: int = 200) -> HttpResponse:
    answer = render(request, "readers/newsletter.html", {"page": page}, status=status)
    answer["Referrer-Policy"] = KEY_PAGE_REFERRER  # the addresses of these pages are keys
    return answer


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, pages.asking())
    if is_foreign(request):
        return _show(request, FOREIGN, 403)
    address = request.POST.get("email", "").strip()
    topics = _asked_topics(request)
    if problems := _problems(request, address, topics):
        chosen = [topic.key for topic in topics]
        return _show(request, pages.asking(address=address, problems=problems, chosen=chosen), 400)
    if not may_network_ask(address_of(request), now=timezone.now()):
        chosen = [topic.key for topic in topics]
        return _show(request, pages.asking(address=address, problems=(("", TOO_MANY),), chosen=chosen), 429)
    ask(address, topics, asked_on=request.POST.get("page", request.path).replace("\0", ""))
    return _show(request, pages.ASKED)


def _asked_topics(request: HttpRequest) -> tuple[Topic, ...]:
    """The form at the foot of every page has no boxes and asks for the letter; boxes that are all empty, for none."""
    has_boxes = "boxes" in request.POST or "topic" in request.POST
    return chosen_topics(request.POST.getlist("topic")) if has_boxes else (NEWSLETTER,)


def _problems(request: HttpRequest, address: str, topics: tuple[Topic, ...]) -> tuple[tuple[str, str], ...]:
    """The form's field and a sentence, for each that keeps us from asking."""
    found = (
        ("", TRAP_FILLED if request.POST.get("website") else ""),
        ("topic", "" if topics else "Choose at least one letter: nothing comes that you did not ask for."),
        ("email", address_problem(address)),
    )
    return tuple((name, words) for name, words in found if words)


def ask(address: str, topics: tuple[Topic, ...], *, asked_on: str) -> None:
    """By mail, where there is something to ask. The same is said to whoever asked, in every case."""
    consent = subscriptions.ask_for_consents(address=address, topics=topics, asked_on=asked_on, now=timezone.now())
    if consent is not None:
        transaction.on_commit(partial(tasks.send_confirmation.delay, consent.pk))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_link(request: HttpRequest) -> HttpResponse:
    """For who has no letter at hand: the link to one's own page, by mail."""
    if request.method != "POST":
        return _show(request, pages.asking_for_link())
    if is_foreign(request):
        return _show(request, FOREIGN, 403)
    address = request.POST.get("email", "").strip()
    if problem := address_problem(address):
        return _show(request, pages.asking_for_link(address=address, problems=(("email", problem),)), 400)
    if not may_network_ask(address_of(request), now=timezone.now()):
        return _show(request, pages.asking_for_link(address=address, problems=(("", TOO_MANY),)), 429)
    reader = preferences.may_send_link(address=address, now=timezone.now())
    if reader is not None:
        transaction.on_commit(partial(tasks.send_preference_link.delay, reader.pk))
    return _show(request, pages.LINK_ASKED)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_confirm(request: HttpRequest, key: str) -> HttpResponse:
    consent = consent_by_key(key)
    if consent is None:
        return _show(request, pages.UNKNOWN, 404)
    asked = subscriptions.open_questions(consent, now=timezone.now())
    if request.method != "POST":
        return _show(request, pages.confirming(asked))
    was_before = consent.confirmed_at is not None
    try:
        subscriptions.confirm_consent(consent=consent, now=timezone.now(), also=request.POST.getlist("asked"))
    except subscriptions.ConsentError as error:
        return _show(request, pages.refused(str(error)), 410)
    # A used link shows nothing more: whoever finds it later gets no way to the reader's page.
    your_page = "" if was_before else preference_url(consent.reader_id, consent.reader.link_version)
    is_letter = all(one.topic in TOPICS for one in asked)
    return _show(request, pages.confirmed(your_page=your_page, was_before=was_before, is_letter=is_letter))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_leave(request: HttpRequest, key: str) -> HttpResponse:
    """Also the target of mail programs' one-click button (RFC 8058), which posts without a cookie or a token."""
    consent = consent_by_key(key)
    if consent is None:
        return _show(request, pages.UNKNOWN, 404)
    if request.method != "POST":
        return _show(request, pages.leaving(consent.label))
    subscriptions.withdraw_consent(consent=consent, now=timezone.now())
    return _show(request, pages.LEFT)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_leave_news(request: HttpRequest, token: str) -> HttpResponse:
    """The one press out of all that a reader follows; mail programs post to it as well."""
    reader = reader_leaving(token)
    if reader is None:
        return _show(request, pages.UNKNOWN, 404)
    if request.method != "POST":
        return _show(request, pages.LEAVING_NEWS)
    follows.follow_nothing(reader=reader, now=timezone.now())
    return _show(request, pages.LEFT_NEWS)
