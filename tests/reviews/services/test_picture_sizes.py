"""Sizes are made by a worker: once, again after trouble, and never shown half."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.files.storage import default_storage
from django.utils import timezone

from config.celery import app
from reviews import tasks
from reviews.models import Picture
from reviews.services import picture_sizes
from reviews.services.picture_sizes import lost_pictures, make_picture_sizes, note_trouble
from reviews.services.pictures import ask_for_sizes, change_picture, files_of
from tests.factories import make_picture, make_ready_picture, picture_file

pytestmark = pytest.mark.django_db


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)


def row(picture: Picture) -> Picture:
    return Picture.objects.get(pk=picture.pk)


def test_all_sizes_are_there_when_it_is_ready() -> None:
    picture = make_ready_picture(file=picture_file(330, 240))
    assert picture.state == Picture.State.READY
    assert {(one["format"], one["ratio"]) for one in picture.renditions} == {
        ("jpeg", ""), ("avif", ""), ("webp", ""), ("avif", "4:3"), ("webp", "4:3"), ("jpeg", "4:3"), ("jpeg", "1.91:1"),
    }  # fmt: skip
    assert all(default_storage.exists(name) for name in files_of(picture))


def test_made_twice_is_made_once() -> None:
    picture = make_ready_picture()
    names = files_of(picture)
    make_picture_sizes(picture_id=picture.pk)
    assert files_of(row(picture)) == names
    make_picture_sizes(picture_id=0)


def test_another_focus_makes_the_crops_anew_and_nothing_else() -> None:
    picture = make_ready_picture(file=picture_file(330, 200))
    before = {one["name"] for one in picture.renditions}
    picture.focus_x = Decimal("0.1")
    change_picture(picture=picture)
    make_picture_sizes(picture_id=picture.pk)
    after = row(picture)
    assert after.state == Picture.State.READY
    assert {one["ratio"] for one in after.renditions if one["name"] not in before} == {"4:3", "1.91:1"}
    assert {one["ratio"] for one in after.renditions if one["name"] in before} == {""}
    assert all(default_storage.exists(name) for name in before), "a page that was made before still names them"


def test_a_focus_that_moves_meanwhile_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_picture()
    real = picture_sizes.store_rendition
    made: list[str] = []

    def moved_meanwhile(*args: object) -> object:
        Picture.objects.filter(pk=picture.pk).update(focus_x=Decimal("0.9"))
        entry = real(*args)  # type: ignore[arg-type]
        made.append(entry["name"])
        return entry

    monkeypatch.setattr(picture_sizes, "store_rendition", moved_meanwhile)
    make_picture_sizes(picture_id=picture.pk)
    assert row(picture).state == Picture.State.WAITING
    assert not any(default_storage.exists(name) for name in made)


def test_an_original_that_is_gone_is_said_and_not_tried_again() -> None:
    picture = make_picture()
    default_storage.delete(str(picture.original.name))
    make_picture_sizes(picture_id=picture.pk)
    assert row(picture).state == Picture.State.FAILED
    assert "not in the store any more" in row(picture).state_reason
    # The very same file, uploaded again, mends it.
    assert make_ready_picture().pk == picture.pk
    assert row(picture).state == Picture.State.READY


def test_an_original_that_was_damaged_is_given_up_with_the_reason() -> None:
    picture = make_picture()
    with default_storage.open(str(picture.original.name), "wb") as file:
        file.write(b"\xff\xd8\xff damaged")
    make_picture_sizes(picture_id=picture.pk)
    assert row(picture).state == Picture.State.FAILED
    assert row(picture).state_reason
    ask_for_sizes(picture=picture)
    assert row(picture).state == Picture.State.WAITING


def test_a_store_that_does_not_answer_is_told_and_at_last_given_up() -> None:
    picture = make_picture()
    note_trouble(picture_id=picture.pk, error=OSError(28, "No space left on device"), is_last=False)
    assert row(picture).state == Picture.State.WAITING
    assert "No space left on device" in row(picture).state_reason
    note_trouble(picture_id=picture.pk, error=OSError(28, "No space left on device"), is_last=True)
    assert row(picture).state == Picture.State.FAILED
    note_trouble(picture_id=0, error=OSError(), is_last=True)


def test_a_picture_whose_errand_was_lost_is_found() -> None:
    now = timezone.now()
    lost, fresh, ready = make_picture("Lost"), make_picture("Fresh"), make_ready_picture("Ready")
    Picture.objects.filter(pk__in=[lost.pk, ready.pk]).update(uploaded_at=now - timedelta(minutes=5))
    assert lost_pictures(now=now) == [lost.pk]
    assert fresh.pk in lost_pictures(now=now + timedelta(minutes=3))


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_makes_them_and_tries_again_when_the_store_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PICTURE_REST_SECONDS", 0)
    tried: list[int] = []
    real = picture_sizes.make_picture_sizes

    def away_at_first(*, picture_id: int) -> None:
        tried.append(picture_id)
        if len(tried) == 1:
            raise OSError(5, "Input/output error")
        real(picture_id=picture_id)

    monkeypatch.setattr(picture_sizes, "make_picture_sizes", away_at_first)
    picture = make_picture()
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tasks.make_picture_sizes.delay(picture.pk)
        wait_until(lambda: row(picture).state == Picture.State.READY)
    assert len(tried) == 2
    assert row(picture).state_reason == ""
