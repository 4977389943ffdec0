"""A correction waits for its article's next publication and is then told to readers, dated and with its credit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.services.page_changes import carry_page_changes
from reviews.desk.gate import inspect
from reviews.desk.publishing import bring_back, publish_article, retire_article
from reviews.models import Article, Correction
from reviews.services.articles import BlockInput, edit_article
from reviews.services.corrections import save_correction
from reviews.services.drafts import draft_content
from tests.factories import make_article, make_correction, make_product, make_published_article, make_review

pytestmark = pytest.mark.django_db


def page(client: Client, article: Article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def test_readers_get_it_with_the_next_publication_and_not_before(client: Client) -> None:
    article = make_published_article()
    make_correction(article, credit="Ana K.")
    assert "It weighs 250 grams." not in page(client, article)
    assert "It weighs 250 grams." not in client.get("/corrections/").content.decode()
    revision = publish_article(article=article)
    html = page(client, article)
    for words in ("We said that it weighs 200 grams.", "It weighs 250 grams.", "Thanks to Ana K.", "1 March 2026"):
        assert words in html
        assert words in client.get("/corrections/").content.decode()
    assert Correction.objects.get().revision == revision


def test_what_is_only_thanked_without_a_name_and_what_we_found_ourselves(client: Client) -> None:
    article = make_published_article()
    make_correction(article, "One.", credit="")
    ours = make_correction(article, "Two.", source="ourselves", credit="Nobody")
    assert ours.credit == ""
    publish_article(article=article)
    assert page(client, article).count("Thanks to a reader.") == 1


def test_without_a_day_it_gets_that_of_its_publication() -> None:
    article = make_published_article()
    make_correction(article, day=None)
    now = timezone.now()
    publish_article(article=article, now=now)
    assert Correction.objects.get().day == timezone.localdate(now)


def test_one_that_was_published_cannot_be_without_a_day() -> None:
    article = make_published_article()
    make_correction(article)
    publish_article(article=article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(day=None)


def test_what_comes_back_from_retirement_brings_no_correction_written_since(client: Client) -> None:
    article = make_published_article()
    retire_article(article=article)
    make_correction(article)
    bring_back(article=article, now=timezone.now())
    assert not Correction.objects.filter(revision__isnull=False).exists()


def test_what_was_frozen_for_the_timetable_brings_those_that_were_written_by_then() -> None:
    article = make_published_article()
    frozen_at = timezone.now() - timedelta(hours=2)
    make_correction(article, "Before.", now=frozen_at - timedelta(minutes=1))
    make_correction(article, "After.", now=frozen_at + timedelta(minutes=1))
    publish_article(article=article, now=frozen_at)
    assert [row.right for row in Correction.objects.filter(revision__isnull=False)] == ["Before."]


def test_a_retired_article_is_on_no_list(client: Client) -> None:
    article = make_published_article()
    make_correction(article)
    publish_article(article=article)
    retire_article(article=article)
    assert "It weighs 250 grams." not in client.get("/corrections/").content.decode()


def test_search_engines_are_told_what_the_page_says(client: Client) -> None:
    for article in (make_published_article(), make_review(make_product())):
        make_correction(article)
        publish_article(article=article)
        html = page(client, article)
        assert '"CorrectionComment"' in html
        assert '"datePublished": "2026-03-01"' in html or '"datePublished":"2026-03-01"' in html


def test_a_published_one_is_put_right_on_the_kept_page_at_once(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    article = make_published_article()
    row = make_correction(article)
    publish_article(article=article)
    carry_page_changes()
    assert "It weighs 250 grams." in page(Client(), article)
    row.refresh_from_db()
    row.right = "It weighs 251 grams."
    save_correction(correction=row, now=timezone.now())
    carry_page_changes()
    assert "It weighs 251 grams." in page(Client(), article)
    assert "It weighs 251 grams." in Client().get("/corrections/").content.decode()


def test_what_was_wrong_and_what_is_right_have_to_be_said() -> None:
    with pytest.raises(ValidationError):
        make_correction(make_article(), wrong=" ")


def test_the_list_costs_the_same_for_one_and_for_forty_and_is_paged(client: Client) -> None:
    counts = []
    for number, many in enumerate((1, 40)):
        article = make_published_article(f"guide-{number}")
        for day in range(many):
            make_correction(article, f"Right {number}-{day}.", day=date(2026, 1, 1) + timedelta(days=day))
        publish_article(article=article)
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/corrections/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Page 1 of 2" in html
    assert html.index("Right 1-39.") < html.index("Right 1-2.")
    assert "Right 0-0." in client.get("/corrections/?page=2").content.decode()
    assert client.get("/corrections/?page=3").status_code == 404
    assert client.get("/corrections/?page=x").status_code == 404


def test_correcting_the_words_settles_what_the_gate_says(client: Client) -> None:
    article = make_article(blocks=[BlockInput("prose", {"html": "<p>It weighs 200 grams.</p>"})])
    make_correction(article, passage="weighs 200 grams", day=None)
    found = {str(one.check) for one in inspect(article, draft_content(article), now=timezone.now()).warnings}
    assert {"correction-undated", "correction-unmade"} <= found
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>It weighs 250 grams.</p>"})])
    Correction.objects.update(day=date(2026, 3, 1))
    found = {str(one.check) for one in inspect(article, draft_content(article), now=timezone.now()).warnings}
    assert not {"correction-undated", "correction-unmade"} & found
