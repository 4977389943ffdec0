"""Files that belong to no picture go; copies go when the terms they were taken under are gone."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from reviews.models import Picture
from reviews.services.picture_leftovers import delete_orphaned_files, drop_forbidden_copies, orphaned_files
from reviews.services.pictures import files_of
from tests.factories import make_merchant, make_ready_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_files_that_no_picture_knows_go_after_a_day_and_no_others() -> None:
    picture = make_ready_picture()
    left = default_storage.save("pictures/0123456789abcdef0123/320-aa.jpg", ContentFile(b"x"))
    elsewhere = default_storage.save("reports/one.csv", ContentFile(b"x"))
    assert orphaned_files(now=timezone.now()) == []
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    assert orphaned_files(now=tomorrow) == [left]
    assert delete_orphaned_files(now=tomorrow) == 1
    assert not default_storage.exists(left)
    assert default_storage.exists(elsewhere)
    assert all(default_storage.exists(name) for name in files_of(picture))


def test_a_store_without_any_picture_has_no_orphans() -> None:
    assert orphaned_files(now=timezone.now()) == []


def test_the_command_names_them_before_it_deletes_them() -> None:
    out = StringIO()
    call_command("delete_orphaned_pictures", "--dry-run", stdout=out)
    assert out.getvalue() == "0 files belong to no picture.\n"
    call_command("delete_orphaned_pictures", stdout=out)
    assert "Deleted 0 files" in out.getvalue()


def test_copies_go_when_the_merchants_terms_no_longer_allow_them(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    shop = make_merchant("Shop", image_copies_allowed=True)
    theirs, ours = make_ready_picture("Theirs", merchant=shop), make_ready_picture("Ours")
    names = files_of(theirs)
    assert drop_forbidden_copies() == 0
    shop.image_copies_allowed = False
    shop.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert drop_forbidden_copies() == 1
    assert drop_forbidden_copies() == 0
    assert not any(default_storage.exists(name) for name in names)
    theirs.refresh_from_db()
    assert theirs.state == Picture.State.FAILED
    assert "no longer allow copies" in theirs.state_reason
    assert all(default_storage.exists(name) for name in files_of(ours))
