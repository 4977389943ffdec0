"""Readers are given sizes of pictures by every web process, and nothing else of the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django.fixtures import Settings

from reviews.renditions import TYPES
from reviews.shown_pictures import picture_url
from tests.factories import make_ready_picture

pytestmark = pytest.mark.django_db


def stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def test_a_size_is_given_with_its_type_to_be_kept_for_good(client: Client) -> None:
    picture = make_ready_picture()
    for entry in picture.renditions:
        answer = client.get(picture_url(entry["name"]), headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        assert answer["Content-Type"] == TYPES[entry["format"]]
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in answer
        assert "Set-Cookie" not in answer
        assert answer.content == stored(entry["name"])


def test_who_has_it_already_is_told_so(client: Client) -> None:
    url = picture_url(make_ready_picture().renditions[0]["name"])
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "",
        "pictures/",
        "pictures",
        "pictures/0123456789abcdef0123/",
        "../settings.py",
        "pictures/../../secret_key",
        "pictures/0123456789abcdef0123/../../../secret_key",
        "pictures/0123456789abcdef0123/..%2f..%2fsecret_key",
        "pictures/0123456789abcdef0123/%2e%2e/secret.jpg",
        "pictures/0123456789abcdef0123/320-aa.jpg%00.txt",
        "pictures/0123456789abcdef0123/320-aa.jpg%0a",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "pictures\\..\\secret.jpg",
        "pictures/0123456789abcdef0123/320-aa.html",
        "pictures/0123456789abcdef0123/320-aa.svg",
        "pictures/0123456789ABCDEF0123/320-aa.jpg",
        "imports/2026/11/feed.csv",
    ],
)
def test_no_other_path_leads_anywhere(client: Client, settings: Settings, path: str) -> None:
    root = Path(settings.MEDIA_ROOT)
    for name in ("secret.jpg", "secret_key", "pictures/secret.jpg"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"secret")
    answer = client.get(f"/media/{path}")
    assert answer.status_code == 404
    assert b"secret\n" not in answer.content


def test_originals_are_nobodys_to_read(client: Client) -> None:
    picture = make_ready_picture()
    assert default_storage.exists(str(picture.original.name))
    assert client.get(f"/media/{picture.original.name}").status_code == 404


def test_a_size_that_is_gone_is_not_found(client: Client) -> None:
    name = default_storage.save("pictures/0123456789abcdef0123/320-aa.jpg", ContentFile(b"x"))
    assert client.get(picture_url(name)).status_code == 200
    default_storage.delete(name)
    assert client.get(picture_url(name)).status_code == 404


def test_any_store_that_django_has_a_storage_for_will_do(client: Client, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {}}
    }
    picture = make_ready_picture("A picture in a store elsewhere")
    name = picture.renditions[-1]["name"]
    assert client.get(picture_url(name)).content == stored(name)
    assert not (Path(settings.MEDIA_ROOT) / name).exists()
