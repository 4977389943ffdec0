"""How does an editor choose a picture? By its number, or with the script from thumbnails, or by uploading it here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from reviews.models import Picture


class PictureInput(forms.TextInput):
    """The number of a picture of ours. Beside it a way to the list of pictures and one to add a picture."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "size": 6, "autocomplete": "off", **(attrs or {})})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        addresses = {
            "data-picture": reverse("admin:reviews_picture_choose"),
            "data-upload": reverse("admin:reviews_picture_upload"),
        }
        context = {
            "input": super().render(name, value, {**(attrs or {}), **addresses}, renderer),
            "list_url": reverse("admin:reviews_picture_changelist"),
            "add_url": reverse("admin:reviews_picture_add"),
        }
        return render_to_string("admin/reviews/article/picture_input.html", context)


# No generic while it runs, whatever the stubs say.
class PictureField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A picture by its number, as an article's own field."""

    widget = PictureInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Picture.objects.all(), **kwargs)
        self.error_messages["invalid_choice"] = "There is no picture with this number."
