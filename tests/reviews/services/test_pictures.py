"""Pictures come in once, say whose they are, and go only when nothing shows them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from reviews.models import Article, DraftVersion, Picture
from reviews.picture_files import read_upload
from reviews.services.articles import edit_article
from reviews.services.pictures import PictureInUseError, add_picture, change_picture, delete_picture, files_of
from tests.factories import (
    make_article,
    make_merchant,
    make_picture,
    make_published_article,
    make_ready_picture,
    make_staff,
    picture_file,
)

pytestmark = pytest.mark.django_db


def test_a_picture_can_be_shown_at_once_in_one_plain_size() -> None:
    picture = make_picture()
    assert picture.state == Picture.State.WAITING
    assert [(one["format"], one["ratio"]) for one in picture.renditions] == [("jpeg", "")]
    assert all(default_storage.exists(name) for name in files_of(picture))


def test_no_name_that_somebody_gave_a_file_is_kept() -> None:
    picture = make_picture()
    assert str(picture.original.name).startswith(f"pictures/originals/{picture.sha256[:20]}-")


def test_the_same_bytes_are_the_same_picture_and_its_words_stay() -> None:
    ada = make_staff("ada")
    first = add_picture(picture=Picture(alt="A headset"), upload=read_upload(picture_file()), by=ada)
    again = add_picture(picture=Picture(alt="Something else"), upload=read_upload(picture_file()))
    assert again == first
    assert (again.alt, again.uploaded_by) == ("A headset", ada)
    assert Picture.objects.count() == 1


def test_two_who_upload_the_same_file_at_once_get_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    first = make_picture(file=picture_file())
    asked: list[str] = []
    real = Picture.objects.filter

    def not_there_yet(*args: object, **kwargs: object) -> object:
        asked.append("asked")
        return Picture.objects.none() if len(asked) == 1 else real(*args, **kwargs)

    monkeypatch.setattr(Picture.objects, "filter", not_there_yet)
    second = make_picture("The same", file=picture_file())
    assert second == first
    assert default_storage.listdir("pictures/originals")[1] == [str(first.original.name).rpartition("/")[2]]


@pytest.mark.parametrize("alt", ["", "   "])
def test_what_it_shows_has_to_be_said(alt: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make_picture(alt, file=picture_file())
    assert "alt" in caught.value.message_dict
    assert not Picture.objects.exists()


def test_a_merchants_picture_is_refused_unless_its_terms_allow_copies() -> None:
    shop = make_merchant("Shop", hosts=["shop.example"])
    for fields in (
        {"merchant": shop},
        {"merchant": shop, "licence": "merchant"},
        {"source_url": "https://img.shop.example/one.jpg"},
        {"source_url": "https://SHOP.example/one.jpg", "licence": "press"},
    ):
        with pytest.raises(ValidationError, match="does not allow copies"):
            make_picture(file=picture_file(), **fields)
    shop.image_copies_allowed = True
    shop.save()
    picture = make_picture(file=picture_file(), source_url="https://img.shop.example/one.jpg")
    assert (picture.merchant, picture.licence) == (shop, "merchant")


def test_a_merchants_licence_needs_its_merchant() -> None:
    with pytest.raises(ValidationError, match="which merchant"):
        make_picture(licence="merchant")
    # The host of somebody who is no shop says nothing.
    assert make_picture(source_url="https://commons.example/a.jpg", licence="cc_by").merchant is None


def test_another_focus_asks_for_other_crops_and_other_words_do_not() -> None:
    picture = make_ready_picture()
    before = picture.renditions
    picture.caption = "On the desk."
    assert change_picture(picture=picture).state == Picture.State.READY
    picture.focus_x = Decimal("0.25")
    assert change_picture(picture=picture).state == Picture.State.WAITING
    picture.refresh_from_db()
    assert picture.renditions == before, "pages go on with the former crops"


def test_a_focus_outside_the_picture_is_refused() -> None:
    picture = make_picture()
    picture.focus_y = Decimal("1.2")
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        change_picture(picture=picture)


def test_deleting_an_unused_picture_takes_its_files_when_it_is_certain(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = make_ready_picture()
    names = files_of(picture)
    with django_capture_on_commit_callbacks() as later:
        delete_picture(picture=picture)
    assert all(default_storage.exists(name) for name in names), "it may still be rolled back"
    for work in later:
        work()
    assert not any(default_storage.exists(name) for name in names)
    assert not Picture.objects.exists()


def refused(picture: Picture) -> str:
    with pytest.raises(PictureInUseError) as caught, transaction.atomic():
        delete_picture(picture=picture)
    return str(caught.value)


def test_what_shows_a_picture_is_named_when_it_is_to_be_deleted() -> None:
    picture = make_picture()
    article = make_article("desk", title="At the desk")
    article.picture = picture
    edit_article(article=article, blocks=[])
    assert "“At the desk” (its lead picture)" in refused(picture)


def test_a_picture_that_readers_have_seen_stays() -> None:
    picture = make_picture()
    article = make_published_article("desk", title="At the desk")
    assert article.live_revision is not None
    article.live_revision.pictures.add(picture)
    assert "“At the desk” (revision 1, which readers see)" in refused(picture)


def test_a_picture_in_a_scheduled_version_stays() -> None:
    picture = make_picture()
    article: Article = make_article("desk", title="At the desk")
    content = {"article": {}, "blocks": [{"kind": "picture", "pictures": [picture.pk]}]}
    DraftVersion.objects.create(article=article, content=content, why="scheduled", created_at=timezone.now())
    assert "“At the desk” (a version that was kept)" in refused(picture)
