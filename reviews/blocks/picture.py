"""One picture of ours, with what it shows and whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Choice, PictureFacts, PictureRef, ProductFacts, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """`picture` is None when it is gone or its sizes are not made yet: then nothing is drawn."""

    picture: PictureFacts | None
    caption: str
    width: str

    @property
    def pictures(self) -> tuple[PictureFacts, ...]:
        return (self.picture,) if self.picture else ()


class PictureBlock(Block):
    key = "picture"
    label = "Picture"
    help = "Its description for those who cannot see it, its credit and its licence are the picture's own."
    fields = (
        PictureRef(name="picture", label="Picture"),
        Text(
            name="caption",
            label="Caption",
            required=False,
            max_length=300,
            help="What to look at. Empty: the picture's own caption.",
        ),
        Choice(
            name="width",
            label="Width",
            required=False,
            options=(("text", "As wide as the text"), ("wide", "As wide as the page allows")),
        ),
    )
    example = {"picture": 1, "caption": "The hinge after three thousand turns.", "width": "text"}

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> PictureView:
        picture = here.pictures.get(data.get("picture") or 0)
        caption = data.get("caption") or (picture.caption if picture else "")
        return PictureView(picture=picture, caption=caption, width=data.get("width") or "text")
