"""Several pictures of ours beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Heading, PictureFacts, PictureRef, ProductFacts, Rows, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPicture:
    picture: PictureFacts
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryView:
    heading: Heading | None
    items: tuple[GalleryPicture, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,) if self.heading else ()

    @property
    def pictures(self) -> tuple[PictureFacts, ...]:
        return tuple(item.picture for item in self.items)


class Gallery(Block):
    key = "gallery"
    label = "Gallery"
    help = "Two to twelve pictures beside each other, each with its caption."
    fields = (
        Text(name="title", label="Title", required=False, max_length=120),
        Rows(
            name="pictures",
            label="Pictures",
            minimum=2,
            maximum=12,
            columns=(
                PictureRef(name="picture", label="Picture"),
                Text(name="caption", label="Caption", required=False, max_length=300),
            ),
        ),
    )
    example = {
        "title": "From all sides",
        "pictures": [
            {"picture": 1, "caption": "Folded"},
            {"picture": 2, "caption": "The boom, turned up"},
            {"picture": 3, "caption": ""},
        ],
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> GalleryView:
        title = data.get("title", "")
        found = [(here.pictures.get(row["picture"]), row.get("caption", "")) for row in data.get("pictures", ())]
        items = [
            GalleryPicture(picture=picture, caption=caption or picture.caption) for picture, caption in found if picture
        ]
        # A heading above nothing helps nobody.
        return GalleryView(heading=here.heading(title) if title and items else None, items=tuple(items))
