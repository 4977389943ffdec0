"""Which addresses show and take readers' remarks on passages? Only POST acts; no cookie is read."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from catalog.page_tags import kept
from readers.networks import address_of
from reviews import selectors
from reviews.answers import cached, moved_article
from reviews.comment_links import mine_url
from reviews.comment_senders import network_of
from reviews.models import Article
from reviews.own_forms import from_here, number_said, refusal
from reviews.pages import comment_steps, remarks
from reviews.pages.parts import SECTIONS
from reviews.pages.remark_parts import remarks_url
from reviews.passages.anchoring import LONGEST
from reviews.passages.marked_words import IndexedText
from reviews.services.comment_follows import wish_checked
from reviews.services.comments import CommentError, CommentInput
from reviews.services.remark_news import follow_remark
from reviews.services.remarks import PassageInput, marked_place, write_remark

# More than that of an address is no selection of ours.
_LONGEST_SENT = 2_000


@kept("page")
@cached
def article_remarks(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    article = selectors.published_article(SECTIONS[section], slug)
    if article is None:
        return _moved(section, slug, "remarks/")
    page = remarks.remarks_page(article, number_said(request.GET.get("page", "1")))
    if page is None:
        return _nothing(request, article, "There are not so many remarks", "All there are stand with the article.")
    return render(request, "reviews/remarks_page.html", {"page": page})


@kept("block", "exact", "prefix", "suffix", "until")  # never kept, as it says itself; it is all it reads of an address
@from_here
def new(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    """`block`: the key of a part of the article. A selection in it comes along, else a paragraph is chosen."""
    article = selectors.published_article(SECTIONS[section], slug)
    if article is None:
        return _moved(section, slug, "remarks/new/")
    text = remarks.text_of(article)
    if request.method == "POST":
        return _taken(request, article, text)
    passage = _passage(request, text)
    if passage.block not in text.texts:
        said = "The article was changed since. Open it, and begin at the part you mean."
        return _nothing(request, article, "This part is no longer there", said)
    return _show(request, article, text, passage)


def _taken(request: HttpRequest, article: Article, text: IndexedText) -> HttpResponse:
    now, sent = timezone.now(), request.POST
    passage = _passage(request, text)
    given = CommentInput(
        name=sent.get("name", ""),
        address=sent.get("email", "").replace("\0", ""),
        text=sent.get("text", ""),
        network=network_of(request, now=now),
        fills_the_trap=bool(sent.get("website")),
    )
    hear = bool(sent.get("hear"))
    try:
        with wish_checked("answers" if hear else "", address=given.address, sender=address_of(request), now=now):
            remark = write_remark(given, passage, article=article, may_credit=bool(sent.get("may_credit")), now=now)
    except CommentError as error:
        return refusal(_show(request, article, text, passage, problems=error.problems, given=given), error)
    if hear:
        follow_remark(remark=remark, address=given.address, now=now)
    return redirect(mine_url(remark.pk, wants_mail=hear))


def _passage(request: HttpRequest, text: IndexedText) -> PassageInput:
    """What was selected; or the paragraph that was chosen, or words of it that were copied."""
    sent = request.POST if request.method == "POST" else request.GET
    said = {name: sent.get(name, "").replace("\0", "")[:_LONGEST_SENT] for name in ("block", "exact", "until")}
    around = {name: sent.get(name, "").replace("\0", "")[:100] for name in ("prefix", "suffix")}
    if said["exact"]:
        return PassageInput(**said, **around)
    lines = remarks.lines_of(text, said["block"])
    number = number_said(sent.get("paragraph", "x")) if sent.get("paragraph", "x").isdecimal() else -1
    chosen = lines[number] if 0 <= number < len(lines) else ""
    words = sent.get("words", "").replace("\0", "").strip()[:_LONGEST_SENT]
    before, found, behind = chosen.partition(words) if words and chosen else ("", "", "")
    if found:
        return PassageInput(block=said["block"], exact=words, prefix=before[-64:], suffix=behind[:64])
    return PassageInput(block=said["block"], exact=words or _not_too_long(chosen))


def _not_too_long(paragraph: str) -> str:
    most = LONGEST
    return paragraph if len(paragraph) <= most else paragraph[:most].rsplit(" ", 1)[0]


def _show(
    request: HttpRequest,
    article: Article,
    text: IndexedText,
    passage: PassageInput,
    *,
    problems: Sequence[tuple[str, str]] = (),
    given: CommentInput | None = None,
) -> HttpResponse:
    sent = request.POST
    around, is_selected = ("", "", ""), bool(sent.get("exact") or request.GET.get("exact"))
    if is_selected:
        try:
            place = marked_place(passage, text)
            around = (place.prefix, place.exact, place.suffix)
        except CommentError as error:
            problems = [*problems, *(one for one in error.problems if one not in problems)]
    chosen = number_said(sent.get("paragraph", "")) if sent.get("paragraph", "").isdecimal() else -1
    paragraphs = () if around[1] else remarks.paragraphs_of(text, passage.block, chosen=chosen)
    form = remarks.RemarkForm(
        action=remarks_url(article, "remark-new"),
        block=passage.block,
        exact=passage.exact,
        prefix=passage.prefix,
        suffix=passage.suffix,
        until=passage.until,
        paragraphs=paragraphs,
        words=sent.get("words", "").replace("\0", ""),
        text=given.text.replace("\0", "") if given else "",
        name=given.name.replace("\0", "") if given else "",
        email=given.address if given else "",
        may_credit=bool(sent.get("may_credit")),
        hear=bool(sent.get("hear")),
        problems=tuple(problems),
    )
    page = remarks.form_page(article, form, before=around[0], marked=around[1], behind=around[2])
    return render(request, "reviews/remarks_new.html", {"page": page}, status=400 if problems else 200)


def _nothing(request: HttpRequest, article: Article, headline: str, text: str) -> HttpResponse:
    page = comment_steps.said_page(headline, text, article=article)
    return render(request, "reviews/comments_step.html", {"page": page}, status=404)


def _moved(section: str, slug: str, rest: str) -> HttpResponse:
    answer = moved_article(section, slug)
    answer["Location"] += rest
    return answer
