"""A reader's own page behind the mailed link: a GET shows it and changes nothing, each of its buttons posts.

No password and no session: the signed link came to the address. A foreign `Origin` is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readers import pages
from readers.consent import Rhythm, chosen_topics
from readers.digest import WEEKDAYS, NewsRhythm
from readers.links import preference_token, reader_of
from readers.models import Reader
from readers.same_site import KEY_PAGE_REFERRER, is_foreign
from readers.services import erasure, follows, preferences
from readers.views import FOREIGN


def _kept_to_ourselves(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = KEY_PAGE_REFERRER  # the page's address is a key
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _word(request: HttpRequest, page: pages.NewsletterPage, status: int = 200) -> HttpResponse:
    return _kept_to_ourselves(render(request, "readers/newsletter.html", {"page": page}, status=status))


def _show(request: HttpRequest, page: pages.PreferencePage, status: int = 200) -> HttpResponse:
    return _kept_to_ourselves(render(request, "readers/preferences.html", {"page": page}, status=status))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_you(request: HttpRequest, token: str) -> HttpResponse:
    reader = reader_of(token)
    if reader is None:
        return _word(request, pages.UNKNOWN, 404)
    if request.method != "POST":
        return _show(request, pages.preference_page(reader))
    if is_foreign(request):
        return _word(request, FOREIGN, 403)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        unknown = ("Nothing was changed: press one of the buttons below.",)
        return _show(request, pages.preference_page(reader, errors=unknown), 400)
    return act(request, reader)


def _not_offered(request: HttpRequest, reader: Reader) -> HttpResponse:
    said = ("Nothing was changed: something was chosen that this page does not offer. Choose again below.",)
    return _show(request, pages.preference_page(reader, errors=said), 400)


def _save(request: HttpRequest, reader: Reader) -> HttpResponse:
    try:
        rhythm = Rhythm(request.POST.get("rhythm", reader.rhythm))
    except ValueError:
        return _not_offered(request, reader)
    topics = chosen_topics(request.POST.getlist("topic"))
    now = timezone.now()
    preferences.choose_topics(reader=reader, topics=topics, rhythm=rhythm, asked_on="/newsletter/you/", now=now)
    reader.refresh_from_db()
    return _show(request, pages.preference_page(reader, said="Your choices are kept."))


def _leave(request: HttpRequest, reader: Reader) -> HttpResponse:
    preferences.leave_everything(reader=reader, now=timezone.now())
    return _show(request, pages.preference_page(reader, said="You have left everything. Nothing more will come."))


def _news(request: HttpRequest, reader: Reader) -> HttpResponse:
    sent = request.POST
    try:
        follows.choose_rhythm(
            reader=reader,
            rhythm=NewsRhythm(sent.get("news-rhythm", reader.news_rhythm)),
            hour=_number(sent.get("hour", str(reader.news_hour)), below=24),
            weekday=_number(sent.get("weekday", str(reader.news_weekday)), below=len(WEEKDAYS)),
        )
    except ValueError:
        return _not_offered(request, reader)
    reader.refresh_from_db()
    return _show(request, pages.preference_page(reader, said="Kept: what waits comes by it too."))


def _number(said: str, *, below: int) -> int:
    """Raises `ValueError`."""
    if not (said.isascii() and said.isdecimal() and len(said) < 3 and int(said) < below):
        raise ValueError(said)
    return int(said)


def _end(request: HttpRequest, reader: Reader) -> HttpResponse:
    ended = follows.leave_one(reader=reader, key=request.POST.get("key", "").replace("\0", ""), now=timezone.now())
    said = f"Ended: {ended}" if ended else "That had ended before. Nothing was changed."
    return _show(request, pages.preference_page(reader, said=said))


def _export(request: HttpRequest, reader: Reader) -> HttpResponse:
    found = erasure.everything_about(reader=reader, now=timezone.now())
    answer = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="what-we-know.json"'
    return _kept_to_ourselves(answer)


def _erase(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.POST.get("sure") != "yes":
        unsure = ("Nothing was erased: tick the box beside the button first. It cannot be undone.",)
        return _show(request, pages.preference_page(reader, errors=unsure), 400)
    erasure.erase_everything(reader=reader, now=timezone.now())
    return _word(request, pages.ERASED)


def _renew(request: HttpRequest, reader: Reader) -> HttpResponse:
    reader = preferences.renew_link(reader=reader)
    return _kept_to_ourselves(redirect("newsletter-you", preference_token(reader.pk, reader.link_version)))


_ACTS: Mapping[str, Callable[[HttpRequest, Reader], HttpResponse]] = {
    "save": _save,
    "leave": _leave,
    "news": _news,
    "end": _end,
    "export": _export,
    "erase": _erase,
    "renew": _renew,
}
