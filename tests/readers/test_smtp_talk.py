"""A copy goes to the server in two waits where it allows that, with the refusals that Python's own client raises."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from readers.models import Delivery, Issue
from readers.services.issues import begin_due_issue
from readers.services.sending import send_due
from readers.services.smtp_talk import Talk, stuffed
from tests.readers.subscribers import Post, post_office, scheduled, subscribe

SENDER = "Earmark <post@mail.example>"
LETTER = b"Subject: x\r\n\r\nHello\r\n"


@contextmanager
def talking(*, is_quick: bool, refusal: str | None = None) -> Iterator[tuple[Post, Talk]]:
    def refuses(address: str) -> str | None:
        return refusal if address.startswith("nobody") else None

    with post_office(refuses=refuses) as post, smtplib.SMTP("127.0.0.1", post.port) as server:
        server.ehlo()
        assert server.has_extn("pipelining")
        if not is_quick:
            del server.esmtp_features["pipelining"]
        yield post, Talk(server, SENDER)


@pytest.mark.parametrize("is_quick", [True, False])
@pytest.mark.parametrize(
    "body", [b"Hello\r\n", b".\r\n", b"..two\r\n.\r\nand on\r\n", b"Gr\xc3\xbc\xc3\x9fe\r\n"], ids=repr
)
def test_what_is_sent_arrives_as_it_was(body: bytes, is_quick: bool) -> None:
    content = b"Subject: x\r\n\r\n" + body
    with talking(is_quick=is_quick) as (post, talk):
        for number in range(3):
            talk.offer(f"r{number}@mail.example", content)
            talk.deliver(f"r{number}@mail.example", content)
        assert [letter.content for letter in post.letters] == [content] * 3
        assert [letter.recipients for letter in post.letters] == [(f"r{n}@mail.example",) for n in range(3)]
        assert {letter.sender for letter in post.letters} == {"post@mail.example"}


@pytest.mark.parametrize("is_quick", [True, False])
def test_a_refused_recipient_is_raised_and_the_next_one_gets_theirs(is_quick: bool) -> None:
    with talking(is_quick=is_quick, refusal="550 5.1.1 No such mailbox") as (post, talk):
        talk.offer("nobody@mail.example", LETTER)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            talk.deliver("nobody@mail.example", LETTER)
        assert refused.value.recipients == {"nobody@mail.example": (550, b"5.1.1 No such mailbox")}
        talk.offer("ann@mail.example", LETTER)
        talk.deliver("ann@mail.example", LETTER)
        assert [letter.recipients for letter in post.letters] == [("ann@mail.example",)]


def test_what_was_offered_and_not_delivered_is_no_letter() -> None:
    with post_office() as post:
        server = smtplib.SMTP("127.0.0.1", post.port)
        Talk(server, SENDER).offer("ann@mail.example", LETTER)
        assert server.getreply()[0] == 250
        server.close()
    assert post.letters == []


def test_a_line_that_begins_with_a_dot_gets_another() -> None:
    assert stuffed(b".a\r\n..b\r\nc") == b"..a\r\n...b\r\nc\r\n.\r\n"


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_the_server_is_asked_about_them_gets_nothing_and_the_others_do() -> None:
    subscribe(5)
    issue = scheduled()
    begin_due_issue(now=timezone.now())
    rows = list(issue.deliveries.order_by("pk").select_related("reader"))

    def leave() -> None:
        Delivery.objects.filter(pk=rows[2].pk).update(state="left")
        connection.close()

    def leaves(address: str) -> None:
        """While the second reader's letter is on its way, the third leaves, as their page would have it."""
        if address == rows[1].reader.address:
            with ThreadPoolExecutor(1) as beside:
                beside.submit(leave).result()

    with post_office(refuses=leaves) as post:
        send_due(now=timezone.now(), per_minute=0)
    states = list(issue.deliveries.order_by("pk").values_list("state", flat=True))
    assert states == ["sent", "sent", "left", "sent", "sent"]
    assert len(post.letters) == 4
    assert set(post.copies.values()) == {1}
    assert Issue.objects.get(pk=issue.pk).state == "done"
