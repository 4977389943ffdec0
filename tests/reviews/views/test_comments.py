"""A reader writes under an article, hears why it waits, changes it, finds it again: without a script or a cookie."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from catalog.services.page_changes import carry_page_changes
from reviews.comment_links import EDIT_WINDOW, mine_url
from reviews.models import Article, Comment, CommentVote
from reviews.services.comments import CommentInput, write_comment
from tests.factories import make_comment, make_published_article
from tests.reviews.html import Reader

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {"name": "Robin", "email": "robin@reader.example", "text": "Mine **creak** after a year."}


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide")


def write(article: Article, **typed: str) -> tuple[int, str, str]:
    """Status, where it led to, and the page there."""
    client = Client()
    answer = client.post(f"/comments/write/{article.pk}/", {**TYPED, **typed})
    where = answer.headers.get("Location", "")
    return answer.status_code, where, (client.get(where) if where else answer).content.decode()


def page(path: str = "/guides/a-guide/") -> str:
    return Client().get(path).content.decode()


def test_the_first_one_from_an_address_waits_and_its_writer_reads_why(article: Article) -> None:
    status, where, said = write(article)
    comment = Comment.objects.get()
    assert (status, comment.state) == (302, "held")
    assert where == mine_url(comment.pk) or where.startswith("/comments/mine/")
    assert "Your comment waits to be read" in said
    assert "It is the first one from this address." in said
    assert "creak" not in page()


def test_the_next_one_of_a_known_address_is_shown_at_once(article: Article) -> None:
    make_comment(article, written_at=timezone.now() - timedelta(days=2))
    _, _, said = write(article, text="Still creaking.")
    assert "Your comment is shown" in said
    assert f"#comment-{Comment.objects.get(text='Still creaking.').pk}" in said
    assert "Still creaking." in page()


def test_what_was_typed_comes_back_with_what_was_wrong(article: Article) -> None:
    status, _, said = write(article, name=" ", email="robin at home", text="Kept <words>")
    assert status == 400
    assert "Fill in a name" in said
    assert "That is no mail address" in said
    assert "Kept &lt;words&gt;" in said
    assert 'value="robin at home"' in said
    assert not Comment.objects.exists()


def test_ten_thousand_characters_are_taken_and_one_more_is_told(article: Article) -> None:
    assert write(article, text="ש" * 10_000)[0] == 302
    status, _, said = write(article, text="a" * 10_001)
    assert status == 400
    assert "1 character too long" in said
    assert "a" * 10_001 in said


def test_right_to_left_and_rare_names_stand_as_they_are(article: Article) -> None:
    for name in ("שירה כהן", "نور الهدى", "Þórdís 🎧", "李小龙"):
        make_comment(article, "سماعة ممتازة", name=name)
        assert f'<bdi class="comment-name">{name}</bdi>' in page()
    assert '<p dir="auto">سماعة ممتازة</p>' in page()


def test_a_form_of_another_site_is_not_taken(article: Article) -> None:
    for origin in ("https://evil.example", "null", "http://["):
        answer = Client().post(f"/comments/write/{article.pk}/", TYPED, headers={"Origin": origin})
        assert answer.status_code == 403
    assert not Comment.objects.exists()
    own = Client().post(f"/comments/write/{article.pk}/", TYPED, headers={"Origin": "http://testserver"})
    assert own.status_code == 302


def test_no_cookie_is_set_and_no_token_is_on_the_page(article: Article) -> None:
    client = Client()
    client.get("/guides/a-guide/")
    client.post(f"/comments/write/{article.pk}/", TYPED)
    assert not client.cookies
    assert "csrfmiddlewaretoken" not in page()


def test_whoever_fills_in_the_hidden_field_is_told_and_loses_nothing(article: Article) -> None:
    status, _, said = write(article, website="https://spam.example")
    assert status == 400
    assert "press the button once more" in said
    assert "Mine **creak**" in said
    assert "spam.example" not in said


def test_an_answer_stands_in_the_thread_it_belongs_to(article: Article) -> None:
    first = make_comment(article)
    answer = make_comment(article, "Which ones?", name="Kim", answered=first)
    write(article, text="The black ones.", to=str(answer.pk))
    deep = Comment.objects.get(text="The black ones.")
    assert (deep.parent_id, deep.answered_id, deep.place) == (first.pk, answer.pk, 2)
    html = page()
    assert html.index("Mine creak") < html.index("Which ones?") < html.index("The black ones.")
    assert f'to <a href="#comment-{answer.pk}"><bdi>Kim</bdi></a>' in html


def test_what_is_no_longer_shown_cannot_be_answered_and_the_words_stay(article: Article) -> None:
    gone = make_comment(article, state="deleted")
    status, _, said = write(article, to=str(gone.pk))
    assert status == 404
    assert "Mine **creak**" in said


def test_its_writer_can_change_it_for_a_quarter_of_an_hour(article: Article) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        _, where, said = write(article)
        assert "Change it" in said
        clock.shift(EDIT_WINDOW - timedelta(seconds=1))
        assert Client().post(where, {"text": "Mine squeak."}).status_code == 302
        comment = Comment.objects.get()
        assert (comment.text, comment.html) == ("Mine squeak.", '<p dir="auto">Mine squeak.</p>')
        assert comment.edited_at == timezone.now()
        clock.shift(timedelta(seconds=2))
        late = Client().post(where, {"text": "Too late"})
        assert late.status_code == 400
        assert "for 15 minutes" in late.content.decode()
        assert "Too late" in late.content.decode()
        assert "Change it" not in page(where)
    assert Comment.objects.get().text == "Mine squeak."


def test_changed_words_are_looked_at_anew(article: Article) -> None:
    make_comment(article, written_at=timezone.now() - timedelta(days=2))
    _, where, _ = write(article, text="Fine.")
    Client().post(where, {"text": "http://a.example http://b.example"})
    assert Comment.objects.latest("pk").state == "held"


@pytest.mark.parametrize("token", ["x", "another purpose's", "a:b:c"])
def test_a_link_that_was_made_up_changes_nothing(article: Article, token: str) -> None:
    if token == "another purpose's":
        token = TimestampSigner().sign("1")
    comment = make_comment(article)
    assert Client().post(f"/comments/mine/{token}/", {"text": "Other"}).status_code == 404
    comment.refresh_from_db()
    assert comment.text == "Mine creak after a year."


def test_useful_counts_once_a_network_and_day_and_only_by_a_press(article: Article) -> None:
    comment = make_comment(article)
    path = f"/comments/{comment.pk}/useful/"
    assert Client().get(path).status_code == 200
    for _ in range(3):
        said = Client().post(path).content.decode()
    assert "Counted before. 1 person has" in said
    assert "2 people have" in Client(REMOTE_ADDR="198.51.100.9").post(path).content.decode()
    comment.refresh_from_db()
    assert comment.useful == 2
    assert CommentVote.objects.count() == 2


def test_orders_pages_and_what_is_new_stand_in_the_address(article: Article) -> None:
    now = timezone.now()
    for number in range(53):
        make_comment(
            article, f"Remark {number:02}.", written_at=now - timedelta(minutes=60 - number), useful=number % 7
        )
    html = page()
    assert "53 comments" in html
    assert "Remark 49." in html
    assert "Remark 50." not in html
    assert "/guides/a-guide/comments/?page=2" in html
    own = "/guides/a-guide/comments/"
    assert re.findall(r"Remark (\d\d)", page(f"{own}?page=2")) == ["50", "51", "52"]
    assert re.findall(r"Remark (\d\d)", page(f"{own}?sort=newest"))[:2] == ["52", "51"]
    assert re.findall(r"Remark (\d\d)", page(f"{own}?sort=useful"))[:2] == ["06", "13"]
    since = (now - timedelta(minutes=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert re.findall(r"Remark (\d\d)", page(f"{own}?since={since}")) == ["52", "51"]
    for asked in ("page=3", "page=0", "page=x", "sort=best", "since=monday", "thread=999", "thread=1&page=9"):
        nothing = Client().get(f"{own}?{asked}")
        assert (nothing.status_code, b"There are no such comments" in nothing.content) == (404, True)
        assert b'href="/guides/a-guide/"' in nothing.content


def test_a_long_thread_has_a_page_of_its_own(article: Article) -> None:
    first = make_comment(article)
    for number in range(12):
        make_comment(article, f"Answer {number:02}.", answered=first)
    html = page()
    assert "2 more answers" in html
    assert "Answer 09." in html
    assert "Answer 10." not in html
    assert "Answer 11." in page(f"/guides/a-guide/comments/?thread={first.pk}")


def test_answers_go_where_the_comment_went_that_opened_their_thread(article: Article) -> None:
    first = make_comment(article)
    make_comment(article, "Which ones?", answered=first)
    Comment.objects.filter(pk=first.pk).update(state="deleted")
    html = page()
    assert "Which ones?" not in html
    assert "1 comment" not in html


def test_search_engines_read_the_comments_that_the_page_shows(article: Article) -> None:
    first = make_comment(article)
    make_comment(article, "Which ones?", name="Kim", answered=first)
    make_comment(article, "Hidden words.", state="held")
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(), re.DOTALL)
    node = next(one for one in json.loads(data[0])["@graph"] if "comment" in one)
    assert node["commentCount"] == 2
    (comment,) = node["comment"]
    assert (comment["@type"], comment["text"], comment["author"]["name"]) == (
        "Comment",
        "Mine creak after a year.",
        "Robin",
    )
    assert comment["comment"][0]["text"] == "Which ones?"
    assert "Hidden words." not in data[0]


def test_links_of_readers_are_marked_as_theirs(article: Article) -> None:
    make_comment(article, "See https://shop.example/x for one.")
    link = next(one for one in Reader(page()).all("a") if one.get("href") == "https://shop.example/x")
    assert link["rel"] == "ugc nofollow noopener"


def test_no_address_is_on_any_page(article: Article) -> None:
    make_comment(article, written_at=timezone.now() - timedelta(days=1))
    _, where, _ = write(article, text="Once more.")
    for path in ("/guides/a-guide/", "/guides/a-guide/comments/", "/guides/a-guide/comments/feed/", where):
        assert "robin@reader.example" not in page(path)
    assert "robin@reader.example" not in page("/api/v1/articles/a-guide/comments/")


def test_a_kept_page_goes_when_a_comment_is_shown_changed_or_taken_away(article: Article, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    other = make_published_article("another")
    carry_page_changes()

    def was_kept(path: str) -> bool:
        carry_page_changes()
        return "hit" in Client().get(path).headers.get("Cache-Status", "")

    paths = ("/guides/a-guide/", "/guides/a-guide/comments/", "/guides/a-guide/comments/feed/")
    for path in (*paths, f"/guides/{other.slug}/", "/"):
        was_kept(path)
        assert was_kept(path)
    held = make_comment(article, state="held")
    assert was_kept(paths[0]), "what waits is on no page"
    for change in ({"state": "shown"}, {"html": "<p>Other</p>"}, {"state": "spam"}):
        Comment.objects.filter(pk=held.pk).update(**change)
        assert [was_kept(path) for path in paths] == [False] * 3, change
        assert [was_kept(path) for path in paths] == [True] * 3
    Comment.objects.filter(pk=held.pk).update(useful=9)
    assert was_kept(paths[0])
    assert was_kept(f"/guides/{other.slug}/")
    assert was_kept("/")


def test_a_page_asks_the_same_number_of_questions_however_many_comments_there_are(article: Article) -> None:
    first = make_comment(article)
    make_comment(article, "Which ones?", answered=first)
    page()
    with CountedQueries() as few:
        page()
    for number in range(70):
        one = make_comment(article, f"Remark {number}.")
        make_comment(article, f"Answer {number}.", answered=one)
    with assertNumQueries(few.count):
        page()


class CountedQueries:
    """How many questions are asked inside."""

    def __enter__(self) -> CountedQueries:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._asked = CaptureQueriesContext(connection)
        self._asked.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._asked.__exit__(None, None, None)
        self.count = len(self._asked)


def test_a_feed_has_the_newest_with_their_answers_and_stays_the_same_entry(article: Article) -> None:
    first = make_comment(article, "See <this> & that.", name="Þórdís")
    make_comment(article, "Which ones?", answered=first, written_at=timezone.now())
    answer = Client().get("/guides/a-guide/comments/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    text = answer.content.decode()
    assert text.index("Which ones?") < text.index("&amp;lt;this&amp;gt;")
    assert f"/comments/{first.pk}/</id>" in text
    assert f"/guides/a-guide/#comment-{first.pk}" in text


def test_comments_of_a_renamed_article_are_found_at_its_new_address(article: Article) -> None:
    article.former_addresses.create(kind="guide", slug="old", left_at=timezone.now())
    for rest in ("comments/", "comments/feed/"):
        answer = Client().get(f"/guides/old/{rest}")
        assert (answer.status_code, answer["Location"]) == (301, f"/guides/a-guide/{rest}")


def test_a_draft_has_no_comments_and_takes_none() -> None:
    from tests.factories import make_article

    draft = make_article("draft")
    assert Client().post(f"/comments/write/{draft.pk}/", TYPED).status_code == 404
    assert Client().get("/guides/draft/comments/").status_code == 404


def test_the_api_lists_and_takes_comments_and_says_what_is_wrong(article: Article) -> None:
    make_comment(article, written_at=timezone.now() - timedelta(days=1))
    client, path = Client(), "/api/v1/articles/a-guide/comments/"
    listed = client.get(path).json()["results"]
    assert [row["text"] for row in listed] == ["Mine creak after a year."]
    taken = client.post(path, {"name": "Kim", "text": "Mine too."}, content_type="application/json")
    assert taken.status_code == 201
    assert taken.json()["state"] == "held"
    assert "without an address" in taken.json()["reasons"][0]
    assert client.get(taken.json()["page"].replace("http://127.0.0.1:8000", "")).status_code == 200
    wrong = client.post(path, {"name": "", "text": "x" * 10_001}, content_type="application/json")
    assert wrong.status_code == 400
    assert wrong["Content-Type"] == "application/problem+json"
    assert {one["field"] for one in wrong.json()["errors"]} == {"name", "text"}
    again = client.post(path, {"name": "Kim", "text": "Mine too."}, content_type="application/json")
    assert again.status_code == 400
    assert "arrived here before" in again.json()["errors"][0]["problem"]
    nobody = client.post(path, {"name": "K", "text": "b", "answers": 9**18}, content_type="application/json")
    assert nobody.status_code == 404
    for number in range(6):
        last = client.post(path, {"name": "Kim", "text": f"Number {number}"}, content_type="application/json")
    assert (last.status_code, last.json()["status"]) == (429, 429)
    assert client.get("/api/v1/articles/nothing/comments/").status_code == 404
    assert client.get(f"{path}?sort=x").status_code == 400


def test_an_address_is_with_the_readers_and_forgotten_when_nobody_confirms_it(article: Article) -> None:
    now = timezone.now()
    comment = write_comment(
        CommentInput(name="Kim", text="Hello", address="Kim@Reader.example"), article=article, now=now
    )
    assert comment.reader is not None
    assert comment.reader.address == "kim@reader.example"
    comment.reader.delete()
    comment.refresh_from_db()
    assert comment.reader is None
    assert comment.address_key
    assert "kim" not in comment.address_key
