"""How does a picture get in, change and go? The only place that saves pictures and their originals."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from catalog.services.page_changes import announce
from reviews.models import Picture
from reviews.picture_files import CleanPicture, open_kept
from reviews.picture_uses import PictureUse, uses_of
from reviews.renditions import SUFFIXES, Rendition, made, plain_size

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from PIL import Image

# What the caller of `add_picture` and `change_picture` may have set.
EDITED = (
    "alt", "caption", "credit", "licence", "source_url", "merchant", "product", "focus_x", "focus_y",
)  # fmt: skip
_FILES_OWN = ("original", "sha256")


class PictureInUseError(Exception):
    """The picture cannot be deleted; `uses` says what shows it."""

    def __init__(self, uses: list[PictureUse]) -> None:
        super().__init__(f"The picture is shown by {', '.join(use.label for use in uses)}. Take it out there first.")
        self.uses = uses


def add_picture(*, picture: Picture, upload: CleanPicture, by: User | None = None) -> Picture:
    """Stores a picture whose words were set by the caller, and returns it, or the one that has the very same file.

    It can be shown at once in one plain size; whoever calls this queues `make_picture_sizes` for the others, else a
    round of beat finds it. `upload` is made by `picture_files.read_upload`. Raises Django's `ValidationError` by field.
    """
    there = Picture.objects.filter(sha256=upload.sha256).first()
    if there is not None:
        return _with_its_file(there, upload)
    picture.full_clean(exclude=_FILES_OWN)
    picture.sha256, picture.uploaded_by = upload.sha256, by
    _store_files(picture, upload)
    try:
        with transaction.atomic():
            picture.save()
    except IntegrityError:
        # Somebody stored the same file in this very moment.
        _delete_files(picture)
        return Picture.objects.get(sha256=upload.sha256)
    return picture


@transaction.atomic
def change_picture(*, picture: Picture) -> Picture:
    """Saves the words and the focus that the caller has set. Another focus asks for other crops: they are to be made.

    Until they are, pages show the former ones. Raises Django's `ValidationError` by field.
    """
    before = Picture.objects.select_for_update().get(pk=picture.pk)
    picture.full_clean(exclude=_FILES_OWN)
    columns: list[str] = list(EDITED)
    if (before.focus_x, before.focus_y) != (picture.focus_x, picture.focus_y):
        picture.state, picture.state_reason = Picture.State.WAITING, ""
        columns += ["state", "state_reason"]
    picture.save(update_fields=columns)
    announce(f"picture:{picture.pk}")
    return picture


@transaction.atomic
def ask_for_sizes(*, picture: Picture) -> None:
    """Have the sizes made again, after they could not be. Queue `make_picture_sizes` after it."""
    picture.state, picture.state_reason = Picture.State.WAITING, ""
    picture.save(update_fields=["state", "state_reason"])


@transaction.atomic
def delete_picture(*, picture: Picture) -> None:
    """Deletes a picture that nothing shows; its files go when that is certain. Raises `PictureInUseError`."""
    row = Picture.objects.select_for_update().get(pk=picture.pk)
    if uses := uses_of(row):
        raise PictureInUseError(uses)
    row.delete()
    transaction.on_commit(lambda: _delete_files(row))


def store_rendition(picture: Picture, rendition: Rendition, image: Image.Image) -> dict[str, Any]:
    """Makes this size and stores its file; what is written down of it in the picture's row. Raises `OSError`."""
    content = made(image, rendition, (picture.focus_x, picture.focus_y))
    shape = rendition.ratio.replace(":", "x").replace(".", "-")
    parts = (str(rendition.width), *([shape] if shape else []), secrets.token_hex(6))
    name = f"pictures/{picture.sha256[:20]}/{'-'.join(parts)}.{SUFFIXES[rendition.format]}"
    return {
        "format": rendition.format,
        "ratio": rendition.ratio,
        "width": rendition.width,
        "height": rendition.height,
        "recipe": rendition.recipe,
        "name": default_storage.save(name, ContentFile(content)),
    }


def plain_format(picture: Picture) -> str:
    """The format of its plain sizes: the one its original has."""
    return "png" if str(picture.original.name).endswith(".png") else "jpeg"


def files_of(picture: Picture) -> list[str]:
    """The names of all files that the picture's row knows."""
    return [name for name in (picture.original.name, *(entry["name"] for entry in picture.renditions)) if name]


def _store_files(picture: Picture, upload: CleanPicture) -> None:
    """The original, and the one size that can be shown while the others are being made."""
    name = f"{upload.sha256[:20]}-{secrets.token_hex(6)}{upload.suffix}"
    picture.original.save(name, ContentFile(upload.content), save=False)
    picture.width, picture.height = upload.width, upload.height
    plain = plain_size(upload.width, upload.height, plain=plain_format(picture))
    picture.renditions = [store_rendition(picture, plain, open_kept(upload.content))]
    picture.state, picture.state_reason = Picture.State.WAITING, ""


def _with_its_file(picture: Picture, upload: CleanPicture) -> Picture:
    """The picture that is there; its file is put back where it had to be deleted (terms) or was lost."""
    if not default_storage.exists(str(picture.original.name)):
        _store_files(picture, upload)
        picture.save(update_fields=["original", "width", "height", "renditions", "state", "state_reason"])
    return picture


def _delete_files(picture: Picture) -> None:
    for name in files_of(picture):
        default_storage.delete(name)
