"""What does somebody see who was given a link to an article before it is published? No account, no cookie, no trace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from reviews.desk.preview import HEADERS, preview_html, preview_page
from reviews.desk.preview_links import PreviewError, open_preview
from reviews.frame_policy import allow_frames
from reviews.pages.parts import Page


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """The page, or a page that says why there is none: 404 for what is no link of ours, 410 for one that is over."""
    now = timezone.now()
    try:
        opened = open_preview(token, now=now)
    except PreviewError as error:
        page = Page(title="This preview is not there", description=str(error), canonical="", is_indexed=False)
        gone = render_to_string("reviews/preview_gone.html", {"page": page})
        return HttpResponse(gone, status=410 if error.is_over else 404, headers=HEADERS)
    shown = preview_page(opened.article, opened.content, now=now)
    text = preview_html(shown, template="reviews/preview.html", extra={"preview": opened})
    return allow_frames(HttpResponse(text, headers=HEADERS), shown.frame_origins)
