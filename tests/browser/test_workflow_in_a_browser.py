"""Steps, comments, letters and the log in a real browser: axe is content day and night, nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from reviews.desk import steps
from reviews.desk.draft_comments import answer_comment, resolve_comment, write_comment
from reviews.models import Article
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_article

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def discussed() -> Article:
    """A scheduled article with an open thread about its block and a settled one about the whole."""
    editor = make_administrator()
    article, now = make_article(), timezone.now()
    steps.send_to_review(article=article, by=editor, note="Please look.", now=now)
    steps.schedule_article(article=article, by=editor, at=now + timedelta(days=2), note="New.", now=now)
    key = article.blocks.get().key
    first = write_comment(article=article, by=editor, text="Is that so?", block_key=key, quote="Words.", now=now)
    answer_comment(comment=first, by=editor, text="It is.", now=now)
    resolve_comment(comment=write_comment(article=article, by=editor, text="Fine.", now=now), by=editor, now=now)
    return article


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pages_of_the_workflow_pass_axe(browser: Browser, live_server: LiveServer, colours: str) -> None:
    article = discussed()
    paths = [
        reverse("admin:reviews_article_step", args=[article.pk, "schedule"]),
        reverse("admin:reviews_article_step", args=[article.pk, "retire"]),
        reverse("admin:reviews_article_comments", args=[article.pk]),
        reverse("admin:reviews_auditline_changelist"),
        reverse("admin:reviews_deskpreferences_changelist"),
    ]
    page = logged_in(browser, live_server, paths[0])
    page.emulate_media(color_scheme=cast("object", colours))  # type: ignore[arg-type]
    assert complaints(page, live_server, paths) == []


def test_a_comment_is_sent_beside_its_block_and_what_was_typed_stays(browser: Browser, live_server: LiveServer) -> None:
    article = discussed()
    key = article.blocks.get().key
    page = logged_in(browser, live_server, reverse("admin:reviews_article_change", args=[article.pk]))
    page.fill("#id_title", "Typed and not saved")
    place = page.locator(f'[data-comments="{key}"]')
    place.locator("> .new-comment > summary").click()
    place.locator(f"#text-{key}").fill("One more thing.")
    place.get_by_role("button", name="Send comment").click()
    page.wait_for_selector("text=One more thing.")
    assert page.input_value("#id_title") == "Typed and not saved"
    assert article.draft_comments.filter(text="One more thing.", block_key=key).exists()
    place.get_by_role("button", name="Settle").first.click()
    page.wait_for_selector(f'[data-comments="{key}"] .is-settled')
    assert page.input_value("#id_title") == "Typed and not saved"


def test_an_article_is_scheduled_from_its_form_by_keyboard(browser: Browser, live_server: LiveServer) -> None:
    make_administrator()
    article = make_article()
    page = logged_in(browser, live_server, reverse("admin:reviews_article_change", args=[article.pk]))
    page.locator("summary", has_text="Save and schedule").focus()
    page.keyboard.press("Enter")
    page.locator("#id_step_schedule-when").fill("2099-07-01T08:00")
    page.locator('button[name="_step"][value="schedule"]').focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "It appears by itself on 01 July 2099 at 08:00" in page.content()
    article.refresh_from_db()
    assert article.stage == "scheduled"
