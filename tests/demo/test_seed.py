"""Does the seed fill an empty database, finish a half-filled one, and leave a full one alone?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from catalog.models import Link, Merchant, Offer, Price, Product
from catalog.prices.history import DAYS_KEPT
from catalog.services.offers import withdraw_offers
from catalog.terms import LinkStyle
from demo import accounts, content, drawn_pictures, method, past, seed, stock, writing
from demo.processes import DemoError
from reviews.desk.publishing import publish_article
from reviews.models import Article, Author, Block, Revision, Watch
from reviews.services.articles import edit_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database may be filled, wherever it is."""
    monkeypatch.setenv("EARMARK_DEMO", "1")
    monkeypatch.delenv("EARMARK_SHOPS_PORT", raising=False)


def fill_articles() -> None:
    """Everything that readers read, without the offers, which take longest."""
    stock.fill_catalogue()
    writing.fill_authors()
    writing.fill_accounts()
    method.fill_method(now=timezone.now())
    drawn_pictures.fill_pictures()
    writing.fill_articles()


def everything() -> dict[str, list[object]]:
    """Every row the seed is about, with every column."""
    models = (Product, Merchant, Offer, Link, Author, Article, Block, Revision, User)
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def test_an_empty_database_gets_the_whole_content(capsys: pytest.CaptureFixture[str]) -> None:
    seed.main()

    assert Product.objects.count() == len(content.catalogue())
    assert Article.objects.published().count() == len(content.articles())
    assert Author.objects.count() == len(content.authors())
    assert not any(author.tests for author in Author.objects.all()), "nobody tested anything for the demo"
    assert set(Merchant.objects.values_list("slug", flat=True)) == {
        "northbeat-audio",
        "soundquay",
        "ear-and-oak",
        "amazon",
    }
    assert "articles … 8 new or changed" in capsys.readouterr().out
    # every product can be bought somewhere, through a link of ours
    assert not Product.objects.filter(offers__isnull=True).exists()
    assert not Offer.objects.filter(links__isnull=True).exists()


def test_the_second_run_changes_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    seed.main()
    before = everything()
    capsys.readouterr()

    seed.main()

    assert everything() == before
    assert "nothing was changed" in capsys.readouterr().out


def test_a_run_that_was_cut_short_is_finished_by_the_next() -> None:
    stock.fill_catalogue()
    stock.fill_merchants()
    writing.fill_authors()
    drawn_pictures.fill_pictures()
    text = content.articles()[0]
    author = Author.objects.get(slug=text.author)
    Article.objects.create(slug=text.slug, kind="guide", title="Half", standfirst="Half", author=author)

    fill_articles()

    assert Article.objects.published().count() == len(content.articles())
    assert Article.objects.get(slug=text.slug).title == text.title


def test_a_claim_that_the_shops_broke_meanwhile_does_not_stop_the_next_start() -> None:
    seed.main()
    assert Watch.objects.update(state=Watch.State.BROKEN)
    before = list(Revision.objects.values_list("pk", flat=True))
    seed.main()
    assert list(Revision.objects.values_list("pk", flat=True)) == before


def test_three_shops_have_three_different_terms() -> None:
    stock.fill_merchants()
    lenient, strict, open_to_machines = (
        Merchant.objects.get(slug=slug).terms for slug in ("northbeat-audio", "soundquay", "ear-and-oak")
    )
    assert (lenient.history_allowed, lenient.max_price_age) == (True, None)
    assert (strict.history_allowed, strict.api_allowed, strict.max_price_age) == (False, False, timedelta(hours=24))
    assert (open_to_machines.history_allowed, open_to_machines.api_allowed) == (False, True)


def test_amazon_is_linked_to_directly_and_without_a_price() -> None:
    seed.main()
    amazon = Merchant.objects.get(slug="amazon")
    offers = list(amazon.offers.all())
    assert amazon.terms.link_style is LinkStyle.DIRECT
    assert amazon.network_settings == {"tag_us": "earmark-demo-20"}
    assert len(offers) >= 3
    assert {offer.amount for offer in offers} == {None}


def test_shops_on_other_ports_are_followed_and_links_keep_their_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    seed.main()
    codes = set(Link.objects.values_list("code", flat=True))
    monkeypatch.setenv("EARMARK_SHOPS_PORT", "9301")

    seed.main()

    assert Merchant.objects.get(slug="soundquay").hosts == ["127.0.0.1:9302"]
    assert (
        not Offer.objects.filter(merchant__slug="northbeat-audio")
        .exclude(url__startswith="http://127.0.0.1:9301/")
        .exists()
    )
    assert set(Link.objects.values_list("code", flat=True)) == codes


