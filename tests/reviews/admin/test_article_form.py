from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reviews.models import Article, Revision
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_author, make_product, make_staff

pytestmark = pytest.mark.django_db

WRITER = ("reviews.add_article", "reviews.change_article", "reviews.view_article")
EDITOR = (*WRITER, "reviews.publish_article", "reviews.delete_article")


class FormReader(HTMLParser):
    """What a browser without scripts would send of a page's form, templates left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._depth = 0
        self._select = self._area = ""
        self._words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._depth += 1
        if self._depth:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "checkbox", "radio"):
            self.fields.append((name, given.get("value", "")))
        elif tag == "input" and kind == "checkbox" and "checked" in given:
            self.fields.append((name, given.get("value", "on")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area, self._words = name, ""

    def handle_data(self, data: str) -> None:
        self._words += data if self._area else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._depth -= 1
        elif tag == "textarea" and self._area and not self._depth:
            self.fields.append((self._area, self._words.removeprefix("\n").replace("\r\n", "\n")))
            self._area = ""
        elif tag == "select":
            self._select = ""

    def data(self, **changes: Any) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        return {**sent, **changes}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("editor", *EDITOR))
    return client


def change_url(article: Article) -> str:
    return reverse("admin:reviews_article_change", args=[article.pk])


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def every_kind() -> list[BlockInput]:
    one, two = make_product("One"), make_product("Two")
    return [
        BlockInput("disclosure", {"text": "We earn."}),
        BlockInput("prose", {"html": "<h2>First</h2><p>Words &amp; more.</p>"}),
        BlockInput("product_card", {"badge": "Best", "text": "Good.\n\nReally."}, [one]),
        BlockInput("pros_cons", {"title": "", "pros": ["a", "b"], "cons": ["c"]}, [one]),
        BlockInput("scores", {"rows": [{"criterion": "Sound", "score": "8.5", "weight": "60", "note": "n"}]}, [one]),
        BlockInput("comparison", {"title": "Both", "specs": ["battery_hours", "anc", "weight_g"]}, [two, one]),
        BlockInput("faq", {"title": "Q", "items": [{"question": "A?", "answer": "B.\n\nC."}]}),
        BlockInput("verdict", {"title": "Verdict", "html": "<p>Yes.</p>"}),
    ]


def stored(article: Article) -> list[Any]:
    return [
        (block.kind, block.data, [link.product.slug for link in block.block_products.all()])
        for block in article.blocks.all()
    ]


def test_saving_the_form_as_it_came_changes_nothing(editor: Client) -> None:
    article = make_article(blocks=every_kind())
    before = stored(article)
    sent = FormReader(page(editor, change_url(article))).data()
    answer = editor.post(change_url(article), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert stored(article) == before


def test_a_new_article_is_written_with_nothing_but_the_form(editor: Client) -> None:
    author = make_author()
    url = reverse("admin:reviews_article_add")
    sent = FormReader(page(editor, url)).data(
        title="New", slug="new", kind="guide", standfirst="S", author=author.pk, _addblock="1", add_kind="faq"
    )
    answer = editor.post(url, sent)
    article = Article.objects.get(slug="new")
    assert answer.url == f"{change_url(article)}?add=faq#new-block"  # type: ignore[attr-defined]
    html = page(editor, answer.url)  # type: ignore[attr-defined]
    assert 'id="new-block"' in html
    sent = FormReader(html).data(
        **{
            "blocks-1-data_title": "Questions",
            "blocks-1-data_items-1-question": "Second?",
            "blocks-1-data_items-1-answer": "No.",
            "_save": "1",
        }
    )
    assert editor.post(change_url(article), sent).status_code == 302
    assert stored(article) == [("faq", {"title": "Questions", "items": [{"question": "Second?", "answer": "No."}]}, [])]


def test_positions_order_blocks_and_a_tick_removes_one(editor: Client) -> None:
    texts = [BlockInput("prose", {"html": f"<p>{word}</p>"}) for word in ("one", "two", "three")]
    article = make_article(blocks=texts)
    sent = FormReader(page(editor, change_url(article))).data(
        **{"blocks-1-position": "9", "blocks-2-delete": "on", "blocks-2-data_html": ""}
    )
    assert editor.post(change_url(article), sent).status_code == 302
    assert [data["html"] for _, data, _ in stored(article)] == ["<p>three</p>", "<p>one</p>"]


def test_ticked_specs_keep_the_order_in_which_the_browser_sends_them(editor: Client) -> None:
    article = make_article(blocks=every_kind())
    url = change_url(article)
    sent = FormReader(page(editor, url)).data(**{"blocks-6-data_specs": ["weight_g", "sidetone", "anc"]})
    editor.post(url, sent)
    assert stored(article)[5][1]["specs"] == ["weight_g", "sidetone", "anc"]
    again = FormReader(page(editor, url)).data()
    assert again["blocks-6-data_specs"] == ["weight_g", "sidetone", "anc"]


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(editor: Client) -> None:
    article = make_article(blocks=every_kind())
    before = stored(article)
    url = change_url(article)
    sent = FormReader(page(editor, url)).data(
        **{
            "title": "A better title",
            "blocks-2-data_html": "<p>Freshly <strong>typed</strong></p>",
            "blocks-3-products": "Acme Nothing",
            "blocks-5-data_rows-0-score": "eleven",
            "blocks-5-data_rows-1-criterion": "Comfort",
            "blocks-7-data_title": "",
            "blocks-7-data_items-0-answer": "Typed at length",
        }
    )
    answer = editor.post(url, sent)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Acme Nothing" in html
    assert "is no product of the catalogue" in html
    assert "Criteria, row 1, Score: &#x27;eleven&#x27; is not a number; write it like 7.5." in html
    assert "Criteria, row 2, Score: is missing." in html
    assert re.search(r'name="blocks-5-data_rows-0-score"[^>]*aria-invalid="true"', html)
    assert "Block 7 (Questions and answers): Is missing." in html
    kept = FormReader(html).data()
    assert kept["title"] == ["A better title"]
    assert kept["blocks-2-data_html"] == ["<p>Freshly <strong>typed</strong></p>"]
    assert kept["blocks-5-data_rows-1-criterion"] == ["Comfort"]
    assert kept["blocks-7-data_items-0-answer"] == ["Typed at length"]
    assert stored(article) == before


def test_products_are_found_by_name_by_slug_and_by_an_only_match(editor: Client) -> None:
    for model in ("Alpha 1", "Alpha 2", "Beta"):
        make_product(model)
    article = make_article(
        blocks=[BlockInput("comparison", {"title": "T", "specs": ["anc"]}, [make_product("X"), make_product("Y")])]
    )
    url = change_url(article)
    sent = FormReader(page(editor, url)).data(**{"blocks-1-products": "Acme Alpha 1\r\nbeta\r\nacme-alpha-2"})
    assert editor.post(url, sent).status_code == 302
    assert stored(article)[0][2] == ["acme-alpha-1", "acme-beta", "acme-alpha-2"]
    sent = FormReader(page(editor, url)).data(**{"blocks-1-products": "Alpha\nBeta"})
    html = editor.post(url, sent).content.decode()
    assert "“Alpha” fits several products. Which one: Acme Alpha 1; Acme Alpha 2?" in html


def test_a_block_of_a_kind_that_is_gone_is_kept_until_somebody_decides(editor: Client) -> None:
    article = make_article()
    article.blocks.update(kind="carousel")
    url = change_url(article)
    sent = FormReader(page(editor, url)).data()
    html = editor.post(url, sent).content.decode()
    assert "There is no kind of block named “carousel” here" in html
    assert article.blocks.get().kind == "carousel"
    assert editor.post(url, {**sent, "blocks-1-delete": "on"}).status_code == 302
    assert not article.blocks.exists()


def test_publishing_is_one_press_and_tells_problems_by_block(editor: Client) -> None:
    article = make_article()
    url = change_url(article)
    sent = FormReader(page(editor, url)).data(
        _step="publish", title="Published title", **{"step_publish-change_note": "First"}
    )
    assert "Readers see revision 1." in editor.post(url, sent, follow=True).content.decode()
    revision = Revision.objects.get()
    assert (revision.note, revision.created_by.username) == ("First", "editor")  # type: ignore[union-attr]
    assert revision.content["article"]["title"] == "Published title"

    sent = FormReader(page(editor, url)).data(_step="publish", **{"blocks-1-data_html": "<h4>Deep</h4><p>x</p>"})
    html = editor.post(url, sent, follow=True).content.decode()
    assert "Block 1 (Text): the heading “Deep” is level 4 after level 1; use level 2." in html
    assert "The draft below differs from it." in page(editor, url)
    article.refresh_from_db()
    assert article.live_revision == revision


def test_retiring_is_one_press(editor: Client) -> None:
    article = make_article()
    url = change_url(article)
    editor.post(url, FormReader(page(editor, url)).data(_step="publish"))
    editor.post(url, FormReader(page(editor, url)).data(_step="retire"))
    article.refresh_from_db()
    assert article.status == "retired"


def test_a_writer_saves_drafts_but_cannot_publish_even_with_a_forged_press(client: Client) -> None:
    writer = make_staff("writer", *WRITER)
    client.force_login(writer)
    article = make_article(author=make_author(user=writer))
    html = page(client, change_url(article))
    assert 'value="publish"' not in html
    answer = client.post(change_url(article), FormReader(html).data(_step="publish", title="Mine"), follow=True)
    assert "What you wrote is saved. You may not: Publish now." in answer.content.decode()
    article.refresh_from_db()
    assert (article.title, article.status) == ("Mine", "draft")


def test_a_reader_of_the_admin_sees_the_blocks_and_can_change_none(client: Client) -> None:
    looker = make_staff("looker", "reviews.view_article")
    client.force_login(looker)
    article = make_article(author=make_author(user=looker))
    html = page(client, change_url(article))
    assert "Words." in html
    assert re.search(r'<fieldset class="module blocks"\s+disabled', html)
    assert client.post(change_url(article), {"title": "x"}).status_code == 403


def test_what_readers_have_seen_cannot_be_deleted(editor: Client) -> None:
    article = make_article()
    url = change_url(article)
    assert "deletelink" in page(editor, url)
    editor.post(url, FormReader(page(editor, url)).data(_step="publish"))
    assert "deletelink" not in page(editor, url)
    assert editor.post(reverse("admin:reviews_article_delete", args=[article.pk]), {"post": "yes"}).status_code == 403
    assert Article.objects.exists()


def test_the_list_tells_which_articles_use_a_product(editor: Client) -> None:
    product = make_product()
    make_article("with-it", blocks=[BlockInput("product_card", {"text": "t"}, [product])])
    make_article("reviews-it", kind="review", subject=product)
    make_article("without-it")
    html = page(editor, f"{reverse('admin:reviews_article_changelist')}?products={product.pk}")
    assert "With it" in html
    assert "Reviews it" in html
    assert "Without it" not in html


def test_product_names_are_suggested_to_staff_only(editor: Client) -> None:
    make_product("Alpha 1")
    url = reverse("admin:reviews_article_products")
    (found,) = editor.get(url, {"q": "alp acm"}).json()["products"]
    assert (found["name"], found["picture"], found["prices"]) == (
        "Acme Alpha 1",
        "/pictures/acme-alpha-1.svg",
        "no offers",
    )
    assert Client().get(url, {"q": "a"}).status_code == 302


def test_the_form_asks_a_fixed_number_of_queries(editor: Client, django_assert_max_num_queries: Any) -> None:
    products = [make_product(str(number)) for number in range(12)]
    few = make_article("few", blocks=[BlockInput("product_card", {"text": "t"}, [products[0]])])
    many = make_article("many", blocks=[BlockInput("product_card", {"text": "t"}, [one]) for one in products])
    with django_assert_max_num_queries(40) as counted:
        page(editor, change_url(few))
    budget = len(counted)
    with django_assert_max_num_queries(budget):
        page(editor, change_url(many))
