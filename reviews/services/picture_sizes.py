"""How do the sizes of a picture come about? By a worker, again after a failure, and told when they never will."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from PIL import Image

from catalog.services.page_changes import announce
from reviews.models import Picture
from reviews.picture_files import PictureFileError, open_kept
from reviews.renditions import is_made, wanted
from reviews.services.pictures import plain_format, store_rendition

log = logging.getLogger(__name__)

# A picture that still waits after so long has lost its errand, or its worker.
_LOST_AFTER = timedelta(minutes=2)


def make_picture_sizes(*, picture_id: int) -> None:
    """Makes what is missing and shows it. Gone or ready: nothing to do. Raises `OSError` when the store fails.

    A picture that cannot be read is given up, with the reason in its row.
    """
    picture = Picture.objects.filter(pk=picture_id, state=Picture.State.WAITING).first()
    image = _original(picture) if picture is not None else None
    if picture is None or image is None:
        return
    focus = (picture.focus_x, picture.focus_y)
    entries, fresh = [], []
    for rendition in wanted(picture.width, picture.height, plain=plain_format(picture), focus=focus):
        entry = is_made(rendition, picture.renditions)
        if entry is None:
            entry = store_rendition(picture, rendition, image)
            fresh.append(entry["name"])
        entries.append(entry)
    # Where somebody moved the focus meanwhile, or another worker was first, these are not the ones to show.
    still_wanted = Picture.objects.filter(
        pk=picture.pk, state=Picture.State.WAITING, focus_x=focus[0], focus_y=focus[1]
    )
    if still_wanted.update(renditions=entries, state=Picture.State.READY, state_reason=""):
        announce(f"picture:{picture.pk}")
        return
    for name in fresh:
        default_storage.delete(name)


def _original(picture: Picture) -> Image.Image | None:
    """None when it cannot be had, ever: the picture is given up then."""
    try:
        with default_storage.open(str(picture.original.name)) as file:
            return open_kept(file.read())
    except FileNotFoundError:
        _give_up(picture, "Its original is not in the store any more. Upload the file again.")
    except PictureFileError as error:
        _give_up(picture, str(error))
    return None


def note_trouble(*, picture_id: int, error: OSError, is_last: bool) -> None:
    """Writes down for the editor who waits that the store did not answer; after the last try it is given up."""
    picture = Picture.objects.filter(pk=picture_id, state=Picture.State.WAITING).first()
    if picture is None:
        return
    said = f"The store of pictures does not answer ({error.strerror or type(error).__name__})."
    log.warning("Sizes of picture %s: %s", picture_id, said)
    if is_last:
        _give_up(picture, f"{said} It was tried several times; ask for the sizes again when it does.")
        return
    Picture.objects.filter(pk=picture.pk, state=Picture.State.WAITING).update(state_reason=f"{said} It is tried again.")


def lost_pictures(*, now: datetime) -> list[int]:
    """Pictures that wait longer than any errand takes; `now` is aware."""
    rows = Picture.objects.filter(state=Picture.State.WAITING, uploaded_at__lt=now - _LOST_AFTER)
    return list(rows.order_by("id").values_list("pk", flat=True)[:200])


def _give_up(picture: Picture, reason: str) -> None:
    Picture.objects.filter(pk=picture.pk, state=Picture.State.WAITING).update(
        state=Picture.State.FAILED, state_reason=reason[:300]
    )