def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_SHOPS_PORT", "eighty")
    with pytest.raises(DemoError, match="EARMARK_SHOPS_PORT is 'eighty'"):
        stock.fill_merchants()


def test_terms_that_somebody_changed_stay_changed() -> None:
    stock.fill_merchants()
    Merchant.objects.filter(slug="soundquay").update(max_price_age=timedelta(hours=1))
    stock.fill_merchants()
    assert Merchant.objects.get(slug="soundquay").max_price_age == timedelta(hours=1)


def test_an_offer_that_was_withdrawn_stays_withdrawn() -> None:
    seed.main()
    offer = Offer.objects.filter(merchant__slug="northbeat-audio").earliest("pk")
    withdraw_offers(offers=[offer], now=timezone.now())
    seed.main()
    offer.refresh_from_db()
    assert offer.withdrawn_at is not None


def test_an_article_that_an_editor_published_is_not_put_back() -> None:
    fill_articles()
    article = Article.objects.get(slug="headphones-versus-headsets")
    article.title = "In an editor's own words"
    article.save(update_fields=["title"])
    publish_article(article=article, by=User.objects.get(username="editor"))

    fill_articles()

    article.refresh_from_db()
    assert article.title == "In an editor's own words"


def test_a_draft_that_somebody_is_working_on_is_not_put_back() -> None:
    fill_articles()
    article = Article.objects.get(slug="headphones-versus-headsets")
    edit_article(article=article, blocks=[])

    fill_articles()

    assert article.blocks.count() == 0


def test_an_article_whose_file_changed_is_published_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_articles()
    first, *others = content.articles()
    changed = content.ArticleText(
        **{**{key: getattr(first, key) for key in content.ArticleText.__dataclass_fields__}, "title": "A better title"}
    )
    monkeypatch.setattr(content, "articles", lambda: [changed, *others])

    assert writing.fill_articles() == 1

    live = Article.objects.get(slug=first.slug).live_revision
    assert live is not None
    assert (live.number, live.content["article"]["title"]) == (2, "A better title")


def test_an_article_about_a_product_that_is_not_there_is_refused_by_name() -> None:
    writing.fill_authors()
    drawn_pictures.fill_pictures()
    with pytest.raises(DemoError, match=r"Article “[a-z-]+” names '[a-z0-9-]+'"):
        writing.fill_articles()
    assert not Article.objects.published().exists()


def test_the_editor_writes_and_publishes_and_does_no_more() -> None:
    writing.fill_accounts()
    editor = User.objects.get(username=accounts.USERNAME)

    assert editor.check_password(accounts.PASSWORD)
    assert editor.is_staff
    assert not editor.is_superuser
    assert editor.has_perms(["reviews.change_article", "reviews.publish_article", "reviews.add_block"])
    assert editor.has_perms(["catalog.view_offer", "catalog.view_click", "catalog.view_refreshrun"])
    for right in ("reviews.delete_article", "catalog.change_merchant", "catalog.delete_product", "auth.view_user"):
        assert not editor.has_perm(right)


def test_the_writer_has_own_articles_and_cannot_publish() -> None:
    writing.fill_authors()
    writing.fill_accounts()
    writer = User.objects.get(username="writer")

    assert writer.author.name == "Tobias Achebe"
    assert writer.has_perm("reviews.change_article")
    assert not writer.has_perm("reviews.publish_article")
    assert writing.fill_accounts() == 0


def test_a_password_that_somebody_changed_stays_changed() -> None:
    writing.fill_accounts()
    editor = User.objects.get(username=accounts.USERNAME)
    editor.set_password("something better")
    editor.save()

    writing.fill_accounts()

    editor.refresh_from_db()
    assert editor.check_password("something better")


def test_a_real_site_is_not_filled_with_inventions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop@db.example/shop")
    monkeypatch.delenv("EARMARK_DEMO")

    with pytest.raises(DemoError, match="DATABASE_URL names a server of your own"):
        seed.main()

    assert not Product.objects.exists()


def test_the_shop_that_allows_a_history_has_a_past_and_no_other_has(client: Client) -> None:
    seed.main()

    assert set(Price.objects.values_list("offer__merchant__slug", flat=True)) == {past.SHOP}
    assert set(Price.objects.values_list("verdict", flat=True)) == {"accepted"}
    offers = Offer.objects.filter(merchant__slug=past.SHOP, seen_at__isnull=False)
    assert {offer.days_seen.bit_count() for offer in offers} == {9, DAYS_KEPT}
    watched = offers.filter(days_seen__gt=1 << 60).earliest("pk")
    html = client.get(watched.product.get_absolute_url()).content.decode()
    assert "Days observed" in html
    assert 'class="deal"' in html
