"""Where somebody asks to be told of an article's comments. GET shows the form, only POST asks; no cookie, no token."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readers.mail_address import address_problem
from readers.networks import TOO_MANY, address_of, may_network_ask
from readers.same_site import TRAP_FILLED, is_foreign
from reviews.models import Article
from reviews.pages import comment_steps
from reviews.pages.comment_parts import FollowForm
from reviews.services.comment_follows import all_of, follow


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_comments(request: HttpRequest, article: int) -> HttpResponse:
    rows = Article.objects.published().select_related("live_revision")
    found = get_object_or_404(rows, pk=article if article < 2**63 else 0)
    if request.method != "POST":
        return _show(request, comment_steps.follow_page(found))
    if is_foreign(request):
        text = "The form was sent from another site. Please use the one under the article."
        return _show(request, comment_steps.said_page("That did not work", text), status=403)
    address, now = request.POST.get("email", "").replace("\0", "").strip(), timezone.now()
    if problem := TRAP_FILLED if request.POST.get("website") else address_problem(address):
        form = FollowForm(action=request.path, email=address, problem=problem)
        return _show(request, comment_steps.follow_page(found, form), status=400)
    if not may_network_ask(address_of(request), now=now):
        form = FollowForm(action=request.path, email=address, problem=TOO_MANY)
        return _show(request, comment_steps.follow_page(found, form), status=429)
    follow(topic=all_of(found), address=address, asked_on=found.get_absolute_url(), now=now)
    return _show(request, comment_steps.said_page("Look into your mailbox", comment_steps.MAIL_ASKED, article=found))


def _show(request: HttpRequest, page: comment_steps.CommentPage, *, status: int = 200) -> HttpResponse:
    return render(request, "reviews/comments_step.html", {"page": page}, status=status)
