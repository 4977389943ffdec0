"""What does an editor say about a picture, and what is said back when its file or its words do not fit?"""

from __future__ import annotations

from typing import Any

from django import forms

from reviews.models import Picture
from reviews.picture_files import MAX_BYTES, CleanPicture, PictureFileError, read_upload
from reviews.services.pictures import EDITED

_SUFFIXES = ".jpg,.jpeg,.png,.webp,.avif"
_SHARE = {"min": "0", "max": "1", "step": "0.01"}


class PictureForm(forms.ModelForm[Picture]):
    """The words and the focus of a picture that is there."""

    class Meta:
        model = Picture
        fields = EDITED
        widgets = {
            "alt": forms.TextInput(attrs={"class": "vTextField"}),
            "caption": forms.TextInput(attrs={"class": "vTextField"}),
            "focus_x": forms.NumberInput(attrs=_SHARE),
            "focus_y": forms.NumberInput(attrs=_SHARE),
        }
        labels = {
            "alt": "What it shows",
            "source_url": "Where it comes from",
            "focus_x": "Focus, from the left",
            "focus_y": "Focus, from the top",
        }
        help_texts = {
            "alt": "Read out to who cannot see it, and shown while it loads: “A headset with its boom turned up”.",
            "caption": "Printed below it, where there is something to add.",
            "credit": "Who made it, as they want to be named.",
            "licence": "What lets us show it. CC BY and CC BY-SA are named beside the picture.",
            "source_url": "The page it was taken from; the credit leads there.",
            "merchant": "Only for a shop’s own picture: its programme must allow copies.",
            "product": "The product it shows, so that others find it.",
            "focus_x": "0 is the left edge, 1 the right: what has to stay when it is cropped. Or click on the picture.",
            "focus_y": "0 is the upper edge, 1 the lower.",
        }


class UploadForm(PictureForm):
    """The same with the file. What the file's name says is not believed, and not kept."""

    file = forms.FileField(
        label="File",
        help_text=f"JPEG, PNG, WebP or AVIF, up to {MAX_BYTES // 1_000_000} MB. Place, camera and all else that is "
        "hidden in it is taken out.",
        widget=forms.FileInput(attrs={"accept": _SUFFIXES}),
    )
    upload: CleanPicture | None = None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            if file.size > MAX_BYTES:
                # Refused by its first byte's count, before the rest is read into memory.
                raise PictureFileError(
                    f"The file has {file.size / 1_000_000:.0f} MB; {MAX_BYTES // 1_000_000} MB fit. Save it smaller."
                )
            self.upload = read_upload(file.read())
        except PictureFileError as error:
            raise forms.ValidationError(str(error)) from error
        return file
