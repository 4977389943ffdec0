"""A passage is marked, remarked on, moderated, edited and corrected in a real browser; by keyboard; without scripts."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reviews.desk.publishing import publish_article
from reviews.models import Article, Comment, CommentPassage
from reviews.services.articles import BlockInput
from tests.factories import make_colleague, make_published_article, make_remark

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HTML = (
    "<h2>How they sit</h2><p>The clamp is firm but fair. After two hours the left pad runs warm.</p>"
    "<p>They weigh 250 grams and fold flat. Nothing creaks yet.</p>"
)

MARK = """() => {
    const words = document.querySelector(".block-prose p").firstChild;
    getSelection().setBaseAndExtent(words, 4, words, 26);
}"""


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide", blocks=[BlockInput(kind="prose", data={"html": HTML})])


def edit(article: Article, old: str, new: str) -> None:
    assert old in HTML
    article.blocks.filter(kind="prose").update(data={"html": HTML.replace(old, new)})
    publish_article(article=article)


def fill_in(page: Page, text: str) -> None:
    page.get_by_label("Your remark").fill(text)
    page.get_by_label("Name, shown").fill("Robin")
    page.get_by_label("thank me there").check()
    page.get_by_role("button", name="Send the remark").click()


def see_anew(page: Page, address: str) -> None:
    """A browser keeps a page for a minute, as it is told to."""
    page.goto(address)
    page.reload()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}{reverse('admin:login')}")
    page.fill("#id_username", "ed")
    page.fill("#id_password", "listen-closely")
    page.click("[type=submit]")


def violations(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def test_from_marked_words_to_a_correction_with_credit(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    make_colleague("ed", "Editor")
    page = browser.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    guide = f"{live_server.url}/guides/a-guide/"
    page.goto(guide)
    page.get_by_text("They weigh 250 grams").click(click_count=3)
    page.get_by_role("link", name="Remark on this").click()
    expect(page.locator("mark")).to_have_text("They weigh 250 grams and fold flat. Nothing creaks yet")
    fill_in(page, "Mine weigh 254 grams.")
    page.get_by_text("waits to be read").first.wait_for()
    assert CommentPassage.objects.get().may_credit

    desk = browser.new_context().new_page()
    sign_in(desk, live_server.url)
    desk.goto(f"{live_server.url}{reverse('admin:reviews_comment_queue')}")
    desk.get_by_text("They weigh 250 grams and fold flat").wait_for()
    desk.get_by_role("button", name="Approve", exact=True).click()
    desk.get_by_text("The comment was approved").wait_for()

    see_anew(page, guide)
    mark = page.locator("sup.remark-mark a")
    expect(mark).to_have_accessible_name(
        "Remark 1 by Robin on “They weigh 250 grams and fold flat. Nothing creaks yet”"
    )
    mark.click()
    remark = Comment.objects.get()
    page.wait_for_url(f"**#comment-{remark.pk}")
    page.get_by_role("link", name="1: back to the passage").click()
    page.wait_for_url(f"**#passage-{remark.pk}")

    edit(article, "They weigh 250 grams and", "They are light at 250 grams and")
    see_anew(page, guide)
    assert "light at 250 grams and fold flat. Nothing creaks yet1" in page.locator(".article-body").inner_text()
    page.get_by_text("It says now:").wait_for()

    desk.goto(
        f"{live_server.url}{reverse('admin:reviews_commentpassage_change', args=[CommentPassage.objects.get().pk])}"
    )
    desk.get_by_role("link", name="Turn into a correction").click()
    expect(desk.get_by_label("Credit")).to_have_value("Robin")
    desk.get_by_label("What was wrong").fill("It gave 250 grams.")
    desk.get_by_label("What is right now").fill("They weigh 254 grams.")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("Written down").wait_for()
    edit(article, "250 grams", "254 grams")
    see_anew(page, guide)
    changed = page.locator("#what-changed")
    expect(changed).to_contain_text("Thanks to Robin.")
    page.get_by_text("It led to a correction on").wait_for()
    changed.get_by_role("link", name="The remark it came of").click()
    page.get_by_text("Robin on the words").wait_for()
    assert complaints == []


def test_marked_words_are_remarked_on_by_keyboard(browser: Browser, live_server: LiveServer, article: Article) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/guides/a-guide/")
    # As caret browsing marks words: the selection is there, nothing was pressed.
    page.evaluate(MARK)
    page.get_by_role("link", name="Remark on this: “clamp is firm but fair”").wait_for()
    expect(page.get_by_role("status").filter(has_text="Press Tab to remark")).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("is-ready")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("clamp is firm but fair")


def test_the_link_keeps_nobody_who_presses_tab_again(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/guides/a-guide/")
    page.evaluate(MARK)
    page.locator(".is-ready").wait_for()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.locator(".is-ready").wait_for(state="detached")
    assert page.evaluate("() => !document.activeElement.closest('.remark-link')")


def test_what_is_unmarked_leaves_the_quiet_link(browser: Browser, live_server: LiveServer, article: Article) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/guides/a-guide/")
    page.get_by_text("They weigh 250 grams").click(click_count=3)
    page.locator(".is-ready").wait_for()
    page.locator("h1").click()
    page.locator(".is-ready").wait_for(state="detached")
    link = page.get_by_role("link", name="Remark on part 1 of the article")
    assert (link.get_attribute("href") or "").endswith(f"?block={article.blocks.get(kind='prose').key}")


def test_without_a_script_a_paragraph_is_chosen(browser: Browser, live_server: LiveServer, article: Article) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/guides/a-guide/")
    page.get_by_role("link", name="Remark on part 1 of the article").click()
    page.get_by_label("They weigh 250 grams").check()
    page.get_by_label("Only some words of it?").fill("fold flat")
    fill_in(page, "Not the old ones.")
    page.get_by_text("waits to be read").first.wait_for()
    assert CommentPassage.objects.get().exact == "fold flat"


def test_the_notes_and_the_form_are_accessible(browser: Browser, live_server: LiveServer, article: Article) -> None:
    make_remark(article, "fold flat", "Not the old ones.")
    make_remark(article, "They weigh 250 grams", "סליחה, 254.", name="שירה כהן")
    gone = make_remark(article, "firm but fair", "Fair?")
    CommentPassage.objects.filter(comment=gone).update(state="gone")
    key = article.blocks.get(kind="prose").key
    pages = (
        "/guides/a-guide/",
        "/guides/a-guide/remarks/",
        f"/guides/a-guide/remarks/new/?block={key}",
        f"/guides/a-guide/remarks/new/?block={key}&exact=fold+flat",
    )
    for width, scheme in product(WIDTHS, SCHEMES):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        for path in pages:
            page.goto(live_server.url + path)
            assert violations(page) == [], (path, width, scheme)
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (path, width)
        context.close()
