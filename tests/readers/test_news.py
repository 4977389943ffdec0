"""What readers follow is told in one letter, once, to nobody who should not hear of it; each letter ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readers import tasks
from readers.consent import FOLLOWS_PER_READER, HEADSETS, NEWSLETTER
from readers.digest import APART, GATHER
from readers.links import preference_token
from readers.models import Consent, News, NewsLetter, Reader
from readers.services import news_sending, subscriptions
from readers.services.erasure import erase_everything, everything_about
from readers.services.follows import ask_to_follow
from readers.services.suppression import suppress_address
from readers.services.telling import tell_followers
from tests.readers.followers import Things, confirmed_reader, following, things_are_told, topic
from tests.readers.subscribers import Post, post_office

pytestmark = pytest.mark.django_db
NEW = "new@mail.example"


@pytest.fixture(autouse=True)
def things() -> Iterator[Things]:
    with things_are_told() as told:
        yield told


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as office:
        yield office


def tell(ref: str = "a", *topics: str, but_not: tuple[int, ...] = ()) -> int:
    return tell_followers(topics=topics or ("thing:1",), kind="thing", ref=ref, now=timezone.now(), but_not=but_not)


def send(*, later: timedelta = GATHER, per_day: int = 6) -> None:
    news_sending.send_due_news(now=timezone.now() + later, per_day=per_day)


def send_after(hours: float) -> None:
    """With clocks that say so: a letter that was refused waits by the clock."""
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        send(later=timedelta(0))


def asked(address: str = NEW, key: str = "thing:1") -> Consent:
    found = ask_to_follow(address=address, topic=topic(key, f"Thing {key}"), asked_on="/", now=timezone.now())
    assert found.consent is not None
    return found.consent


# --- asking ------------------------------------------------------------------------------------------------------


def test_an_address_nobody_confirmed_gets_one_mail_that_asks_about_everything(client: Client) -> None:
    first = ask_to_follow(address=NEW, topic=topic("thing:1", "One"), asked_on="/", now=timezone.now())
    second = ask_to_follow(address=NEW, topic=topic("thing:2", "Two"), asked_on="/", now=timezone.now())
    assert (first.wants_mail, second.wants_mail) == (True, False)
    assert first.consent is not None
    tasks.send_confirmation(first.consent.pk)
    assert "Write to me about One." in mail.outbox[-1].body
    page = client.get(f"/newsletter/confirm/{first.consent.key}/").content.decode()
    assert "Write to me about Two." in page, "what was asked after the mail went out"
    keys = list(Consent.objects.values_list("key", flat=True))
    client.post(f"/newsletter/confirm/{first.consent.key}/", {"asked": keys})
    assert Consent.objects.filter(confirmed_at__isnull=False).count() == 2


def test_a_press_agrees_to_nothing_that_the_page_did_not_show(client: Client) -> None:
    first, other = asked(), asked(key="thing:2")
    stranger = asked("else@mail.example")
    client.post(f"/newsletter/confirm/{first.key}/", {"asked": [first.key, stranger.key]})
    for row, is_agreed in ((first, True), (other, False), (stranger, False)):
        row.refresh_from_db()
        assert (row.confirmed_at is not None) is is_agreed


def test_a_confirmed_address_follows_at_once_and_the_proof_says_so() -> None:
    made = following(confirmed_reader())
    assert (made.how, made.confirmed_at is not None, made.wording) == ("known", True, "Write to me about The thing.")


def test_what_is_followed_already_is_not_asked_again() -> None:
    reader = confirmed_reader()
    assert following(reader).pk == following(reader).pk


def test_a_stranger_cannot_have_an_address_follow_everything() -> None:
    reader = confirmed_reader()
    rows = (
        ask_to_follow(address=reader.address, topic=topic(f"thing:{n}"), asked_on="/", now=timezone.now())
        for n in range(FOLLOWS_PER_READER + 3)
    )
    assert sum(row.consent is not None for row in rows) == FOLLOWS_PER_READER


def test_nothing_is_noted_for_an_address_that_nothing_is_sent_to() -> None:
    reader = confirmed_reader()
    suppress_address(address=reader.address, because=Reader.Suppression.BOUNCE, now=timezone.now())
    assert ask_to_follow(address=reader.address, topic=topic(), asked_on="/", now=timezone.now()).consent is None


def test_strangers_cannot_flood_an_address_with_mails_that_ask() -> None:
    now = timezone.now()
    rows = [
        ask_to_follow(address=NEW, topic=topic(f"thing:{hour}"), asked_on="/", now=now + timedelta(hours=2 * hour))
        for hour in range(8)
    ]
    assert sum(row.wants_mail for row in rows) == 3


def test_an_unanswered_wish_is_forgotten_with_its_address() -> None:
    asked()
    subscriptions.forget_unconfirmed(now=timezone.now() + timedelta(days=8))
    assert not Reader.objects.exists()
    assert not Consent.objects.exists()


# --- telling -----------------------------------------------------------------------------------------------------


def test_one_letter_tells_all_that_came(post: Post) -> None:
    following(confirmed_reader())
    for ref in "abc":
        tell(ref)
    send()
    assert post.copies == {"ada@mail.example": 1}
    message = post.read()
    assert message["Subject"] == "Thing a, and 2 more"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        said = body.get_content()
        assert all(f"It happened: {ref}." in said for ref in "abc")


def test_telling_and_sending_twice_sends_once(post: Post) -> None:
    following(confirmed_reader())
    assert [tell(), tell()] == [1, 0]
    send()
    send(later=timedelta(hours=5))
    assert tell() == 0
    send(later=timedelta(hours=9))
    assert len(post.letters) == 1


def test_who_follows_two_of_the_topics_hears_of_it_once(post: Post) -> None:
    reader = confirmed_reader()
    following(reader, "thing:1", "First")
    following(reader, "thing:2", "Second")
    assert tell("a", "thing:2", "thing:1") == 1
    send()
    body = post.read().get_body(("plain",))
    assert body is not None
    assert "You asked for: Second" in body.get_content(), "by the first that was named"


def test_nobody_is_told_what_they_did_themselves() -> None:
    reader = confirmed_reader()
    following(reader)
    assert tell(but_not=(reader.pk,)) == 0


@pytest.mark.parametrize("why", ["open", "left", "left before it went out", "bounced", "erased", "silent"])
def test_who_should_not_hear_of_it_does_not(post: Post, things: Things, client: Client, why: str) -> None:
    if why == "open":
        asked()
        assert tell() == 0
        return
    reader = confirmed_reader()
    made = following(reader)
    if why == "left":
        client.post(f"/newsletter/leave/{made.key}/")
    tell()
    if why == "left before it went out":
        client.post(f"/newsletter/leave/{made.key}/")
    elif why == "bounced":
        suppress_address(address=reader.address, because=Reader.Suppression.BOUNCE, now=timezone.now())
    elif why == "erased":
        erase_everything(reader=reader, now=timezone.now())
    elif why == "silent":
        things.silent.add("a")
    send()
    assert post.letters == []


def test_what_was_taken_away_leaves_no_empty_letter(post: Post, things: Things) -> None:
    following(confirmed_reader())
    tell("a")
    things.silent.add("a")
    send()
    assert NewsLetter.objects.get().state == "empty"
    things.silent.clear()
    tell("b")
    send(later=timedelta(minutes=5))
    assert len(post.letters) == 1, "a letter that never went out keeps no other back"


@pytest.mark.parametrize(
    "said",
    ["554 5.7.1 You are on a list", "530 5.7.0 Authentication required", "451 4.7.1 Greylisted", "550 5.7.1 No relay"],
)
def test_what_the_mail_server_refuses_us_is_kept_and_told_once_it_takes_it(said: str) -> None:
    following(confirmed_reader())
    tell("a")
    with post_office(refuses=lambda address: said):
        for hours in (1, 2, 4):
            send_after(hours)
    letter = NewsLetter.objects.get()
    assert (letter.state, letter.tries) == ("claimed", 3)
    assert letter.reply == said
    with post_office() as post:
        send_after(8)
        send_after(9)
        assert len(post.letters) == 1
    assert not Reader.objects.exclude(suppressed_at=None).exists()


def test_what_is_refused_for_half_a_day_is_given_up() -> None:
    following(confirmed_reader())
    tell("a")
    with post_office(refuses=lambda address: "554 5.7.1 You are on a list"):
        for number in range(1, news_sending.TRIES + 2):
            send_after(3 * number)
    letter = NewsLetter.objects.get()
    assert (letter.state, letter.tries) == ("refused", news_sending.TRIES)


def test_a_mailbox_that_is_not_there_is_written_to_once() -> None:
    reader = confirmed_reader()
    following(reader)
    tell("a")
    with post_office(refuses=lambda address: f"550 5.1.1 <{address}> No such user"):
        send()
    letter = NewsLetter.objects.get()
    assert letter.state == "refused"
    assert reader.address not in letter.reply
    reader.refresh_from_db()
    assert reader.suppressed_because == "bounce"


def test_a_daily_reader_gets_one_letter_at_their_hour(post: Post) -> None:
    with time_machine.travel("2026-06-10T12:00:00Z", tick=False):
        following(confirmed_reader(news_rhythm="daily", news_hour=8))
        tell("a")
        tell("b")
    for moment, letters in (("2026-06-10T23:00:00Z", 0), ("2026-06-11T08:00:00Z", 1), ("2026-06-11T20:00:00Z", 1)):
        with time_machine.travel(moment, tick=False):
            tasks.send_news()
            assert len(post.letters) == letters


def test_a_weekly_reader_gets_one_letter_on_the_day_they_chose(post: Post) -> None:
    with time_machine.travel("2026-06-10T12:00:00Z", tick=False):  # a Wednesday
        following(confirmed_reader(news_rhythm="weekly", news_hour=8, news_weekday=4))
        tell("a")
    for moment, letters in (("2026-06-12T04:00:00Z", 0), ("2026-06-12T12:00:00Z", 1), ("2026-06-15T12:00:00Z", 1)):
        with time_machine.travel(moment, tick=False):
            tasks.send_news()
            assert len(post.letters) == letters


def test_a_reader_gets_no_more_letters_at_once_than_are_allowed(post: Post) -> None:
    following(confirmed_reader())
    with time_machine.travel("2026-06-10T09:00:00Z", tick=False) as clock:
        for number in range(12):
            tell(str(number))
            clock.shift(APART)
            send(per_day=2, later=timedelta(0))
        assert len(post.letters) == 2
        clock.move_to("2026-06-11T08:01:00Z")
        send(per_day=2, later=timedelta(0))
    assert len(post.letters) == 3
    assert post.read(2)["Subject"] == "Thing 2, and 9 more"


def test_queries_do_not_grow_with_readers(post: Post, things: Things) -> None:
    def queries(first: int, count: int) -> int:
        for number in range(first, first + count):
            following(confirmed_reader(f"r{number}@mail.example"))
        tell(f"for {count}")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            send(later=APART + timedelta(days=first))
        return len(seen) - 2 * count  # each letter is marked before and after

    assert queries(0, 3) == queries(3, 10) - 2 * 3
    assert things.asked == 2


# --- the letter --------------------------------------------------------------------------------------------------


def read(post: Post) -> tuple[EmailMessage, str, str]:
    message = post.read()
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return message, plain.get_content(), html.get_content()


def test_a_letter_about_one_thing_ends_that_thing_with_one_post(post: Post) -> None:
    reader = confirmed_reader()
    made, other = following(reader), following(reader, "thing:2", "Other")
    tell()
    send()
    message, plain, html = read(post)
    address = message["List-Unsubscribe"].strip(" <>")
    assert address.endswith(f"/newsletter/leave/{made.key}/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in plain
    assert address in html
    answer = Client(enforce_csrf_checks=True).post(
        urlsplit(address).path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    for row, is_over in ((made, True), (other, False)):
        row.refresh_from_db()
        assert (row.withdrawn_at is not None) is is_over


def test_a_letter_about_several_things_ends_all_of_them_and_no_topic_of_letters(post: Post) -> None:
    reader = confirmed_reader()
    following(reader)
    following(reader, "thing:2", "Other")
    Consent.objects.create(
        reader=reader,
        topic=NEWSLETTER.key,
        wording="Yes.",
        wording_version=1,
        asked_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    tell("a", "thing:1")
    tell("b", "thing:2")
    send()
    message, _, _ = read(post)
    address = message["List-Unsubscribe"].strip(" <>")
    assert "/newsletter/leave-news/" in address
    Client(enforce_csrf_checks=True).post(
        urlsplit(address).path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert list(reader.consents.filter(withdrawn_at=None).values_list("topic", flat=True)) == ["newsletter"]


def test_a_scanner_that_opens_every_link_changes_nothing(post: Post, client: Client) -> None:
    reader = confirmed_reader()
    following(reader)
    following(reader, "thing:2", "Other")
    tell("a", "thing:1")
    tell("b", "thing:2")
    send()
    message, plain, html = read(post)
    links = set(re.findall(r"https?://[^\s<>\"]+", plain + html + message["List-Unsubscribe"]))
    ours = sorted(urlsplit(link).path for link in links)
    assert len([path for path in ours if path.startswith("/newsletter/")]) == 4
    before = list(Consent.objects.order_by("pk").values()), list(Reader.objects.values()), list(News.objects.values())
    for path in ours:
        for _ in range(2):
            client.get(path)
            client.head(path)
    after = list(Consent.objects.order_by("pk").values()), list(Reader.objects.values()), list(News.objects.values())
    assert before == after


def test_no_letter_loads_anything_or_names_its_reader_in_an_address(post: Post) -> None:
    following(confirmed_reader())
    tell()
    send()
    message, plain, html = read(post)
    assert "<img" not in html
    assert "http" not in html.split("<style>")[1].split("</style>")[0]
    assert "ada" not in (plain + html).lower()
    assert message["Message-ID"].count("@") == 1
    assert "prefers-color-scheme: dark" in html


# --- one's own page ----------------------------------------------------------------------------------------------


def page_of(reader: Reader) -> str:
    return f"/newsletter/you/{preference_token(reader.pk, reader.link_version)}/"


def test_ones_own_page_lists_ends_and_sets_the_rhythm(client: Client) -> None:
    reader = confirmed_reader()
    made, other = following(reader), following(reader, "thing:2", "Other")
    page = client.get(page_of(reader)).content.decode()
    assert "The thing" in page
    assert f"/things/{made.key}/change/" in page
    said = client.post(page_of(reader), {"act": "end", "key": made.key}).content.decode()
    assert "Ended: The thing" in said
    assert "That had ended before" in client.post(page_of(reader), {"act": "end", "key": "x\0"}).content.decode()
    client.post(page_of(reader), {"act": "news", "news-rhythm": "weekly", "hour": "17", "weekday": "5"})
    for wrong in ({"news-rhythm": "hourly"}, {"hour": "24"}, {"weekday": "7"}, {"hour": "٣"}):
        answer = client.post(page_of(reader), {"act": "news", "news-rhythm": "daily", **wrong})
        assert (answer.status_code, b"Nothing was changed" in answer.content) == (400, True)
    reader.refresh_from_db()
    assert (reader.news_rhythm, reader.news_hour, reader.news_weekday) == ("weekly", 17, 5)
    assert '<option value="5" selected>Saturday</option>' in client.get(page_of(reader)).content.decode()
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_choosing_letters_there_ends_nothing_that_is_followed(client: Client) -> None:
    reader = confirmed_reader()
    made = following(reader)
    for topics in (["headphones"], []):
        client.post(page_of(reader), {"act": "save", "topic": topics, "rhythm": "each"})
        made.refresh_from_db()
        assert made.withdrawn_at is None
    assert reader.consents.filter(topic="headphones", withdrawn_at__isnull=False).count() == 1


def test_a_key_of_somebody_else_ends_nothing(client: Client) -> None:
    reader, other = confirmed_reader(), confirmed_reader("bob@mail.example")
    made = following(other)
    client.post(page_of(reader), {"act": "end", "key": made.key})
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_the_file_of_all_that_is_known_names_what_is_followed_and_told() -> None:
    reader = confirmed_reader()
    following(reader)
    tell()
    found = everything_about(reader=reader, now=timezone.now())
    assert found["consents"][0]["label"] == "The thing"
    assert found["news"][0]["ref"] == "a"
    assert found["reader"]["news_rhythm"] == "at_once"
    assert erase_everything(reader=reader, now=timezone.now())
    assert not News.objects.exists()


def test_a_letter_form_and_a_wish_to_follow_ask_in_one_mail(client: Client) -> None:
    asked()
    subscriptions.ask_for_consent(address=NEW, topic=HEADSETS, asked_on="/", now=timezone.now())
    tasks.send_confirmation(Consent.objects.get(topic="headsets").pk)
    body = mail.outbox[-1].body
    assert HEADSETS.wording in body
    assert "Write to me about Thing thing:1." in body
