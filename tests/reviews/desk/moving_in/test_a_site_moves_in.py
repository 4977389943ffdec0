"""A WordPress site moves here: links go on leading, addresses go on working, nothing comes twice (part of E20)."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from catalog.models import Link, Merchant, Product
from reviews.desk.moving_in.links import Shop
from reviews.desk.moving_in.outcome import Did, Outcome
from reviews.desk.moving_in.pictures import NoPictureError, from_folder, nowhere
from reviews.desk.moving_in.site import exported, move_in, try_moving_in
from reviews.models import Article, Comment, FormerPath, Picture
from reviews.wordpress.short_links import pretty_links
from reviews.wordpress.wxr import read
from tests.factories import make_merchant, make_product, picture_file
from tests.reviews.wordpress.exports import comment, export, item

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SHOP = Shop(country="US", currency="USD")
LINKS = "slug,url,name\nrecommends/pair,https://shop.example/p/1,Acme Quiet One\n"


def moved(*items: str, links: str = "slug,url\n", trial: bool = False, **wishes: Any) -> list[Outcome]:
    found = exported(read(export(*items)), list(pretty_links(io.StringIO(links))))
    move = try_moving_in if trial else move_in
    values: dict[str, Any] = {"fetch": nowhere, "shop": SHOP, "is_public": False, "now": NOW, **wishes}
    return list(move(found, **values))


def notes(outcomes: list[Outcome]) -> str:
    return "\n".join(note for outcome in outcomes for note in outcome.notes)


def test_a_short_link_goes_on_under_its_code_and_its_former_path(client: Client) -> None:
    make_merchant("Shop", hosts=["shop.example"])
    make_product("Quiet One")
    moved(links=LINKS)
    link = Link.objects.get(code="pair")
    assert (str(link.offer.product), link.offer.url) == ("Acme Quiet One", "https://shop.example/p/1")
    answer = client.get("/recommends/pair/")
    assert (answer.status_code, answer["Location"]) == (301, "/go/pair/")
    assert Product.objects.count() == 1


def test_a_shop_and_a_product_that_nobody_knows_are_made_and_named() -> None:
    told = notes(moved(links=LINKS))
    merchant = Merchant.objects.get()
    assert (merchant.hosts, merchant.source, merchant.network) == (["shop.example"], "manual", "direct")
    assert Product.objects.get().brand.name == "Unsorted"
    assert "The merchant shop.example was made" in told
    assert "merge the record" in told


def test_a_networks_link_leads_to_the_shop_behind_it() -> None:
    address = "https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued=https%3A%2F%2Fshop.example%2Fp%2F9"
    told = notes(moved(links=f"slug,url\nnine,{address}\n"))
    assert Link.objects.get(code="nine").offer.url == "https://shop.example/p/9"
    assert "give the merchant its network" in told


def test_a_post_becomes_an_article_with_its_links_its_address_and_its_comments(client: Client) -> None:
    make_merchant("Shop", hosts=["shop.example"])
    product = make_product("Quiet One")
    html = (
        '<h2>What</h2><p><a href="https://www.earnotes.example/recommends/pair">the pair</a>, '
        '<a href="/2024/04/other/">the other</a>, <a href="/contact/">us</a>, <a href="https://b.example/">b</a></p>'
    )
    said = comment(1, "Good") + comment(2, "Yes", parent=1, state="0") + comment(3, "Buy", state="spam")
    outcomes = moved(
        item(html=html, comments=said + comment(4, "gone", state="trash")),
        item(8, slug="other", title="Other", link="https://earnotes.example/2024/04/other/"),
        links=LINKS,
        is_public=True,
    )
    article = Article.objects.get(slug="night-train")
    text = article.blocks.get().data["html"]
    assert f'href="product:{product.slug}"' in text
    assert 'href="article:other"' in text
    assert 'href="https://b.example/"' in text
    assert "<a>us</a>" in text or ">us<" not in text
    assert "The link to /contact leads nowhere here" in notes(outcomes)
    states = list(Comment.objects.order_by("pk").values_list("state", "parent__source_id", "place"))
    assert states == [("shown", None, 0), ("held", "1", 1)]
    assert article.author.name == "Nora Beck"
    assert article.standfirst == "What we slept with."


def test_what_was_public_is_public_on_its_day_and_its_old_address_leads_there(client: Client) -> None:
    moved(item(slug="other", title="Other", link="https://earnotes.example/2024/04/other/"), is_public=True)
    article = Article.objects.get(slug="other")
    assert article.status == "published"
    assert article.published_at == datetime(2024, 3, 5, 21, 10, tzinfo=UTC)
    answer = client.get("/2024/04/other/?x=1")
    assert (answer.status_code, answer["Location"]) == (301, article.get_absolute_url())


def test_what_the_gate_refuses_stays_a_draft_with_its_reasons(client: Client) -> None:
    outcomes = moved(item(html="<h2>A</h2><h4>Jump</h4><p>x</p>"), is_public=True)
    assert Article.objects.get().status == "draft"
    assert "It stays a draft:" in notes(outcomes)
    assert client.get("/2024/03/night-train/").status_code == 404


def test_moving_in_twice_changes_nothing() -> None:
    said = comment(1, "Good") + comment(2, "Yes", parent=1)
    first = moved(item(comments=said), links=LINKS)
    version = Article.objects.get().version
    counts = [model.objects.count() for model in (Article, Link, Product, Merchant, Comment, FormerPath)]
    again = moved(item(comments=said), links=LINKS)
    assert {outcome.did for outcome in again} == {Did.THERE}
    assert Did.MADE in {outcome.did for outcome in first}
    assert Article.objects.get().version == version
    assert counts == [model.objects.count() for model in (Article, Link, Product, Merchant, Comment, FormerPath)]


def test_a_trial_says_the_same_and_changes_nothing(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "ear.jpg").write_bytes(picture_file())
    html = '<p>x</p><img src="https://earnotes.example/wp-content/uploads/ear.jpg" alt="An ear">'
    tried = moved(item(html=html), links=LINKS, trial=True, fetch=from_folder(uploads))
    assert not Article.objects.exists()
    assert not Link.objects.exists()
    assert not [*tmp_path.glob("media/**/*.jpg")]
    assert [(one.what, one.did) for one in tried] == [
        (one.what, one.did) for one in moved(item(html=html), links=LINKS, fetch=from_folder(uploads))
    ]


def test_pictures_come_from_the_folder_of_uploads(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads = tmp_path / "uploads"
    (uploads / "2024").mkdir(parents=True)
    (uploads / "2024" / "ear.jpg").write_bytes(picture_file())
    html = '<p>x</p><img src="https://earnotes.example/wp-content/uploads/2024/ear-300x200.jpg" alt="An ear">'
    moved(item(html=html), fetch=from_folder(uploads))
    picture = Picture.objects.get()
    assert (picture.alt, picture.credit) == ("An ear", "Ear Notes")
    assert [block.kind for block in Article.objects.get().blocks.all()] == ["prose", "picture"]
    assert list(Article.objects.get().blocks.get(kind="picture").pictures.all()) == [picture]


@pytest.mark.parametrize("path", ["../secret", "%2e%2e/secret", "..%2Fsecret", "/etc/passwd"])
def test_nothing_outside_of_the_folder_is_read(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("no")
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    with pytest.raises(NoPictureError):
        from_folder(uploads)(f"https://earnotes.example/wp-content/uploads/{path}")


def test_a_link_whose_code_is_taken_by_another_is_refused() -> None:
    moved(links=LINKS)
    outcomes = moved(links=LINKS.replace("/p/1", "/p/2"))
    assert "/go/pair/ is taken: it leads to https://shop.example/p/1" in notes(outcomes)


def test_an_article_that_an_editor_made_is_left_alone() -> None:
    moved(item())
    Article.objects.update(title="Mine now")
    moved(item())
    assert Article.objects.get().title == "Mine now"


def test_the_command_says_what_it_did_and_what_to_look_at(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(export(item(html="<p>x</p>[form id=1]")).getvalue())
    out = io.StringIO()
    call_command("import_wordpress", str(file), "--dry-run", stdout=out, verbosity=0)
    assert "article night-train: The shortcode [form] does nothing here" in out.getvalue()
    assert "articles: 1 made" in out.getvalue()
    assert "Nothing was changed: this was a trial." in out.getvalue()
    call_command("import_wordpress", str(file), stdout=out, verbosity=0)
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"), [(b"no", "broken"), (b"<html/>", "no WordPress export"), (None, "cannot be read")]
)
def test_a_file_that_cannot_be_used_is_said_so(content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_wordpress", str(file))
