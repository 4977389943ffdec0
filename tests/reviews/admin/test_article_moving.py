"""Can an editor take articles out and in again, seeing first what would become of them?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reviews.admin import article_moving
from reviews.exported_articles import exported
from reviews.models import Article
from tests.factories import make_article, make_colleague, make_picture

pytestmark = pytest.mark.django_db
LIST = reverse("admin:reviews_article_changelist")
IMPORT = reverse("admin:reviews_article_import")


@pytest.fixture
def editor(client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_colleague("ed", "Editor"))
    return client


def upload(client: Client, content: bytes) -> Any:
    return client.post(IMPORT, {"file": SimpleUploadedFile("articles.json", content), "updates": "on"})


def test_the_action_gives_the_chosen_articles_as_json_and_as_a_zip_with_pictures(editor: Client) -> None:
    one, other = make_article("one"), make_article("two")

    answer = editor.post(LIST, {"action": "export_as_json", "_selected_action": [one.pk]})

    assert answer.content == exported(Article.objects.filter(pk=one.pk))
    assert answer["Content-Disposition"] == 'attachment; filename="articles.json"'
    Article.objects.filter(pk=other.pk).update(picture=make_picture())
    answer = editor.post(LIST, {"action": "export_as_json", "_selected_action": [one.pk, other.pk]})
    assert answer["Content-Type"] == "application/zip"


def test_an_upload_is_tried_first_and_taken_in_when_confirmed(editor: Client) -> None:
    make_article("one")
    content = exported(Article.objects.all())
    Article.objects.all().delete()
    assert IMPORT in editor.get(LIST).content.decode()

    tried = upload(editor, content)

    assert "Nothing is saved yet" in tried.content.decode()
    assert not Article.objects.exists()
    done = editor.post(IMPORT, {"token": tried.context["token"]}, follow=True)
    assert "Articles taken in: 1 new" in done.content.decode()
    assert Article.objects.get().status == "draft"
    again = editor.post(IMPORT, {"token": tried.context["token"]}, follow=True)
    assert "Upload it again" in again.content.decode()


def test_a_bad_file_is_refused_in_words_beside_its_field(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not JSON at line 1" in upload(editor, b"[").content.decode()
    monkeypatch.setattr(article_moving, "MAX_UPLOAD", 1)
    assert "fit here" in upload(editor, b"[[").content.decode()


def test_an_upload_is_confirmed_by_nobody_but_who_sent_it(editor: Client) -> None:
    make_article("one")
    content = exported(Article.objects.all())
    Article.objects.all().delete()
    token = upload(editor, content).context["token"]
    editor.force_login(make_colleague("other", "Editor"))

    editor.post(IMPORT, {"token": token})

    assert not Article.objects.exists()


def test_a_writer_may_not_import(client: Client) -> None:
    client.force_login(make_colleague("wri", "Writer"))

    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"token": "x"}).status_code == 403
