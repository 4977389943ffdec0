"""A moving picture from elsewhere: a poster and a link of ours until somebody asks for the player."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reviews.blocks.base import (
    Block,
    Day,
    LongText,
    PictureFacts,
    PictureRef,
    ProductFacts,
    Surroundings,
    Text,
    WebAddress,
    paragraphs,
)
from reviews.video_hosts import HOST_NAMES, Video, video_at

_LENGTH = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoView:
    """`url` is the link that works without a script; empty when the address is none. `video` is None when nobody we
    know plays it: then it stays a link. `length` is printed, `duration` is the same for machines (ISO 8601)."""

    title: str
    paragraphs: tuple[str, ...]
    url: str
    video: Video | None
    poster: PictureFacts | None
    uploaded_on: date | None
    length: str
    duration: str

    @property
    def frame_origins(self) -> tuple[str, ...]:
        return (self.video.origin,) if self.video else ()

    @property
    def pictures(self) -> tuple[PictureFacts, ...]:
        return (self.poster,) if self.poster else ()


class VideoBlock(Block):
    key = "video"
    label = "Video"
    help = f"From {HOST_NAMES}. Nothing is fetched from there before a reader presses play."
    fields = (
        WebAddress(name="address", label="Address", help="As it stands in your browser while you watch it."),
        Text(name="title", label="Title", max_length=120),
        LongText(name="text", label="What it shows", required=False, max_length=600),
        PictureRef(name="poster", label="Still picture", required=False, help="Of our own; without one it is drawn."),
        Day(name="uploaded_on", label="Published there on", required=False, help="For example 2026-05-31."),
        Text(name="length", label="Length", required=False, max_length=9, help="Minutes and seconds: 4:07."),
    )
    example = {
        "address": "https://www.youtube.com/watch?v=a1B2c3D4e5F",
        "title": "Three microphones in one noisy kitchen",
        "text": "The same sentence, a metre from a running tap.",
        "poster": 1,
        "uploaded_on": "2026-05-31",
        "length": "4:07",
    }

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        found = []
        if video_at(data["address"]) is None:
            found.append(f"Address: there is no video at “{data['address']}” that we can show; known are {HOST_NAMES}.")
        if data["length"] and not _LENGTH.fullmatch(data["length"]):
            found.append(f"Length: “{data['length']}” is no length; write minutes and seconds, such as 4:07.")
        return found

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> VideoView:
        video = video_at(data.get("address", ""))
        length = data.get("length", "")
        return VideoView(
            title=data.get("title", ""),
            paragraphs=paragraphs(data.get("text", "")),
            url=video.page if video else "",
            video=video,
            poster=here.pictures.get(data.get("poster") or 0),
            uploaded_on=_day(data.get("uploaded_on", "")),
            length=length,
            duration=_duration(length),
        )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _duration(length: str) -> str:
    """`4:07` as `PT4M7S`."""
    found = _LENGTH.fullmatch(length)
    return f"PT{f'{int(found[1])}H' if found[1] else ''}{int(found[2])}M{int(found[3])}S" if found else ""
