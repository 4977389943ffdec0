"""Which addresses show and take readers' comments? GET shows, only POST acts, and no cookie is set or read.

The form stands on kept pages, so there is no CSRF token in it and none is needed: no session is used. A foreign
`Origin` is refused anyway.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.page_tags import kept
from readers.networks import address_of
from reviews import comment_feed, selectors
from reviews.answers import cached, moved_article
from reviews.comment_links import comment_of_letter, comment_of_mine, mine_url
from reviews.comment_senders import network_of
from reviews.models import Article, Comment
from reviews.own_forms import from_here, number_said, refusal
from reviews.pages import comment_parts, comment_steps, comments
from reviews.pages.parts import SECTIONS, Page
from reviews.services.comment_decisions import DecisionError, decide_seen
from reviews.services.comment_follows import follow_as_wished, wish_checked
from reviews.services.comments import CommentError, CommentInput, edit_comment, vote_for_comment, write_comment

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_NO_LINK = "It may have been cut in two, or it is too old. Open the article again from here."


def _show(request: HttpRequest, page: Page, *, template: str = "comments_step", status: int = 200) -> HttpResponse:
    return render(request, f"reviews/{template}.html", {"page": page}, status=status)


# --- showing -----------------------------------------------------------------------------------------------------


@kept("sort", "page", "since", "thread")
@cached
def article_comments(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    article = selectors.published_article(SECTIONS[section], slug)
    if article is None:
        moved = moved_article(section, slug)
        moved["Location"] += "comments/"
        return moved
    page = _asked(article, request)
    if page is None:
        text = "Some may have been taken away, or the address was changed. All there are stand under the article."
        return _show(request, comment_steps.said_page("There are no such comments", text, article=article), status=404)
    return _show(request, page, template="comments_page")


def _asked(article: Article, request: HttpRequest) -> comments.CommentsPage | None:
    title, asked = article.shown["title"], request.GET
    number = number_said(asked.get("page", "1"))
    if "since" in asked:
        since = _moment(asked["since"])
        return comments.new_comments_page(article, since, title=title) if since else None
    if "thread" in asked:
        return comments.thread_page(article, number_said(asked["thread"]), number=number, title=title)
    sort = asked.get("sort", "oldest")
    return comments.comments_page(article, sort=sort, number=number, title=title, now=timezone.now())


def _moment(said: str) -> datetime | None:
    """A time with or without a zone (then UTC). A space is what becomes of a plus in an address."""
    try:
        found = parse_datetime(said.replace(" ", "+") if "T" in said else said)
        found = found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC) if found and found.year > 1 else None
    except (ValueError, OverflowError):
        return None


@kept()
@cached
def feed(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    article = selectors.published_article(SECTIONS[section], slug)
    if article is None:
        moved = moved_article(section, slug)
        moved["Location"] += "comments/feed/"
        return moved
    built = comment_feed.comments_of(article)
    return HttpResponse(built.writeString("utf-8"), content_type=comment_feed.CONTENT_TYPE)


# --- writing -----------------------------------------------------------------------------------------------------


@kept("to")  # never kept, as it says itself; but this is all it reads of an address
@from_here
def write(request: HttpRequest, article: int) -> HttpResponse:
    """`to`: the comment that is answered. What was typed comes back with what was wrong about it."""
    found = _published(article)
    if request.method != "POST":
        return _show(request, _form_page(found, request.GET.get("to", "")))
    now = timezone.now()
    to = request.POST.get("to", "")
    given = CommentInput(
        name=request.POST.get("name", ""),
        address=request.POST.get("email", "").replace("\0", ""),
        text=request.POST.get("text", ""),
        answers=number_said(to) if to else None,
        network=network_of(request, now=now),
        fills_the_trap=bool(request.POST.get("website")),
    )
    tell = request.POST.get("tell", "")
    try:
        with wish_checked(tell, address=given.address, sender=address_of(request), now=now):
            comment = write_comment(given, article=found, now=now)
    except CommentError as error:
        return refusal(_show(request, _form_page(found, to, given, error, tell=tell)), error)
    follow_as_wished(tell, comment=comment, address=given.address, now=now)
    return redirect(mine_url(comment.pk, wants_mail=tell in ("answers", "all")))


@from_here
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """How one's own comment stands; for a quarter of an hour its words can be changed here."""
    key = comment_of_mine(token)
    rows = Comment.objects.select_related("article__live_revision")
    comment = rows.filter(pk=key, article__in=Article.objects.published()).first() if key else None
    if comment is None:
        return _show(request, comment_steps.said_page("This link leads nowhere", _NO_LINK), status=404)
    title, now = comment.article.shown["title"], timezone.now()
    if request.method != "POST":
        return _show(request, comment_steps.mine_page(comment, title=title, now=now, wants_mail="mail" in request.GET))
    text = request.POST.get("text", "")
    try:
        edit_comment(comment=comment, text=text, now=now)
    except CommentError as error:
        page = comment_steps.mine_page(comment, title=title, now=now, text=text, problems=error.problems)
        return refusal(_show(request, page), error)
    return redirect(request.path)


