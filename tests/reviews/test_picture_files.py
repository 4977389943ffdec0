"""What is taken in of an upload, what is taken out of it, and what is refused with words that help."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from reviews.picture_files import KEPT_SIDE, MAX_BYTES, MAX_PIXELS, PictureFileError, digest, read_upload
from tests.factories import picture_file


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    with BytesIO() as out:
        image.save(out, kind, **options)
        return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def png_that_says(width: int, height: int, *, pixels: bytes = b"") -> bytes:
    """A PNG's head with any size, and whatever pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".jpg"), ("AVIF", ".jpg")])
def test_four_formats_are_read_and_photographs_are_kept_as_jpeg(kind: str, suffix: str) -> None:
    kept = read_upload(picture_file(300, 200, kind=kind))
    assert (kept.width, kept.height, kept.suffix) == (300, 200, suffix)
    assert opened(kept.content).size == (300, 200)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_what_shows_its_ground_stays_see_through(kind: str) -> None:
    image = Image.new("RGBA", (80, 60), (200, 30, 30, 0))
    image.paste((10, 200, 10, 255), (0, 0, 40, 60))
    kept = opened(read_upload(saved(image, kind)).content)
    assert kept.mode == "RGBA"
    assert kept.getpixel((70, 30))[3] == 0  # type: ignore[index]


def test_a_picture_that_could_be_see_through_and_is_not_needs_no_alpha() -> None:
    kept = read_upload(saved(Image.new("RGBA", (80, 60), (200, 30, 30, 255)), "WEBP"))
    assert (opened(kept.content).mode, kept.suffix) == ("RGB", ".jpg")


def test_it_is_turned_upright_before_the_camera_is_forgotten() -> None:
    image = Image.new("RGB", (200, 100), "white")
    image.paste((255, 0, 0), (0, 0, 200, 20))  # a red upper edge
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees
    kept = opened(read_upload(saved(image, "JPEG", exif=exif)).content)
    assert kept.size == (100, 200)
    red, green, _ = kept.getpixel((95, 100))  # type: ignore[misc]
    assert red > 200
    assert green < 80


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_camera_and_comments_are_taken_out(kind: str) -> None:
    image = Image.new("RGB", (64, 48), "teal")
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "SECRET-GPS"
    options: dict[str, Any] = {"exif": exif}
    if kind == "JPEG":
        options |= {"comment": b"SECRET-COMMENT", "xmp": b"<x>SECRET-XMP</x>"}
    content = saved(image, kind, **options)
    assert b"SECRET" in content
    kept = read_upload(content).content
    assert b"SECRET" not in kept
    assert not opened(kept).getexif()


def test_colours_of_another_space_are_turned_into_srgb_and_its_profile_goes() -> None:
    # A profile whose red is our blue: what looked blue there has to look blue here.
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    lab = saved(Image.new("RGB", (32, 32), (250, 10, 10)), "JPEG", icc_profile=swapped.tobytes())
    kept = opened(read_upload(lab).content)
    assert "icc_profile" not in kept.info  # one that cannot be used is passed over
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    named = opened(read_upload(saved(Image.new("RGB", (32, 32), (250, 10, 10)), "PNG", icc_profile=srgb)).content)
    assert "icc_profile" not in named.info
    assert named.getpixel((3, 3)) == (250, 10, 10)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_greys_palettes_inks_and_deep_pixels_become_plain_colours(mode: str) -> None:
    image = Image.new(mode, (40, 30))
    kept = opened(read_upload(saved(image, "JPEG" if mode == "CMYK" else "PNG")).content)
    assert kept.mode in ("RGB", "RGBA")


def test_sixteen_bits_keep_their_brightness() -> None:
    kept = opened(read_upload(saved(Image.new("I;16", (8, 8), 32768), "PNG")).content)
    assert kept.getpixel((1, 1)) == (128, 128, 128)


def test_a_phones_second_view_is_left_out() -> None:
    first, second = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (60, 40), "blue")
    content = saved(first, "MPO", save_all=True, append_images=[second])
    kept = opened(read_upload(content).content)
    assert kept.format == "JPEG"
    assert kept.getpixel((5, 5))[0] > 200  # type: ignore[index]


def test_nothing_wider_than_any_size_we_make_is_kept() -> None:
    kept = read_upload(saved(Image.new("RGB", (KEPT_SIDE + 1000, 500), "teal"), "PNG"))
    assert (kept.width, kept.height) == (KEPT_SIDE, 400)


def test_the_same_bytes_are_known_again_and_others_are_not() -> None:
    assert read_upload(picture_file()).sha256 == digest(picture_file())
    assert digest(picture_file(colour="#000001")) != digest(picture_file())


GIF = saved(Image.new("P", (10, 10)), "GIF")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TWO = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
CUT_OFF = picture_file(800, 600)[:4000]

REFUSED = {
    "nothing at all": (b"", "empty"),
    "a drawing with scripts": (SVG, "SVG"),
    "a drawing behind its declaration": (b'\xef\xbb\xbf  <?xml version="1.0"?>' + SVG, "SVG"),
    "a web page": (b"<!doctype html><script>alert(1)</script>", "web page"),
    "a GIF": (GIF, "GIF"),
    "a TIFF": (saved(Image.new("RGB", (10, 10)), "TIFF"), "TIFF"),
    "a bitmap": (saved(Image.new("RGB", (10, 10)), "BMP"), "bitmap"),
    "a PDF": (saved(Image.new("RGB", (10, 10)), "PDF"), "PDF"),
    "an iPhone's HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "an archive": (b"PK\x03\x04" + b"\0" * 40, "packed"),
    "text with a picture's name": (b"Hello, I am holiday.jpg", "no picture we can read"),
    "a JPEG that is cut off": (CUT_OFF, "cut off or damaged"),
    "a PNG without its pixels": (png_that_says(100, 100), "cut off or damaged"),
    "a bomb of pixels": (png_that_says(60_000, 60_000), "megapixels"),
    "more pixels than fit": (png_that_says(8_000, 8_000), "8000 × 8000"),
    "one endless side": (png_that_says(100_000, 10), "a side"),
    "a PNG that moves": (saved(TWO[0], "PNG", save_all=True, append_images=TWO[1:]), "moves"),
    "a WebP that moves": (saved(TWO[0], "WEBP", save_all=True, append_images=TWO[1:]), "moves"),
    "an AVIF that moves": (saved(TWO[0], "AVIF", save_all=True, append_images=TWO[1:]), "moves"),
    "a file that is too heavy": (b"\xff\xd8\xff" + b"\0" * MAX_BYTES, "MB fit"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_of_ours_is_refused_with_its_reason(name: str) -> None:
    content, said = REFUSED[name]
    with pytest.raises(PictureFileError, match=said):
        read_upload(content)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(self: Image.Image) -> None:
        raise AssertionError("a pixel was unpacked")

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", unpacked)
    side = int(MAX_PIXELS**0.5) + 10
    with pytest.raises(PictureFileError, match="megapixels"):
        read_upload(png_that_says(side, side))


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8 ", b""]),
)
def test_whatever_bytes_come_the_answer_is_a_picture_or_words(rest: bytes, beginning: bytes) -> None:
    with suppress(PictureFileError):
        read_upload(beginning + rest)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_damaged_byte_breaks_nothing_but_the_picture(at: int, value: int) -> None:
    content = bytearray(picture_file(200, 150))
    content[at % len(content)] = value
    with suppress(PictureFileError):
        read_upload(bytes(content))
