"""How do the demo's own pictures get in? Uploaded like an editor's, with all their sizes, before articles name them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from demo.content import ContentError
from reviews.models import Picture
from reviews.picture_files import PictureFileError, digest, read_upload
from reviews.services.picture_sizes import make_picture_sizes
from reviews.services.pictures import add_picture

FOLDER = Path(__file__).resolve().parent / "pictures"
CREDIT = "Drawn for this demo"


def fill_pictures() -> int:
    """Pictures that are not there yet; how many that were. One that is there may have other words by now: it stays."""
    names = [(entry, (FOLDER / f"{entry['name']}.webp").read_bytes()) for entry in _entries()]
    present = set(Picture.objects.values_list("sha256", flat=True))
    missing = [(entry, content) for entry, content in names if digest(content) not in present]
    for entry, content in missing:
        # Here and not by the worker, which runs later: an article is published only with pictures that are ready.
        make_picture_sizes(picture_id=_added(entry, content).pk)
    return len(missing)


def picture_named(name: str) -> Picture | None:
    """The picture that this file became; None for no name. Raises `ContentError` where it is not there."""
    if not name:
        return None
    file = FOLDER / f"{name}.webp"
    found = Picture.objects.filter(sha256=digest(file.read_bytes())).first() if file.exists() else None
    if found is None:
        raise ContentError(f"There is no picture “{name}” in the demo's folder of pictures.")
    return found


def _entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / "pictures.yaml").read_text(encoding="utf-8"))
    return found


def _added(entry: dict[str, Any], content: bytes) -> Picture:
    try:
        across, down = map(Decimal, entry["focus"])
        picture = Picture(alt=entry["alt"], caption=entry["caption"], credit=CREDIT, focus_x=across, focus_y=down)
        return add_picture(picture=picture, upload=read_upload(content))
    except (KeyError, InvalidOperation, ValidationError, PictureFileError) as error:
        raise ContentError(f"Picture “{entry.get('name')}” of the demo: {error}") from error
