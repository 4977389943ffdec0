"""How do pages see a picture of ours? With its sizes, its words, and only while whoever gave it allows a copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from catalog.page_tags import note
from reviews.blocks.base import PictureFacts, PictureSource
from reviews.models.picture import Picture
from reviews.renditions import CARD, SOCIAL, TYPES, WHOLE

# What every browser reads, and what is offered to those that read more, best first.
_PLAIN = ("jpeg", "png")
_BETTER = ("avif", "webp")
# Licences that have to be named beside the picture; of the others readers need not hear.
_NAMED_LICENCES = {one.value: str(one.label) for one in (Picture.Licence.CC_BY, Picture.Licence.CC_BY_SA)}


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """For `og:image`: a JPEG of 1200 × 630 pixels, or as large as it can be made; `url` is a path."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class PagePictures:
    """`facts` by id, for the blocks; `lead` and `shared` are of the article's own picture."""

    facts: Mapping[int, PictureFacts]
    lead: PictureFacts | None
    shared: SharedPicture | None


def picture_facts(picture_ids: Iterable[int], *, ratio: str = WHOLE) -> dict[int, PictureFacts]:
    """Pictures by the id asked for, whole or cut to `ratio`. One query, none when nothing is asked for.

    What is gone, or may not be copied (any more), is not among them. While its sizes are being made a picture has
    only its plain one.
    """
    return {row.pk: facts for row in _allowed(picture_ids) if (facts := _facts(row, ratio)) is not None}


def card_pictures(picture_ids: Iterable[int]) -> dict[int, PictureFacts]:
    """The same in the shape of cards (4:3)."""
    return picture_facts(picture_ids, ratio=CARD)


def pictures_of_page(picture_ids: Iterable[int], *, lead_id: int | None) -> PagePictures:
    """The pictures of an article's blocks and the one at its top, whole. One query, none where it has no pictures."""
    rows = {row.pk: row for row in _allowed({*picture_ids, *([lead_id] if lead_id else [])})}
    facts = {pk: found for pk, row in rows.items() if (found := _facts(row, WHOLE)) is not None}
    lead = rows.get(lead_id or 0)
    return PagePictures(facts, facts.get(lead_id or 0), _shared(lead) if lead else None)


def facts_of_picture(picture: Picture) -> PictureFacts | None:
    """The whole picture, for the admin's own pages: None before any size is there."""
    return _facts(picture, WHOLE)


def picture_url(name: str) -> str:
    """Where this file is read: an address of our own, whatever store it lies in (`reviews/views/media.py`)."""
    return reverse("media", kwargs={"name": name})


def is_allowed(picture: Picture) -> bool:
    """Whether a copy of it may be shown (P18). Needs `merchant` selected."""
    return picture.merchant is None or picture.merchant.terms.image_copies_allowed


def _allowed(picture_ids: Iterable[int]) -> list[Picture]:
    wanted = set(picture_ids)
    if not wanted:
        return []
    note(*(f"picture:{pk}" for pk in wanted))
    return [row for row in Picture.objects.filter(pk__in=wanted).select_related("merchant") if is_allowed(row)]


def _shared(picture: Picture) -> SharedPicture | None:
    for entry in picture.renditions:
        if entry["ratio"] == SOCIAL:
            return SharedPicture(picture_url(entry["name"]), entry["width"], entry["height"], picture.alt)
    return None


def _facts(picture: Picture, ratio: str) -> PictureFacts | None:
    stored: list[Mapping[str, Any]] = [entry for entry in picture.renditions if entry["ratio"] == ratio]
    plain = next((entry for entry in stored if entry["format"] in _PLAIN), None)
    if plain is None:
        return None
    largest = max(stored, key=lambda entry: int(entry["width"]))
    return PictureFacts(
        picture_id=picture.pk,
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        source_url=picture.source_url,
        licence=_NAMED_LICENCES.get(picture.licence, ""),
        width=picture.width if ratio == WHOLE else largest["width"],
        height=picture.height if ratio == WHOLE else largest["height"],
        url=picture_url(plain["name"]),
        sources=tuple(source for each in _BETTER if (source := _source(each, stored)) is not None),
        focus=(picture.focus_x, picture.focus_y),
    )


def _source(of_format: str, stored: Iterable[Mapping[str, Any]]) -> PictureSource | None:
    sizes = sorted((entry for entry in stored if entry["format"] == of_format), key=lambda entry: int(entry["width"]))
    srcset = ", ".join(f"{picture_url(entry['name'])} {entry['width']}w" for entry in sizes)
    return PictureSource(TYPES[of_format], srcset) if srcset else None
