"""Is every picture there, and told to those who cannot see it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from reviews.block_fields import PictureRef, references
from reviews.blocks import BLOCKS
from reviews.desk.gate.document import Document, words
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet
from reviews.models import Picture
from reviews.shown_pictures import facts_of_picture

# A worker makes the sizes of a large photograph in seconds; an errand that was lost is taken up again after minutes.
WITHIN = "a minute, after an outage five"
_FILE_NAME = re.compile(r"\S+\.(jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)", re.IGNORECASE)
_CAMERA_NAME = re.compile(r"(img|dsc|dscf|dscn|pxl|image|photo|picture|screenshot|untitled)[-_ ]?\d*", re.IGNORECASE)
# Our drawings of products (`/pictures/<slug>.svg`) stand beside the name that they would repeat.
_DRAWING = re.compile(r"/pictures/[^/]+\.svg")


def alt_missing(document: Document) -> Iterator[Found]:
    for picture in document.elements("img"):
        alt = picture.get("alt")
        if alt is None or (not alt.strip() and not _says_nothing_new(picture)):
            yield Found(
                document.block(picture),
                f"the picture {_name(picture)} has no alternative text. Say in a sentence what it shows.",
            )
    for drawing in document.elements("svg"):
        if drawing.get("aria-hidden") != "true" and not _is_named(drawing):
            yield Found(document.block(drawing), "a drawing has neither a name nor aria-hidden. Give it one of both.")


def alt_file_name(document: Document) -> Iterator[Found]:
    for picture in document.elements("img"):
        alt = (picture.get("alt") or "").strip()
        if _FILE_NAME.fullmatch(alt) or _CAMERA_NAME.fullmatch(alt):
            yield Found(
                document.block(picture),
                f"the alternative text “{alt}” is a file's name. Say in a sentence what the picture shows.",
            )


def picture_not_ready(sheet: Sheet) -> Iterator[Found]:
    """There is nothing that readers could be given: not even the one plain size that stands from the upload on."""
    rows = _rows(sheet)
    for pk, block in picture_places(sheet).items():
        row = rows.get(pk)
        if row is None:
            yield Found(block, f"picture {pk} is gone. Choose another.")
        elif row.state == Picture.State.FAILED:
            why = row.state_reason or "the reason is not known"
            yield Found(block, f"the sizes of picture {pk} could not be made: {why} Choose or upload another.")
        elif facts_of_picture(row) is None:
            yield Found(
                block,
                f"there is no size of picture {pk} yet. They are made by themselves, as a rule within {WITHIN}: try "
                "again then.",
            )


def picture_unfinished(sheet: Sheet) -> Iterator[Found]:
    """Readers get its plain size meanwhile; their page is drawn anew when the others are there."""
    rows = _rows(sheet)
    for pk, block in picture_places(sheet).items():
        row = rows.get(pk)
        if row is not None and row.state == Picture.State.WAITING and facts_of_picture(row) is not None:
            yield Found(
                block,
                f"the smaller and larger sizes of picture {pk} are still being made. Readers get one plain size until "
                f"they are there, as a rule within {WITHIN}; you need do nothing.",
            )


def _rows(sheet: Sheet) -> dict[int, Picture]:
    return Picture.objects.only("state", "state_reason", "renditions", "width", "height").in_bulk(picture_places(sheet))


def picture_places(sheet: Sheet) -> dict[int, int | None]:
    """Every picture the content names, with the block that names it first; None: the article itself."""
    lead = sheet.told.get("picture", sheet.article.picture_id)
    found: dict[int, int | None] = {lead: None} if isinstance(lead, int) else {}
    for block in sheet.blocks:
        for pk in references(BLOCKS[block.kind].fields, block.data, PictureRef):
            found.setdefault(pk, block.number)
    return found


def _says_nothing_new(picture: HtmlElement) -> bool:
    """A drawing of ours, or a picture in a link or button whose words say where it leads."""
    if _DRAWING.fullmatch(urlsplit(picture.get("src") or "").path):
        return True
    return any(above.tag in ("a", "button") and words(above) for above in picture.iterancestors())


def _is_named(drawing: HtmlElement) -> bool:
    return bool(drawing.get("aria-label") or drawing.get("aria-labelledby") or drawing.findtext("title"))


def _name(picture: HtmlElement) -> str:
    path = urlsplit(picture.get("src") or "").path
    return f"“{unquote(path.rpartition('/')[2])}”" if path else "without an address"
