"""Is an upload a picture we can show, and what of it is kept? Judged by its content, never by its name.

What is kept is drawn anew: turned as the camera said, in sRGB, without a word of metadata (place, camera, comments,
thumbnails), and no larger than any size we make of it. Only Pillow is used, and only its readers of four formats.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_BYTES = 25_000_000
# What a camera makes today (48 megapixels) fits; what unpacks to gigabytes does not.
MAX_PIXELS = 50_000_000
MAX_SIDE = 16_000
# The largest rendition is half as wide: later recipes may be larger without another upload.
KEPT_SIDE = 4_000

READ = ("JPEG", "PNG", "WEBP", "AVIF")
_WANTED = "Upload a JPEG, PNG, WebP or AVIF file."
_SRGB = ImageCms.createProfile("sRGB")
_QUALITY = 92
# What Pillow says of a file it wrote without metadata.
_OWN_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}

# How files begin that people take for pictures we could show, and what to do with each.
_STRANGERS = (
    (b"GIF8", "This is a GIF. Save a still picture as PNG; for a moving one use the video block."),
    (b"%PDF", f"This is a PDF document. Export the page as a picture. {_WANTED}"),
    (b"II*\0", f"This is a TIFF file. Export it as JPEG or PNG. {_WANTED}"),
    (b"MM\0*", f"This is a TIFF file. Export it as JPEG or PNG. {_WANTED}"),
    (b"BM", f"This is a Windows bitmap. Save it as PNG. {_WANTED}"),
    (b"8BPS", f"This is a Photoshop file. Export it as JPEG or PNG. {_WANTED}"),
    (b"PK\x03\x04", f"This is a packed file. Unpack it and upload the picture in it. {_WANTED}"),
)
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim", b"ftyphevx", b"ftypmsf1")
# AVIF wears the same box; its brand says what it is.
_BRANDS = slice(4, 12)


class PictureFileError(Exception):
    """The file cannot be used. The message tells an editor what is wrong with it and what to do."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """What is stored: `content` in the format that `suffix` (.jpg or .png) names. `sha256` is that of the upload."""

    content: bytes
    suffix: str
    width: int
    height: int
    sha256: str


def read_upload(content: bytes) -> CleanPicture:
    """The upload as it is kept. Raises `PictureFileError`."""
    _refuse_by_its_beginning(content)
    image = in_srgb(_decoded(content))
    image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    kept, suffix = _stored(image, came_as_png=content.startswith(b"\x89PNG"))
    return CleanPicture(kept, suffix, image.width, image.height, digest(content))


def read_kept(content: bytes, *, sha256: str) -> CleanPicture:
    """A picture as another site kept it, known there by the digest of its upload. Raises `PictureFileError`.

    What is as we keep it stays byte for byte; anything else, such as one with metadata, is drawn anew.
    """
    clean = read_upload(content)
    image = _decoded(content)
    suffix, end = (".png", b"IEND\xaeB`\x82") if image.format == "PNG" else (".jpg", b"\xff\xd9")
    is_ours = (
        image.format in ("JPEG", "PNG")
        and image.mode in ("RGB", "RGBA")
        and max(image.size) <= KEPT_SIDE
        and set(image.info) <= _OWN_INFO
        and content.endswith(end)
    )
    kept = content if is_ours else clean.content
    return CleanPicture(kept, suffix if is_ours else clean.suffix, clean.width, clean.height, sha256)


def digest(content: bytes) -> str:
    """By this the same file is known again."""
    return hashlib.sha256(content).hexdigest()


def open_kept(content: bytes) -> Image.Image:
    """A picture that `read_upload` made, for making sizes of it. Raises `PictureFileError` if it was damaged since."""
    return _decoded(content)


def in_srgb(image: Image.Image) -> Image.Image:
    """Upright, in RGB or (when something shows through) RGBA of the sRGB colour space, without any metadata."""
    profile = image.info.get("icc_profile")
    image = _eight_bits(ImageOps.exif_transpose(image))
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    wanted = "RGBA" if has_alpha else "RGB"
    if image.mode in ("P", "PA", "LA", "1") or (has_alpha and image.mode == "L"):
        image = image.convert(wanted)
    if profile:
        image = _through_profile(image, profile, wanted)
    # A new one: what the file said about itself would be written out again with some formats.
    plain = image.convert(wanted)
    if has_alpha and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    plain = plain.copy()
    plain.info = {}
    return plain


def _refuse_by_its_beginning(content: bytes) -> None:
    if not content:
        raise PictureFileError("The file is empty.")
    if len(content) > MAX_BYTES:
        raise PictureFileError(
            f"The file has {len(content) / 1_000_000:.0f} MB; {MAX_BYTES // 1_000_000} MB fit. Save it smaller: "
            f"nothing wider than {KEPT_SIDE} pixels is kept anyway."
        )
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start or start.startswith(b"<?xml"):
        raise PictureFileError(f"This is an SVG drawing, which may carry scripts. Export it as PNG. {_WANTED}")
    if start.startswith(b"<"):
        raise PictureFileError(f"This is a web page, not a picture. {_WANTED}")
    if content[_BRANDS] in _HEIC and b"avif" not in content[8:48]:
        raise PictureFileError(f"This is a HEIC file, as iPhones make them. Export it as JPEG. {_WANTED}")
    for beginning, message in _STRANGERS:
        if content.startswith(beginning):
            raise PictureFileError(message)


def _decoded(content: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=READ)
        _refuse_by_its_size(image)
        image.load()
    except PictureFileError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureFileError(f"The picture is too large: at most {MAX_PIXELS // 1_000_000} megapixels fit.") from None
    except UnidentifiedImageError:
        raise PictureFileError(f"This is no picture we can read, whatever its name says. {_WANTED}") from None
    # Readers of damaged files raise all of these.
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, MemoryError, OverflowError):
        raise PictureFileError("The picture is cut off or damaged. Save it again and upload that file.") from None
    return image


def _refuse_by_its_size(image: Image.Image) -> None:
    """Before a pixel is unpacked: the file's head says how many there would be."""
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise PictureFileError(
            f"The picture has {image.width} × {image.height} pixels; at most {MAX_PIXELS // 1_000_000} megapixels and "
            f"{MAX_SIDE} a side fit. Save it smaller: nothing wider than {KEPT_SIDE} pixels is kept anyway."
        )
    # A phone's JPEG may carry a second view (MPO) behind the picture; the others would move.
    if image.format not in ("JPEG", "MPO") and getattr(image, "n_frames", 1) > 1:
        raise PictureFileError("The picture moves. Upload a still picture; for a moving one use the video block.")


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("I", "F"):
        return image.point(lambda value: value / 256).convert("L")
    return image


def _through_profile(image: Image.Image, profile: bytes, wanted: str) -> Image.Image:
    """By the profile that the file carries; one that cannot be used is passed over, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.ImageCmsProfile(_SRGB), outputMode=wanted)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image


def _stored(image: Image.Image, *, came_as_png: bool) -> tuple[bytes, str]:
    """Photographs as JPEG; what came without loss or shows its ground stays without loss."""
    with BytesIO() as out:
        if came_as_png or image.mode == "RGBA":
            image.save(out, "PNG", optimize=image.width * image.height < 2_000_000)
            return out.getvalue(), ".png"
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0, progressive=True)
        return out.getvalue(), ".jpg"
