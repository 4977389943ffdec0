from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reviews.desk.publishing import publish_article
from reviews.models import Author, Revision
from tests.factories import make_article, make_staff

pytestmark = pytest.mark.django_db


def test_an_author_is_written_in_the_admin(client: Client) -> None:
    client.force_login(make_staff("editor", "reviews.add_author", "reviews.view_author"))
    url = reverse("admin:reviews_author_add")
    assert client.get(url).status_code == 200
    sent = {
        "name": "Ada Field",
        "slug": "ada-field",
        "role": "Audio editor",
        "bio": "Writes.",
        "tests": "headsets, microphones",
        "profile_links": "example.org/ada",
    }
    assert client.post(url, sent).status_code == 302
    author = Author.objects.get()
    assert author.tests == ["headsets", "microphones"]
    assert author.profile_links == ["https://example.org/ada"]


def test_revisions_are_looked_at_and_never_changed(client: Client) -> None:
    client.force_login(
        make_staff("root", "reviews.view_revision", "reviews.change_revision", "reviews.delete_revision")
    )
    revision = publish_article(article=make_article())
    assert "A guide" in client.get(reverse("admin:reviews_revision_changelist")).content.decode()
    url = reverse("admin:reviews_revision_change", args=[revision.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": "rewritten"}).status_code == 403
    assert client.post(reverse("admin:reviews_revision_delete", args=[revision.pk]), {"post": "yes"}).status_code == 403
    assert Revision.objects.get().note == ""
