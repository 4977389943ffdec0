"""Do articles come out of a file exactly as they went in, and is what does not fit refused in words?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Product
from demo import content, drawn_pictures, stock, writing
from reviews.desk.publishing import publish_article
from reviews.exported_articles import exported, exported_zip
from reviews.models import Article, Author, Correction, Picture, Watch
from reviews.services.articles import BlockInput
from reviews.services.moving import Did, Moved, import_articles, opened
from tests.factories import make_article, make_correction, make_picture, make_product, make_watch

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def taken_in(file: bytes, **choices: Any) -> list[Moved]:
    return list(import_articles(opened(file), now=NOW, **choices))


def everything() -> bytes:
    return exported(Article.objects.all())


def empty_site() -> None:
    """Everything but the products."""
    Article.objects.all().delete()
    Picture.objects.all().delete()
    Author.objects.all().delete()


def a_rich_article() -> Article:
    one, other = make_product("Alpha"), make_product("Beta")
    lead = make_picture("A lead")
    article = make_article(
        "rich",
        picture=lead,
        use_case="calls",
        blocks=[
            BlockInput("prose", {"html": f'<h2>First</h2><p>See <a href="product:{one.slug}">it</a>.</p>'}),
            BlockInput("picture", {"picture": make_picture("Inside").pk}),
        ],
    )
    make_watch(article, one, passage="Under fifty", now=NOW)
    make_watch(article, other, passage="Under sixty", now=NOW)
    make_correction(article, credit="Ana K.", passage="heavy")
    make_correction(article, "It folds.", day=None, source="ourselves")
    return article


def changed(change: Any) -> bytes:
    whole = json.loads(everything())
    change(whole)
    return json.dumps(whole).encode()


def test_every_demo_article_comes_back_byte_for_byte_and_twice_changes_nothing() -> None:
    stock.fill_catalogue()
    drawn_pictures.fill_pictures()
    writing.fill_authors()
    authors = {author.slug: author for author in Author.objects.all()}
    products = {product.slug: product for product in Product.objects.all()}
    for text in content.articles():
        writing._draft(text, authors=authors, products=products)
    before = everything()
    empty_site()

    first = taken_in(before)

    assert [one.problems for one in first] == [()] * len(content.articles())
    assert {one.did for one in first} == {Did.NEW}
    assert everything() == before
    assert {one.did for one in taken_in(before)} == {Did.SAME}
    assert set(Article.objects.values_list("version", flat=True)) == {1}
    assert set(Article.objects.values_list("status", flat=True)) == {"draft"}


@pytest.mark.parametrize("write", [exported, exported_zip], ids=["json", "zip"])
def test_pictures_watches_and_use_case_come_back(write: Any) -> None:
    a_rich_article()
    before, told = write(Article.objects.all()), everything()
    empty_site()

    assert [one.did for one in taken_in(before)] == [Did.NEW]

    assert everything() == told
    assert write(Article.objects.all()) == before
    assert Picture.objects.count() == 2
    assert Watch.objects.count() == 2


def test_watches_that_are_the_same_keep_what_they_know() -> None:
    a_rich_article()
    kept = Watch.objects.get(passage="Under fifty")
    file = changed(lambda whole: whole["articles"][0]["watches"].pop())

    (moved,) = taken_in(file)

    assert (moved.did, moved.changed) == (Did.CHANGED, ("watches",))
    assert list(Watch.objects.values_list("pk", flat=True)) == [kept.pk]


def test_a_trial_tells_what_would_change_and_changes_nothing(settings: Any) -> None:
    a_rich_article()
    before = everything()
    file = changed(lambda whole: whole["articles"][0].update(title="Another title"))

    (moved,) = taken_in(file, is_trial=True)

    assert (moved.did, moved.changed) == (Did.CHANGED, ("title",))
    assert everything() == before
    empty_site()
    files = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    assert [one.did for one in taken_in(before, is_trial=True)] == [Did.NEW]
    assert not Article.objects.exists()
    assert not Picture.objects.exists()
    assert not Author.objects.exists()
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == files


def test_an_article_that_is_refused_leaves_nothing_and_keeps_no_other_out() -> None:
    make_article("one")
    make_article("two")

    def spoil(whole: dict[str, Any]) -> None:
        whole["articles"][0]["blocks"][0]["products"] = ["nowhere"]

    file = changed(spoil)
    empty_site()

    refused, fine = taken_in(file)

    assert refused.problems == (
        "articles[0].blocks[0].products[0]: there is no product 'nowhere' here. Import it first, or take it out.",
    )
    assert fine.did is Did.NEW
    assert [article.slug for article in Article.objects.all()] == ["two"]


def test_a_value_that_does_not_fit_is_named_by_its_path() -> None:
    make_article("scored")

    def spoil(whole: dict[str, Any]) -> None:
        whole["articles"][0]["blocks"][0]["data"] = {"html": 7}

    (moved,) = taken_in(changed(spoil))

    assert moved.problems[0].startswith("articles[0].blocks[0].data.html: must be text")


def test_an_author_that_is_here_stays_and_existing_articles_may_be_left_alone() -> None:
    make_article("one")

    def rename(whole: dict[str, Any]) -> None:
        whole["authors"][0]["name"] = "Somebody Else"
        whole["articles"][0]["title"] = "Else"

    file = changed(rename)

    assert [one.did for one in taken_in(file, updates=False)] == [Did.SKIPPED]
    assert [one.did for one in taken_in(file)] == [Did.CHANGED]
    assert Author.objects.get().name == "Ada Field"
    assert Article.objects.get().version == 2


def test_a_product_with_another_slug_here_is_known_by_its_gtin() -> None:
    product = make_product("Alpha")
    product.codes.create(scheme="gtin", value="4006381333931")
    make_article("review", kind="review", subject=product)
    file = everything()
    empty_site()
    Product.objects.filter(pk=product.pk).update(slug="renamed-here")

    assert [one.did for one in taken_in(file)] == [Did.NEW]
    assert Article.objects.get().subject == product


def test_a_picture_that_is_none_is_refused_in_words() -> None:
    a_rich_article()
    file = changed(lambda whole: [one.update(content="PHN2Zz4=") for one in whole["pictures"]])
    empty_site()

    (moved,) = taken_in(file)

    assert moved.did is Did.REFUSED
    assert "SVG" in moved.problems[0]
    assert not Picture.objects.exists()


def test_the_commands_go_round(tmp_path: Path) -> None:
    make_article("one")
    file = tmp_path / "articles.json"
    out = StringIO()
    call_command("export_articles", "one", stdout=out)
    file.write_text(out.getvalue(), encoding="utf-8")
    assert file.read_bytes() == everything()
    empty_site()

    said = StringIO()
    call_command("import_articles", file, "--dry-run", stdout=said, stderr=StringIO())
    assert "one: new" in said.getvalue()
    assert "Nothing was changed" in said.getvalue()
    assert not Article.objects.exists()
    call_command("import_articles", file, stdout=said, stderr=StringIO())
    assert Article.objects.get().slug == "one"
    with pytest.raises(CommandError, match="There is no article nowhere"):
        call_command("export_articles", "nowhere")
    file.write_text("[", encoding="utf-8")
    with pytest.raises(CommandError, match="not JSON at line 1"):
        call_command("import_articles", file)


def test_times_without_a_zone_are_refused() -> None:
    make_article("one")
    file = changed(lambda whole: whole["articles"][0].update(expires_at="2026-03-01T09:00:00"))

    (moved,) = taken_in(file)

    assert moved.problems[0].startswith("articles[0].expires_at: ")
    Article.objects.update(expires_at=timezone.now(), planned_for=NOW.date())
    assert [one.did for one in taken_in(everything())] == [Did.SAME]


def test_a_correction_that_readers_have_seen_stays_and_those_that_wait_become_what_the_file_says() -> None:
    article = a_rich_article()
    file = everything()
    publish_article(article=article)
    assert [one.did for one in taken_in(file)] == [Did.SAME]
    waiting = make_correction(article, "Only here.")
    assert [one.changed for one in taken_in(file)] == [("corrections",)]
    assert not Correction.objects.filter(pk=waiting.pk).exists()
    assert Correction.objects.filter(revision__isnull=False).count() == 2


def test_a_file_of_before_there_were_corrections_leaves_them_alone() -> None:
    a_rich_article()
    older = changed(lambda whole: whole["articles"][0].pop("corrections"))
    assert [one.did for one in taken_in(older)] == [Did.SAME]
    assert Correction.objects.count() == 2


def test_a_correction_that_does_not_fit_is_named_by_its_path() -> None:
    a_rich_article()
    wrong = changed(lambda whole: whole["articles"][0]["corrections"][0].update(day="soon"))
    (refused,) = taken_in(wrong)
    assert refused.problems[0].startswith("articles[0].corrections[")
    assert "'soon' is no day" in refused.problems[0]
