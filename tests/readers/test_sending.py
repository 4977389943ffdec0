"""Each reader of a topic gets one copy, with a way out and no way to be watched; servers and editors may interrupt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from readers.consent import NEWSLETTER
from readers.models import Delivery, Issue, Reader, SenderMark
from readers.services import issues, sending
from readers.services.issues import IssueError
from tests.readers.subscribers import PARTS, post_office, scheduled, subscribe

pytestmark = pytest.mark.django_db


def states(issue: Issue) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in issue.deliveries.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def send(*, per_minute: int = 0) -> bool:
    return sending.send_due(now=timezone.now(), per_minute=per_minute)


def test_everybody_in_force_gets_one_copy_and_the_issue_is_done() -> None:
    readers = subscribe(5)
    readers[1].consents.update(withdrawn_at=timezone.now())
    readers[2].consents.update(confirmed_at=None)
    Reader.objects.filter(pk=readers[3].pk).update(suppressed_at=timezone.now(), suppressed_because="bounce")
    issue = scheduled()
    with post_office() as post:
        send()
        send()
    assert post.copies == {"reader0@mail.example": 1, "reader4@mail.example": 1}
    issue.refresh_from_db()
    assert issue.state == Issue.State.DONE
    assert issue.finished_at is not None
    assert states(issue) == {"sent": 2}


def test_the_mail_is_read_by_the_standard_library_in_both_its_forms() -> None:
    (reader,) = subscribe(1)
    scheduled()
    with post_office() as post:
        send()
    mail = post.read()
    assert mail["Subject"] == "What we heard in May"
    assert mail["To"] == reader.address
    assert re.fullmatch(r"<[0-9a-f]{24}\.\d+@localhost>", mail["Message-ID"])
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    for words in (plain.get_content(), html.get_content()):
        assert "Good morning." in words
        for part in PARTS:
            assert part.url in words
        assert "Grüße aus Köln – наушники" in words
    assert "Töne & <Klänge>" in plain.get_content()
    assert "Töne &amp; &lt;Klänge&gt;" in html.get_content()
    assert "prefers-color-scheme: dark" in html.get_content()
    assert max(map(len, post.letters[0].content.splitlines())) <= 998


def test_nothing_in_it_watches_the_reader() -> None:
    subscribe(2)
    scheduled()
    with post_office() as post:
        send()
    htmls = []
    for number in range(2):
        html = post.read(number).get_body(("html",))
        assert html is not None
        assert not re.search(r"<img|<script|<link|url\(|@import|background=|<object|<iframe", html.get_content())
        assert "?" not in "".join(re.findall(r'href="([^"]*)"', html.get_content())), "no parameter in any address"
        htmls.append(re.sub(r'href="[^"]*/newsletter/(leave|you)/[^"]*"', "", html.get_content()))
    assert htmls[0] == htmls[1], "only the reader's own two links differ"


def test_one_post_of_the_mail_program_ends_it_and_a_scanner_that_opens_every_link_changes_nothing() -> None:
    (reader,) = subscribe(1)
    scheduled()
    with post_office() as post:
        send()
    mail = post.read()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = mail["List-Unsubscribe"].strip(" <>")
    before = list(Reader.objects.values()), list(reader.consents.values())
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    links = set(re.findall(r"https?://[^\s\"<>]+", plain.get_content() + html.get_content())) | {leave}
    own = [link.removeprefix("http://127.0.0.1:8000") for link in links if "/newsletter/" in link]
    assert len(own) == 2
    scanner = Client()
    for path in own * 2:
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
    assert (list(Reader.objects.values()), list(reader.consents.values())) == before
    path = leave.removeprefix("http://127.0.0.1:8000")
    answer = Client(enforce_csrf_checks=True).post(
        path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert not reader.consents.filter(withdrawn_at=None).exists()


def test_who_leaves_before_their_turn_gets_nothing(client: Client) -> None:
    readers = subscribe(2)
    issue = scheduled()
    issues.begin_due_issue(now=timezone.now())
    client.post(f"/newsletter/leave/{readers[1].consents.get().key}/")
    with post_office() as post:
        send()
    assert post.copies == {"reader0@mail.example": 1}
    assert states(issue) == {"sent": 1, "left": 1}


def test_no_more_leave_in_a_minute_than_the_throttle_lets() -> None:
    subscribe(7)
    issue = scheduled()
    with post_office() as post:
        send(per_minute=3)
        send(per_minute=3)
        assert sum(post.copies.values()) == 3
        issue.deliveries.filter(state="sent").update(claimed_at=timezone.now() - timedelta(seconds=61))
        send(per_minute=3)
        assert sum(post.copies.values()) == 6
    assert states(issue) == {"sent": 6, "waiting": 1}


def test_a_paused_issue_waits_and_a_cancelled_one_is_over() -> None:
    subscribe(4)
    issue = scheduled()
    with post_office() as post:
        send(per_minute=2)
        issues.pause_issue(issue=issue)
        send()
        assert sum(post.copies.values()) == 2
        issues.go_on_with_issue(issue=issue)
        send(per_minute=3)
        assert sum(post.copies.values()) == 3
        assert issues.cancel_issue(issue=issue, now=timezone.now()) == 1
        send()
    assert sum(post.copies.values()) == 3
    assert states(issue) == {"sent": 3, "cancelled": 1}
    with pytest.raises(IssueError, match="nothing was changed"):
        issues.go_on_with_issue(issue=issue)


def test_a_mailbox_that_is_not_there_is_not_written_to_again() -> None:
    readers = subscribe(3)

    def refuses(address: str) -> str | None:
        return "550 5.1.1 No such user" if address.startswith("reader1@") else None

    issue = scheduled()
    with post_office(refuses=refuses) as post:
        send()
    assert post.copies == {"reader0@mail.example": 1, "reader2@mail.example": 1}
    assert states(issue) == {"sent": 2, "refused": 1}
    bounced = Reader.objects.get(pk=readers[1].pk)
    assert bounced.suppressed_because == Reader.Suppression.BOUNCE
    assert issue.deliveries.get(state="refused").reply == "550 5.1.1 No such user"
    assert {one.reader_id for one in issues.recipients(topic=NEWSLETTER.key, now=timezone.now())} == {
        readers[0].pk,
        readers[2].pk,
    }


def test_a_busy_server_is_asked_again_later() -> None:
    subscribe(1)
    issue = scheduled()
    with post_office(refuses=lambda address: "451 4.7.1 Greylisted") as post:
        send()
        send()
    assert states(issue) == {"waiting": 1}
    assert issue.deliveries.get().tries == 1, "not at once"
    issue.deliveries.update(not_before=timezone.now())
    with post_office() as post:
        send()
    assert sum(post.copies.values()) == 1


def test_a_server_that_refuses_us_pauses_the_issue_in_its_own_words() -> None:
    subscribe(sending.REFUSALS_IN_A_ROW + 5)
    issue = scheduled()
    with post_office(refuses=lambda address: f"554 5.7.1 <{address}> You are blocked"):
        send()
    issue.refresh_from_db()
    assert issue.state == Issue.State.PAUSED
    assert "You are blocked" in issue.note
    assert "@mail.example" not in issue.note + issue.deliveries.exclude(reply="")[0].reply
    assert states(issue) == {"waiting": sending.REFUSALS_IN_A_ROW + 5}, "who was refused because of us is not left out"
    issues.go_on_with_issue(issue=issue)
    with post_office() as post:
        send()
    assert set(post.copies.values()) == {1}
    assert states(issue) == {"sent": sending.REFUSALS_IN_A_ROW + 5}
    assert not Reader.objects.exclude(suppressed_at=None).exists(), "a block is not about the mailbox"


def test_one_refusal_among_others_is_about_that_reader_and_stays() -> None:
    subscribe(3)
    issue = scheduled()
    with post_office(refuses=lambda address: "554 5.7.1 No" if address.startswith("reader1@") else None) as post:
        send()
    assert post.copies == {"reader0@mail.example": 1, "reader2@mail.example": 1}
    assert states(issue) == {"sent": 2, "refused": 1}


def test_a_server_that_is_not_there_costs_nobody_a_copy() -> None:
    subscribe(1)
    issue = scheduled()
    with post_office() as post:
        pass  # gone again
    with post_office() as another, pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.EMAIL_PORT", post.port)
        send()
        assert states(issue) == {"waiting": 1}
    assert another.copies == {}


def test_what_a_dead_sender_left_is_unsure_and_is_never_sent_again() -> None:
    subscribe(2)
    issue = scheduled()
    issues.begin_due_issue(now=timezone.now())
    left = issue.deliveries.order_by("pk")[0]
    Delivery.objects.filter(pk=left.pk).update(state="sending", claimed_at=timezone.now())
    with post_office() as post:
        send()
    assert post.copies == {"reader1@mail.example": 1}
    assert states(issue) == {"unsure": 1, "sent": 1}


@pytest.mark.parametrize(("crashed", "becomes"), [(False, "sent"), (True, "unsure")])
def test_what_was_only_claimed_is_sent_unless_the_database_crashed_meanwhile(crashed: bool, becomes: str) -> None:
    subscribe(1)
    issue = scheduled()
    issues.begin_due_issue(now=timezone.now())
    SenderMark.objects.create(issue=issue)
    issue.deliveries.update(state="claimed")
    if crashed:
        SenderMark.objects.all().delete()  # as PostgreSQL empties a table that is not logged
    with post_office() as post:
        send()
    assert states(issue) == {becomes: 1}
    assert sum(post.copies.values()) == (0 if crashed else 1)


def test_the_mark_that_goes_with_a_crash_is_in_a_table_that_is_not_logged() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'readers_sendermark'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.parametrize(
    ("rhythm", "days", "gets"), [("weekly", 5, 0), ("weekly", 8, 1), ("monthly", 20, 0), ("each", 0, 1)]
)
def test_how_often_is_heeded(rhythm: str, days: int, gets: int) -> None:
    subscribe(1)
    Reader.objects.update(rhythm=rhythm)
    first = scheduled(subject="First")
    with post_office() as post:
        send()
        first.deliveries.update(sent_at=timezone.now() - timedelta(days=days))
        scheduled(subject="Second")
        send()
    assert sum(post.copies.values()) == 1 + gets
    other = scheduled(topic="headsets", subject="Of another topic")
    send()
    assert states(other) == {}, "nobody asked for it"


def test_an_issue_without_parts_and_one_that_is_out_are_not_scheduled() -> None:
    issue = Issue.objects.create(topic="newsletter", subject="Empty")
    with pytest.raises(IssueError, match="at least one article"):
        issues.schedule_issue(issue=issue, parts=[], due_at=timezone.now())
    issues.schedule_issue(issue=issue, parts=PARTS, due_at=timezone.now())
    issues.take_back_issue(issue=issue)
    issues.schedule_issue(issue=issue, parts=PARTS, due_at=timezone.now())
    with pytest.raises(IssueError, match="Scheduled"):
        issues.schedule_issue(issue=issue, parts=PARTS, due_at=timezone.now())
