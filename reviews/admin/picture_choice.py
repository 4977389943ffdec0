"""What does the editor's form need to choose a picture, or to upload one, without leaving the article?"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse

from catalog.admin.signed_in import signed_in
from reviews.admin.picture_form import UploadForm
from reviews.models import Picture
from reviews.services.pictures import add_picture
from reviews.shown_pictures import picture_url
from reviews.tasks import make_picture_sizes

A_PAGE = 24
_LARGEST_PAGE = 10_000
_THUMBNAIL = 320


def choose_view(model_admin: ModelAdmin[Picture], request: HttpRequest) -> HttpResponse:
    """A page of the pictures that fit the words of `q`, newest first; `next` is the number of the next page or null."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), _LARGEST_PAGE) if asked.isascii() and asked.isdecimal() else 1
    rows = list(_fitting(request.GET.get("q", "")[:200])[(page - 1) * A_PAGE : page * A_PAGE + 1])
    return JsonResponse(
        {"pictures": [_as_json(row) for row in rows[:A_PAGE]], "next": page + 1 if len(rows) > A_PAGE else None}
    )


def upload_view(model_admin: ModelAdmin[Picture], request: HttpRequest) -> HttpResponse:
    """Takes the add page's fields: 201 with the picture (200 if it was there already), 422 with errors by field."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = UploadForm({**_initial(), **request.POST.dict()}, request.FILES)
    if not form.is_valid() or form.upload is None:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    picture = form.save(commit=False)
    stored = add_picture(picture=picture, upload=form.upload, by=signed_in(request))
    if stored.state == Picture.State.WAITING:
        make_picture_sizes.delay_on_commit(stored.pk)  # type: ignore[attr-defined]
    is_new = stored is picture
    return JsonResponse({"picture": _as_json(stored), "is_new": is_new}, status=201 if is_new else 200)


def thumbnail_url(picture: Picture) -> str:
    """The smallest size that is there; empty where none is."""
    whole = [entry for entry in picture.renditions if entry["ratio"] == "" and entry["format"] != "avif"]
    smallest = min(whole, key=lambda entry: abs(int(entry["width"]) - _THUMBNAIL), default=None)
    return picture_url(smallest["name"]) if smallest else ""


def _fitting(words: str) -> QuerySet[Picture]:
    rows = Picture.objects.all()
    for word in words.split():
        fits = Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word)
        fits |= Q(product__model__icontains=word) | Q(product__brand__name__icontains=word)
        if word.isascii() and word.isdecimal() and len(word) < 18:
            fits |= Q(pk=int(word))
        rows = rows.filter(fits)
    return rows


def _as_json(picture: Picture) -> dict[str, Any]:
    return {
        "id": picture.pk,
        "alt": picture.alt,
        "url": thumbnail_url(picture),
        "width": picture.width,
        "height": picture.height,
        "state": picture.state,
    }


def _initial() -> dict[str, Any]:
    """What the add page's form would have been filled in with."""
    return {"licence": Picture.Licence.OWN, "focus_x": "0.5", "focus_y": "0.5"}
