"""A reader remarks on a passage, with a selection or without a script; it stands beside the words, both ways linked."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from catalog.services.page_changes import carry_page_changes
from readers.models import Consent
from reviews.desk.publishing import publish_article
from reviews.models import Article, Comment, CommentPassage
from reviews.services.articles import BlockInput
from reviews.services.comment_decisions import decide_comment
from tests.factories import make_comment, make_published_article, make_remark, make_staff
from tests.reviews.html import Reader

pytestmark = pytest.mark.django_db(transaction=True)

HTML = (
    "<h2>How they sit</h2><p>The clamp is firm but fair. After two hours the left pad runs warm.</p>"
    "<p>They weigh 250 grams &amp; fold <em>flat</em>. Nothing creaks yet.</p>"
)
SENT = {"name": "Robin", "email": "robin@reader.example", "text": "Mine weigh 254 grams."}


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide", blocks=[BlockInput(kind="prose", data={"html": HTML})])


def key(article: Article) -> str:
    return article.blocks.get(kind="prose").key


def form(article: Article, **sent: str) -> tuple[int, str]:
    answer = Client().post("/guides/a-guide/remarks/new/", {"block": key(article), **SENT, **sent})
    return answer.status_code, answer.content.decode()


def page(path: str = "/guides/a-guide/") -> str:
    return Client().get(path).content.decode()


def test_each_part_of_the_article_leads_to_a_form_that_shows_its_paragraphs(article: Article) -> None:
    address = f"/guides/a-guide/remarks/new/?block={key(article)}"
    assert f'href="{address}"' in page()
    shown = page(address)
    assert "They weigh 250 grams &amp; fold flat. Nothing creaks yet." in shown
    assert shown.count('type="radio"') == 3


def test_a_paragraph_that_was_chosen_becomes_the_passage(article: Article) -> None:
    assert form(article, paragraph="2", may_credit="1")[0] == 302
    passage = CommentPassage.objects.get()
    assert passage.exact == "They weigh 250 grams & fold flat. Nothing creaks yet"
    assert (passage.comment.kind, passage.comment.state, passage.may_credit) == ("remark", "held", True)
    assert passage.revision == article.live_revision


def test_words_that_were_copied_from_it_are_enough(article: Article) -> None:
    assert form(article, paragraph="2", words="250 grams")[0] == 302
    assert CommentPassage.objects.get().exact == "250 grams"


def test_a_selection_comes_along_in_the_address_and_is_shown_with_its_neighbours(article: Article) -> None:
    marked = {"block": key(article), "exact": "the left pad", "prefix": "After two hours ", "suffix": " runs warm"}
    shown = page(f"/guides/a-guide/remarks/new/?{urlencode(marked)}")
    assert "<mark>the left pad</mark>" in shown
    assert 'type="radio"' not in shown
    assert form(article, **{**marked, "text": "The right one too."})[0] == 302
    assert CommentPassage.objects.get().start == len("How they sit\nThe clamp is firm but fair. After two hours ")


def test_a_long_selection_is_told_by_its_first_and_last_words(article: Article) -> None:
    assert form(article, exact="The clamp is firm", until="Nothing creaks yet.")[0] == 302
    exact = CommentPassage.objects.get().exact
    assert (exact[:17], exact[-18:]) == ("The clamp is firm", "Nothing creaks yet")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"exact": "words that nobody wrote there"}, "could not be found in the article"),
        ({"exact": "… – …"}, "Mark the words that you mean"),
        ({}, "Mark the words that you mean"),
        ({"paragraph": "0", "name": " "}, "Fill in a name"),
        ({"paragraph": "0", "text": ""}, "Write something"),
        ({"paragraph": "0", "text": "a" * 10_001}, "1 character too long"),
        ({"paragraph": "0", "website": "https://spam.example"}, "press the button once more"),
        ({"paragraph": "0", "hear": "1", "email": ""}, "fill in your address"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(article: Article, sent: dict[str, str], said: str) -> None:
    status, shown = form(article, **{"text": "Kept <words>", **sent})
    assert status == 400
    assert said in shown
    assert not Comment.objects.exists()
    assert "text" in sent or "Kept &lt;words&gt;" in shown


def test_ten_thousand_characters_of_another_script_are_taken(article: Article) -> None:
    assert form(article, paragraph="1", text="ש" * 10_000, name="שירה כהן")[0] == 302
    decide_comment(comment_id=Comment.objects.get().pk, state="shown", by=make_staff(), now=timezone.now())
    shown = page()
    assert "The whole remark" in shown
    assert "ש" * 1_000 not in shown
    assert "ש" * 10_000 in page(f"/guides/a-guide/comments/?thread={Comment.objects.get().pk}")


def test_a_form_of_another_site_and_a_part_that_is_gone_are_refused(article: Article) -> None:
    answer = Client().post("/guides/a-guide/remarks/new/", SENT, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    gone = Client().get("/guides/a-guide/remarks/new/?block=nothing")
    assert (gone.status_code, b"This part is no longer there" in gone.content) == (404, True)
    assert b'href="/guides/a-guide/"' in gone.content
    assert Client().get("/guides/a-guide/remarks/new/").status_code == 404
    assert Client().get("/guides/nothing/remarks/new/").status_code == 404


def test_the_same_rules_hold_as_for_comments(article: Article) -> None:
    make_comment(article, written_at=timezone.now() - timedelta(days=2))
    assert form(article, paragraph="1")[0] == 302
    assert Comment.objects.get(kind="remark").state == "shown"
    assert "arrived here before" in form(article, paragraph="1")[1]
    for number in range(5):
        form(article, paragraph="1", text=f"Remark number {number}, in words of its own.")
    answer = Client().post(
        "/guides/a-guide/remarks/new/", {"block": key(article), **SENT, "paragraph": "1", "text": "One too many."}
    )
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")


def test_a_shown_remark_is_marked_behind_its_words_and_linked_both_ways(article: Article) -> None:
    remark = make_remark(article, "fold flat", "Not the old ones.")
    shown = page()
    mark = f'<sup class="remark-mark" id="passage-{remark.pk}"><a href="#comment-{remark.pk}"'
    assert f"fold <em>flat{mark}" in shown
    assert f'href="#passage-{remark.pk}"' in shown
    assert f'id="comment-{remark.pk}"' in shown
    assert "1 remark on passages" in shown
    assert shown.index("Not the old ones.") > shown.index("</article>")
    held = make_remark(article, "firm but fair", "It waits.", state="held")
    assert f"passage-{held.pk}" not in page()


def test_marks_are_numbered_as_the_words_stand(article: Article) -> None:
    later = make_remark(article, "Nothing creaks", "It does.")
    earlier = make_remark(article, "firm but fair", "Fair?")
    marks = re.findall(r'id="passage-(\d+)"><a [^>]*>(\d+)</a>', page())
    assert marks == [(str(earlier.pk), "1"), (str(later.pk), "2")]


def test_a_mark_stands_behind_a_heading_and_a_link_not_in_them() -> None:
    html = '<h2>How they sit</h2><p>See <a href="/choose/">our chooser</a> first.</p>'
    article = make_published_article("a-guide", blocks=[BlockInput(kind="prose", data={"html": html})])
    make_remark(article, "they sit", "Badly.")
    make_remark(article, "our chooser first", "Which one?")
    make_remark(article, "our chooser", "That one.")
    shown = page()
    assert re.search(r"How they sit</h2><sup", shown)
    assert re.search(r"our chooser</a><sup", shown)
    assert not re.search(r"<a [^>]*>[^<]*<sup", shown)


def test_names_and_words_are_only_words(article: Article) -> None:
    make_remark(article, "fold flat", "<script>alert(1)</script>", name='"><img src=x onerror=alert(1)>')
    shown = page()
    assert "<img src=x" not in shown
    assert "<script>alert" not in shown


def test_the_answers_of_a_remark_stand_with_it_and_not_among_the_comments(article: Article) -> None:
    remark = make_remark(article, "fold flat", "Not the old ones.")
    Client().post(f"/comments/write/{article.pk}/", {**SENT, "text": "Which old ones?", "to": str(remark.pk)})
    answer = Comment.objects.get(text="Which old ones?")
    assert answer.kind == "remark"
    decide_comment(comment_id=answer.pk, state="shown", by=make_staff(), now=timezone.now())
    shown = page()
    assert ">Comments</h2>" in shown
    assert "1 answer" in shown
    assert "Which old ones?" in page(f"/guides/a-guide/comments/?thread={remark.pk}")


def test_the_kept_page_goes_with_a_remark_and_no_other(article: Article, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    make_published_article("another")
    for path in ("/guides/a-guide/", "/guides/another/", "/guides/a-guide/remarks/"):
        page(path)
    before = page("/guides/another/")
    form(article, paragraph="2")
    decide_comment(comment_id=Comment.objects.get().pk, state="shown", by=make_staff(), now=timezone.now())
    carry_page_changes()
    assert "Mine weigh 254 grams." in page()
    assert "Mine weigh 254 grams." in page("/guides/a-guide/remarks/")
    assert page("/guides/another/") == before


def test_many_remarks_ask_no_more_than_few(article: Article) -> None:
    make_remark(article, "firm but fair", "One.")
    page()
    with CaptureQueriesContext(connection) as few:
        page()
    for number in range(30):
        make_remark(article, "Nothing creaks", f"Number {number}.")
    with assertNumQueries(len(few)):
        page()


def test_what_is_more_than_fits_below_the_article_is_on_a_page_of_its_own(article: Article) -> None:
    for number in range(55):
        make_remark(article, "Nothing creaks", f"Number {number}.")
    shown = page()
    assert shown.count('class="remark-number"') == 40
    assert "All 55 remarks" in shown
    assert "Number 54." in page("/guides/a-guide/remarks/?page=2")
    assert Client().get("/guides/a-guide/remarks/?page=3").status_code == 404
    assert 'aria-label="51: back to the passage"' in page("/guides/a-guide/remarks/?page=2")


def test_a_live_price_in_the_passage_hides_no_remark() -> None:
    article = make_published_article("a-guide", blocks=[BlockInput(kind="prose", data={"html": HTML})])
    remark = make_remark(article, "Nothing creaks yet", "It does.")
    CommentPassage.objects.filter(comment=remark).update(now_exact="words the page does not show")
    shown = page()
    assert f'<p class="remark-marks"><sup class="remark-mark" id="passage-{remark.pk}">' in shown


def test_after_an_edit_it_stands_where_its_words_went_and_says_what_they_were(article: Article) -> None:
    reworded = make_remark(article, "After two hours the left pad runs warm", "The right one too.")
    gone = make_remark(article, "They weigh 250 grams & fold flat.", "254.")
    changed = HTML.replace("After two hours the left pad runs warm", "After three hours the left pad runs rather warm")
    changed = changed.replace("They weigh 250 grams &amp; fold <em>flat</em>. ", "")
    article.blocks.filter(kind="prose").update(data={"html": changed})
    publish_article(article=article)
    shown = page()
    assert f'runs rather warm<sup class="remark-mark" id="passage-{reworded.pk}"' in shown
    assert "It says now:" in shown
    assert "Remarks on earlier wording" in shown
    assert f"passage-{gone.pk}" not in shown
    states = dict(CommentPassage.objects.values_list("comment", "state"))
    assert states == {reworded.pk: "changed", gone.pk: "gone"}


def test_a_reader_who_wishes_to_hear_is_asked_once_by_mail(article: Article) -> None:
    assert form(article, paragraph="1", hear="1")[0] == 302
    consent = Consent.objects.get()
    assert consent.topic == f"remark:{Comment.objects.get().pk}"
    assert consent.confirmed_at is None


def test_the_form_needs_no_script_and_names_all_its_fields(article: Article) -> None:
    shown = page(f"/guides/a-guide/remarks/new/?block={key(article)}")
    fields = [one["id"] for one in Reader(shown).all("input") if one.get("id") and one.get("name") != "q"]
    labels = {one.get("for") for one in Reader(shown).all("label")}
    assert {"paragraph-0", "remark-words", "comment-name", "comment-email", "may-credit", "hear"} <= set(fields)
    assert set(fields) <= labels


def test_the_plain_text_of_an_article_has_none_of_it(article: Article) -> None:
    make_remark(article, "fold flat", "Not the old ones.")
    plain = page("/guides/a-guide.md")
    assert "Not the old ones." not in plain
    assert "Remark" not in plain
    assert quote("remarks/new") not in plain
