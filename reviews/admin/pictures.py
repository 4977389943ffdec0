"""Where do editors find, upload and describe pictures, and see whether their sizes are made?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog.admin.pickers import PickerMixin
from catalog.admin.signed_in import signed_in
from reviews.admin.picture_choice import choose_view, thumbnail_url, upload_view
from reviews.admin.picture_form import PictureForm, UploadForm
from reviews.models import Picture
from reviews.picture_uses import uses_of, with_use
from reviews.renditions import CARD, SOCIAL
from reviews.services.pictures import add_picture, ask_for_sizes, change_picture, delete_picture
from reviews.shown_pictures import facts_of_picture, is_allowed, picture_url
from reviews.tasks import make_picture_sizes

if TYPE_CHECKING:
    from django import forms

_WORDS = ["alt", "caption", "credit", "licence", "source_url", "merchant", "product"]
_WAS_THERE = "picture_was_there"


class UseFilter(admin.SimpleListFilter):
    """Does anything show the picture?"""

    title = "use"
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Shown somewhere"), ("no", "Not used")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> QuerySet[Picture]:
        wanted = {"yes": True, "no": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(is_used=wanted)  # type: ignore[misc]


@admin.register(Picture)
class PictureAdmin(PickerMixin, admin.ModelAdmin[Picture]):
    form = PictureForm
    change_form_template = "admin/reviews/picture/change_form.html"
    list_display = ["thumbnail", "alt", "licence", "pixels", "state", "is_shown"]
    list_display_links = ["alt"]
    list_filter = [UseFilter, "licence", "state"]
    list_per_page = 40
    search_fields = ["alt", "caption", "credit", "source_url", "product__model", "product__brand__name"]
    autocomplete_fields = ["merchant", "product"]

    class Media:
        css = {"all": ["admin_editor/picture_focus.css"]}
        js = ["admin_editor/picture_focus.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("choose/", view(self.choose_view), name="reviews_picture_choose"),
            path("upload/", view(require_POST(self.upload_view)), name="reviews_picture_upload"),
            path("<int:pk>/state/", view(self.state_view), name="reviews_picture_state"),
            path("<int:pk>/sizes/", view(require_POST(self.sizes_view)), name="reviews_picture_sizes"),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        return choose_view(self, request)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        return upload_view(self, request)

    def state_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far its sizes are, for the script on its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        picture = get_object_or_404(Picture, pk=pk)
        return JsonResponse({"state": picture.state, "label": picture.get_state_display(), "why": picture.state_reason})

    def sizes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        picture = get_object_or_404(Picture, pk=pk)
        if not self.has_change_permission(request, picture):
            raise PermissionDenied
        ask_for_sizes(picture=picture)
        make_picture_sizes.delay_on_commit(picture.pk)  # type: ignore[attr-defined]
        self.message_user(request, "The sizes are being made again.")
        return HttpResponseRedirect(reverse("admin:reviews_picture_change", args=[pk]))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return with_use(super().get_queryset(request)).select_related("merchant")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if change else {"form": UploadForm}), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        upload = [] if obj else ["file"]
        return [
            (None, {"fields": [*upload, *_WORDS]}),
            ("What has to stay when it is cropped", {"fields": [("focus_x", "focus_y")]}),
        ]

    def save_model(self, request: HttpRequest, obj: Picture, form: forms.ModelForm[Picture], change: bool) -> None:
        if change:
            change_picture(picture=obj)
        else:
            assert isinstance(form, UploadForm)
            assert form.upload is not None
            stored = add_picture(picture=obj, upload=form.upload, by=signed_in(request))
            if stored is not obj:
                obj.__dict__.update(stored.__dict__)
                setattr(request, _WAS_THERE, True)
        if obj.state == Picture.State.WAITING:
            make_picture_sizes.delay_on_commit(obj.pk)  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Picture, message: Any) -> Any:
        return None if hasattr(request, _WAS_THERE) else super().log_addition(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Picture, post_url_continue: str | None = None) -> HttpResponse:
        if hasattr(request, _WAS_THERE) and "_popup" not in request.POST:
            said = f"This very file is here already, as “{obj}”. Nothing was stored twice; its words are as they were."
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:reviews_picture_change", args=[obj.pk]))
        return super().response_add(request, obj, post_url_continue)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Picture | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= {
                "facts": facts_of_picture(obj),
                "crops": _crops(obj),
                "uses": uses_of(obj),
                "is_allowed": is_allowed(obj),
                "is_waiting": obj.state == Picture.State.WAITING,
                "is_failed": obj.state == Picture.State.FAILED,
            }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What stands in the way, by the name of the article that shows it."""
        found = list(objs)
        kept = [format_html('<a href="{}">{}</a>', use.url, use.label) for one in found for use in uses_of(one)]
        return [str(one) for one in found], {"pictures": len(found)}, set(), kept

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        delete_picture(picture=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> None:
        for picture in queryset:
            delete_picture(picture=picture)

    @admin.display(description="Picture")
    def thumbnail(self, obj: Picture) -> SafeString | str:
        url = thumbnail_url(obj)
        return format_html('<img class="thumb" src="{}" alt="" loading="lazy">', url) if url else "–"

    @admin.display(description="Pixels", ordering="width")
    def pixels(self, obj: Picture) -> str:
        return f"{obj.width} × {obj.height}"

    @admin.display(description="Shown", boolean=True, ordering="is_used")
    def is_shown(self, obj: Any) -> bool:
        return bool(obj.is_used)


def _crops(picture: Picture) -> list[tuple[str, str]]:
    """The crops that readers are given now: what it is for, and its address."""
    names = {CARD: "On cards", SOCIAL: "In shared links"}
    plain = [one for one in picture.renditions if one["ratio"] in names and one["format"] in ("jpeg", "png")]
    return [(names[one["ratio"]], picture_url(one["name"])) for one in plain]
