"""Editors upload, describe, choose and delete pictures, and are told what is wrong in words that help."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reviews.models import Picture
from reviews.services.articles import edit_article
from tests.factories import make_article, make_merchant, make_picture, make_ready_picture, make_staff, picture_file

pytestmark = pytest.mark.django_db
LIST = "/admin/reviews/picture/"
ADD = f"{LIST}add/"


@pytest.fixture
def editor() -> Client:
    rights = [f"reviews.{act}_picture" for act in ("add", "change", "view", "delete")]
    client = Client()
    client.force_login(make_staff("editor", *rights, "catalog.view_product", "catalog.view_merchant"))
    return client


def form(**fields: Any) -> dict[str, Any]:
    values = {"alt": "A headset on a desk", "licence": "own", "focus_x": "0.5", "focus_y": "0.5"}
    return {**values, **fields}


def upload(content: bytes | None = None, name: str = "../../C:\\evil <b>.php") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_file() if content is None else content, "image/svg+xml")


def test_an_upload_is_stored_under_a_name_of_ours_whatever_it_was_called(editor: Client) -> None:
    answer = editor.post(ADD, form(file=upload(), focus_x="0.25"), follow=True)
    picture = Picture.objects.get()
    assert "was added successfully" in answer.content.decode()
    assert re.fullmatch(r"pictures/originals/[0-9a-f]{20}-[0-9a-f]{12}\.jpg", str(picture.original.name))
    assert (str(picture.focus_x), picture.uploaded_by and picture.uploaded_by.username) == ("0.250", "editor")


def test_the_same_file_again_leads_to_the_picture_that_is_there_and_says_so(editor: Client) -> None:
    first = make_picture("The first words", file=picture_file())
    answer = editor.post(ADD, form(file=upload()), follow=True)
    assert answer.redirect_chain[-1][0] == f"{LIST}{first.pk}/change/"
    assert "This very file is here already, as “The first words”" in answer.content.decode()
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing"),
        (b"MZ\x90\x00", "This is no picture we can read"),
        (picture_file()[:3000], "cut off or damaged"),
    ],
    ids=["a drawing", "a program", "cut off"],
)
def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(editor: Client, content: bytes, said: str) -> None:
    html = editor.post(ADD, form(file=upload(content, "holiday.jpg"), alt="Kept words")).content.decode()
    assert said in html
    assert 'value="Kept words"' in html
    assert not Picture.objects.exists()


def test_what_it_shows_is_asked_for(editor: Client) -> None:
    html = editor.post(ADD, form(file=upload(), alt="")).content.decode()
    assert "This field is required" in html


def test_a_merchants_picture_is_refused_beside_the_field_that_names_it(editor: Client) -> None:
    shop = make_merchant("Shop")
    html = editor.post(ADD, form(file=upload(), merchant=shop.pk)).content.decode()
    assert "Shop does not allow copies of its pictures" in html
    html = editor.post(ADD, form(file=upload(), source_url="https://shop.example/a.jpg")).content.decode()
    assert "Shop does not allow copies of its pictures" in html
    assert not Picture.objects.exists()


def test_a_picture_that_is_shown_cannot_be_deleted_and_its_page_says_what_shows_it(editor: Client) -> None:
    picture = make_ready_picture()
    article = make_article("desk", title="At the desk")
    article.picture = picture
    edit_article(article=article, blocks=[])
    page = editor.get(f"{LIST}{picture.pk}/change/").content.decode()
    assert "“At the desk” (its lead picture)" in page
    asked = editor.get(f"{LIST}{picture.pk}/delete/").content.decode()
    assert "“At the desk” (its lead picture)" in asked
    for path, sent in (
        (f"{LIST}{picture.pk}/delete/", {"post": "yes"}),
        (LIST, {"action": "delete_selected", "_selected_action": picture.pk, "post": "yes"}),
    ):
        editor.post(path, sent)
        assert Picture.objects.exists()


def test_an_unused_picture_is_deleted(editor: Client) -> None:
    picture = make_ready_picture()
    editor.post(f"{LIST}{picture.pk}/delete/", {"post": "yes"})
    assert not Picture.objects.exists()


def test_sizes_that_failed_are_said_with_their_reason_and_can_be_asked_for_again(editor: Client) -> None:
    picture = make_picture()
    Picture.objects.update(state="failed", state_reason="The disk is full.")
    page = editor.get(f"{LIST}{picture.pk}/change/").content.decode()
    assert "The disk is full." in page
    assert "Make the sizes again" in page
    assert editor.get(f"{LIST}{picture.pk}/state/").json() == {
        "state": "failed", "label": "Sizes could not be made", "why": "The disk is full.",
    }  # fmt: skip
    editor.post(f"{LIST}{picture.pk}/sizes/")
    picture.refresh_from_db()
    assert picture.state == Picture.State.WAITING


def test_pictures_are_found_by_their_words_and_by_whether_anything_shows_them(editor: Client) -> None:
    used = make_picture("A boom microphone")
    make_picture("A cable")
    article = make_article()
    article.picture = used
    edit_article(article=article, blocks=[])

    def found(query: str) -> set[str]:
        html = editor.get(f"{LIST}?{query}").content.decode()
        return {name for name in ("A boom microphone", "A cable") if f">{name}<" in html}

    assert found("q=boom") == {"A boom microphone"}
    assert found("used=yes") == {"A boom microphone"}
    assert found("used=no") == {"A cable"}
    assert found("licence__exact=cc0") == set()


def test_the_list_asks_as_many_questions_for_forty_pictures_as_for_two(
    editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    one = make_picture()
    rows = [
        Picture(alt=f"Copy {n}", sha256=f"{n:064x}", width=4, height=3, original=one.original.name) for n in range(60)
    ]
    Picture.objects.bulk_create(rows)
    with django_assert_max_num_queries(10):
        assert editor.get(LIST).status_code == 200


def test_the_form_of_an_article_is_told_of_pictures_page_by_page(editor: Client) -> None:
    first = make_ready_picture("A boom microphone", credit="Ada")
    rows = [
        Picture(alt=f"Copy {n}", sha256=f"{n:064x}", width=4, height=3, original=first.original.name) for n in range(30)
    ]
    Picture.objects.bulk_create(rows)
    page = editor.get(f"{LIST}choose/").json()
    assert (len(page["pictures"]), page["next"]) == (24, 2)
    last = editor.get(f"{LIST}choose/?page=2").json()
    assert (len(last["pictures"]), last["next"]) == (7, None)
    (found,) = editor.get(f"{LIST}choose/?q=boom+ada").json()["pictures"]
    assert (found["id"], found["alt"], found["width"]) == (first.pk, "A boom microphone", 640)
    assert editor.get(found["url"]).status_code == 200
    assert editor.get(f"{LIST}choose/?q={first.pk}&page=x").json()["pictures"][0]["id"] == first.pk
    assert editor.get(f"{LIST}choose/?page=99999999999999999999").json()["pictures"] == []


def test_a_picture_is_uploaded_from_within_an_article(editor: Client) -> None:
    answer = editor.post(f"{LIST}upload/", {"file": upload(), "alt": "In place"})
    assert answer.status_code == 201
    assert answer.json()["picture"]["alt"] == "In place"
    again = editor.post(f"{LIST}upload/", {"file": upload(), "alt": "Other"})
    assert (again.status_code, again.json()["is_new"]) == (200, False)
    assert again.json()["picture"] == answer.json()["picture"]
    refused = editor.post(f"{LIST}upload/", {"file": upload(b"GIF89a"), "alt": ""})
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"file", "alt"}
    assert editor.get(f"{LIST}upload/").status_code == 405


def test_who_may_not_is_refused() -> None:
    picture = make_picture()
    stranger = Client()
    stranger.force_login(make_staff("stranger"))
    for path in ("choose/", f"{picture.pk}/state/"):
        assert stranger.get(LIST + path).status_code == 403
    for path in ("upload/", f"{picture.pk}/sizes/"):
        assert stranger.post(LIST + path).status_code == 403
    assert Client().get(f"{LIST}choose/").status_code == 302