@from_here
def useful(request: HttpRequest, number: int) -> HttpResponse:
    """One press, one vote a day and network."""
    row = get_object_or_404(Comment.objects.filter(state=Comment.State.SHOWN), pk=number)
    article = _published(row.article_id)
    if request.method != "POST":
        text = "Press the button under the comment: opening this address alone counts nothing."
        return _show(request, comment_steps.said_page("Useful?", text, article=article, number=number))
    now = timezone.now()
    is_new = vote_for_comment(comment_id=number, voter=network_of(request, now=now), now=now)
    row.refresh_from_db(fields=["useful"])
    said = f"{row.useful} {'person has' if row.useful == 1 else 'people have'} found this comment useful."
    text = f"{said} The number under the article follows within minutes." if is_new else f"Counted before. {said}"
    return _show(request, comment_steps.said_page("Thank you", text, article=article, number=number))


# --- a moderator's letter ----------------------------------------------------------------------------------------


@from_here
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """Where a letter leads: opening it shows, its buttons decide, for whoever may do so at the desk."""
    found = comment_of_letter(token)
    users = get_user_model().objects.filter(pk=found[1], is_active=True, is_staff=True) if found else None
    user = users.first() if users is not None else None
    row = Comment.objects.select_related("article__live_revision").filter(pk=found[0]).first() if found else None
    if user is None or row is None or not user.has_perm("reviews.change_comment"):
        text = "It may have been cut in two, or it is older than 48 hours. The queue at the desk has all that waits."
        return _show(request, comment_steps.said_page("This link leads nowhere", text), status=404)
    if request.method != "POST":
        return _show(request, comment_steps.letter_page(row), template="comments_letter")
    return _decided(request, row, user)


def _decided(request: HttpRequest, row: Comment, user: User) -> HttpResponse:
    state, reason = request.POST.get("state", ""), request.POST.get("reason", "")
    if row.state != Comment.State.HELD:
        return _show(request, comment_steps.letter_page(row), template="comments_letter")
    try:
        row = decide_seen(comment_id=row.pk, state=state, reason=reason, by=user, now=timezone.now())
    except DecisionError as error:
        page = comment_steps.letter_page(row, problem=str(error), reason=reason)
        return _show(request, page, template="comments_letter", status=400)
    return _show(request, comment_steps.letter_page(row), template="comments_letter")


# --- parts -------------------------------------------------------------------------------------------------------


def _published(number: int) -> Article:
    rows = Article.objects.published().select_related("live_revision")
    return get_object_or_404(rows, pk=number if number < 2**63 else 0)


def _form_page(
    article: Article, to: str, given: CommentInput | None = None, error: CommentError | None = None, *, tell: str = ""
) -> comment_steps.CommentPage:
    rows = Comment.objects.filter(article=article, state=Comment.State.SHOWN).select_related("article")
    answered = rows.filter(pk=number_said(to)).first() if to else None
    form = comment_parts.form_of(
        article,
        name=given.name.replace("\0", "") if given else "",
        email=given.address if given else "",
        text=given.text.replace("\0", "") if given else "",
        tell=tell,
        to=comment_parts.shown_comment(answered) if answered else None,
        problems=error.problems if error else (),
    )
    return comment_steps.write_page(article, form, title=article.shown["title"])
