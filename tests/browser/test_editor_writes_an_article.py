"""An editor's whole way in a real browser: sign in, write blocks, order them, save, publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from reviews.models import Article
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_author, make_product, make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Desk:
    """A signed-in editor's browser page that remembers every complaint in the console."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on(
            "console", lambda message: message.type in ("error", "warning") and self.complaints.append(message.text)
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(60_000)

    def open(self, name: str, *args: Any) -> None:
        self.page.goto(self.address + reverse(name, args=args))

    def add_block(self, kind: str) -> Any:
        self.page.select_option("[data-add-kind]", kind)
        self.page.click("[data-add-block]")
        return self.page.locator(f"[data-block]:has(input[value={kind}])")

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.click(f".submit-row input[name={name}]")

    @property
    def kinds(self) -> list[str]:
        return self.page.locator("[data-block-list] input[name$=-kind]").evaluate_all(
            "all => all.map(one => one.value)"
        )


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Desk]:
    make_staff("editor", *(f"reviews.{verb}_article" for verb in ("add", "change", "view", "publish")))
    context = browser.new_context()
    desk = Desk(context.new_page(), live_server.url)
    desk.open("admin:login")
    desk.page.fill("#id_username", "editor")
    desk.page.fill("#id_password", "listen-closely")
    with desk.page.expect_navigation():
        desk.page.click("input[type=submit]")
    yield desk
    context.close()


def test_an_article_is_written_ordered_saved_and_published(desk: Desk) -> None:
    make_author()
    make_product("Alpha 1")
    make_product("Alpha 2")
    page = desk.page
    desk.open("admin:reviews_article_add")
    page.locator("#id_title").press_sequentially("What to wear on a train")
    assert page.input_value("#id_slug") == "what-to-wear-on-a-train"
    page.select_option("#id_kind", "guide")
    page.fill("#id_standfirst", "In short.")
    page.select_option("#id_author", label="Ada Field")

    faq = desk.add_block("faq")
    faq.locator("input[name$=data_title]").fill("Questions")
    faq.locator("input[name$=question]").fill("Quiet?")
    faq.locator("textarea[name$=answer]").fill("Mostly.")
    faq.get_by_role("button", name="Add a row").click()
    faq.locator("input[name$=question]").last.fill("Loud?")
    faq.locator("textarea[name$=answer]").last.fill("Never.")

    text = desk.add_block("prose")
    # the plain text area is there first and is named the same: wait for the editor that takes its place
    words = text.locator(".ProseMirror[role=textbox][aria-label=Text]")
    words.click()
    page.keyboard.type("Added  in stock ")
    page.keyboard.press("Control+b")
    page.keyboard.type("today")

    table = desk.add_block("comparison")
    table.locator("input[name$=data_title]").fill("Side by side")
    for spec in ("Active noise cancelling", "Weight", "Battery life"):
        table.get_by_role("checkbox", name=spec, exact=True).check()
    table.get_by_role("button", name="Move up: Weight").click()
    search = table.get_by_label("Products", exact=True)
    search.press_sequentially("alpha 2")
    page.click("[role=option][data-name='Acme Alpha 2']")
    search.fill("Acme Alpha 1")  # never added by hand: sending the form adds it

    assert desk.kinds == ["faq", "prose", "comparison"]
    page.get_by_role("button", name="Move up: Text").click()
    assert desk.kinds == ["prose", "faq", "comparison"]
    faq.locator("input[name$=data_title]").press("Alt+ArrowDown")
    assert desk.kinds == ["prose", "comparison", "faq"]
    assert page.locator("[data-number]").all_text_contents() == ["1", "2", "3"]
    assert page.text_content("[data-block-status]") == "Moved to position 3 of 3."

    desk.press("_continue")
    page.click("summary:has(~ button[value=publish])")
    with page.expect_navigation():
        page.click("button[value=publish]")
    assert "Readers see revision 1." in page.text_content(".messagelist")
    article = Article.objects.get()
    prose, comparison, questions = article.blocks.all()
    assert prose.data == {"html": "<p>Added  in stock <strong>today</strong></p>"}
    assert comparison.data["specs"] == ["weight_g", "anc", "battery_hours"]
    assert [link.product.model for link in comparison.block_products.all()] == ["Alpha 2", "Alpha 1"]
    assert [row["question"] for row in questions.data["items"]] == ["Quiet?", "Loud?"]
    assert desk.complaints == []


def test_a_block_is_dragged_and_another_removed_and_kept(desk: Desk) -> None:
    article = make_article(blocks=[BlockInput("prose", {"html": f"<p>{word}</p>"}) for word in ("one", "two", "three")])
    desk.open("admin:reviews_article_change", article.pk)
    blocks = desk.page.locator("[data-block]")
    desk.page.set_viewport_size({"width": 1280, "height": 2000})
    blocks.nth(2).scroll_into_view_if_needed()  # editors come when their block is near
    blocks.nth(2).locator(".ProseMirror[contenteditable]").wait_for()
    blocks.nth(2).locator("[data-drag]").drag_to(blocks.nth(0), target_position={"x": 40, "y": 4})
    assert desk.page.locator(".ProseMirror[contenteditable]").all_text_contents() == ["three", "one", "two"]
    blocks.nth(2).get_by_role("button", name="Remove this block").click()
    blocks.nth(1).get_by_role("button", name="Remove this block").click()
    blocks.nth(1).get_by_role("button", name="Keep this block").click()
    desk.press("_continue")
    assert [block.data["html"] for block in article.blocks.all()] == ["<p>three</p>", "<p>one</p>"]
    assert desk.complaints == []


def test_what_was_written_survives_a_refused_save(desk: Desk) -> None:
    article = make_article(blocks=[BlockInput("prose", {"html": '<p>See <a href="product:x">it</a></p>'})])
    desk.open("admin:reviews_article_change", article.pk)
    card = desk.add_block("product_card")
    card.locator("textarea[name$=data_text]").fill("Written at length.")
    desk.press("_continue")
    assert "0 named; it takes 1." in desk.page.text_content("[data-block]:last-child")
    assert desk.page.input_value("textarea[name$=data_text] >> visible=true") == "Written at length."
    desk.page.locator("[data-block]").last.scroll_into_view_if_needed()
    desk.page.locator("[data-block]").last.get_by_role("button", name="Remove this block").click()
    desk.press("_continue")
    assert article.blocks.get().data == {"html": '<p>See <a href="product:x">it</a></p>'}
    assert desk.complaints == []
