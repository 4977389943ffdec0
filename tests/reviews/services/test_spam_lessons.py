"""Moderators' decisions teach what spam is; what was learned has comments wait, and forgets whoever wants to be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from readers import personal_data
from reviews.comment_senders import address_key
from reviews.comments.spam_words import FEWEST
from reviews.models import Article, AuditLine, Comment, SpamExample, SpamLesson
from reviews.services.comment_decisions import decide_comment, undo_decision
from reviews.services.comment_leftovers import forget_comment_leftovers
from reviews.services.comments import CommentInput, write_comment
from reviews.services.spam_lessons import EXAMPLE_LIFE, ThresholdError, choose_threshold, learn_spam
from reviews.spam_filter import filter_in_force
from tests.factories import make_comment
from tests.reviews.spam.corpus import corpus

pytestmark = pytest.mark.django_db(transaction=True)
SPAM = "Best online casino, bonus without deposit, click here and register"
FINE = "The left cup creaks after a year and the pads flake, otherwise I like them."
KNOWN = "known@reader.example"


def decided(article: Article, moderator: User, most: int = 200) -> None:
    """As if a moderator had gone through the corpus, a minute for each."""
    begin = timezone.now() - timedelta(days=2)
    for number, (is_spam, _, text) in enumerate(corpus()[:most]):
        make_comment(
            article,
            text,
            name=f"Reader {number}",
            address_key=address_key(f"reader{number}@reader.example"),
            state="spam" if is_spam else "shown",
            decided_by=moderator,
            decided_at=begin + timedelta(minutes=number),
        )


def sent(article: Article, text: str, now: datetime | None = None) -> Comment:
    """By a reader of whom one was approved, so that no other rule has it wait."""
    make_comment(article, f"Before {text}", address_key=address_key(KNOWN))
    given = CommentInput(name="Kim", text=text, address=KNOWN)
    return write_comment(given, article=article, now=now or timezone.now())


def test_a_comment_like_spam_waits_and_its_writer_reads_why(article: Article, moderator: User) -> None:
    decided(article, moderator)
    learn_spam(now=timezone.now())
    choose_threshold(percent=80, by=moderator, now=timezone.now())
    comment = sent(article, SPAM)
    assert comment.state == "held"
    assert len(comment.reasons) == 1
    assert "stood mostly in comments that were spam" in comment.reasons[0]
    assert "online" in comment.reasons[0]
    assert comment.likeness is not None
    assert comment.likeness >= 80
    fine = sent(article, FINE)
    assert (fine.state, fine.reasons) == ("shown", [])


def test_nothing_waits_for_its_words_before_a_moderator_chose_a_threshold(article: Article, moderator: User) -> None:
    decided(article, moderator)
    learn_spam(now=timezone.now())
    assert sent(article, SPAM).state == "shown"
    choose_threshold(percent=80, by=moderator, now=timezone.now())
    choose_threshold(percent=None, by=moderator, now=timezone.now())
    assert sent(article, f"{SPAM} now").state == "shown"
    assert AuditLine.objects.filter(message__contains="80 %").exists()


@pytest.mark.parametrize("percent", [0, 50, 101, -1])
def test_a_threshold_that_would_hold_everything_or_nothing_is_none(percent: int, moderator: User) -> None:
    with pytest.raises(ThresholdError, match="between 51 and 100"):
        choose_threshold(percent=percent, by=moderator, now=timezone.now())


def test_too_few_decisions_say_nothing(article: Article, moderator: User) -> None:
    decided(article, moderator, most=FEWEST)
    assert learn_spam(now=timezone.now()) is None
    assert filter_in_force().of("Kim", SPAM) is None
    assert sent(article, SPAM).likeness is None


def test_what_nobody_decided_teaches_nothing(article: Article, moderator: User) -> None:
    for number in range(60):
        make_comment(article, f"Shown by itself {number}", useful=number)
        make_comment(article, f"Refused {number}", state="refused", decided_by=moderator, decided_at=timezone.now())
        make_comment(article, f"Ours {number}", user=moderator, decided_by=moderator, decided_at=timezone.now())
        make_comment(article, f"From the old site {number}", state="spam")
    learn_spam(now=timezone.now())
    assert not SpamExample.objects.exists()


def test_the_same_decisions_make_no_new_version_and_a_changed_one_does(article: Article, moderator: User) -> None:
    decided(article, moderator)
    first, second = (learn_spam(now=timezone.now()) for _ in range(2))
    assert first == second
    now = timezone.now()
    row = Comment.objects.filter(state="spam").latest("pk")
    decide_comment(comment_id=row.pk, state="shown", by=moderator, now=now)
    third = learn_spam(now=now)
    assert third is not None
    assert first is not None
    assert third.pk > first.pk
    assert (third.spam, third.kept) == (first.spam - 1, first.kept + 1)
    undo_decision(comment_id=row.pk, by=moderator, now=now)
    fourth = learn_spam(now=now)
    assert fourth is not None
    assert (fourth.spam, fourth.kept) == (first.spam, first.kept)
    assert SpamLesson.objects.get(pk=first.pk).weights == {}, "only the newest is used"


def test_what_waits_is_judged_anew_and_goes_on_waiting(article: Article, moderator: User) -> None:
    waiting = make_comment(article, SPAM, state="held", address_key="")
    decided(article, moderator)
    learn_spam(now=timezone.now())
    waiting.refresh_from_db()
    assert waiting.state == "held"
    assert (waiting.likeness or 0) > 80


def test_who_is_erased_teaches_nothing_any_more(article: Article, moderator: User) -> None:
    decided(article, moderator)
    address = "reader0@reader.example"
    same = make_comment(
        article,
        "Quokka quokka casino",
        address_key=address_key(address),
        decided_by=moderator,
        decided_at=timezone.now(),
    )
    learn_spam(now=timezone.now())
    before = SpamExample.objects.count()
    lesson = SpamLesson.objects.latest("pk")
    (source,) = (one for one in personal_data.sources() if one.key == "comments")
    source.erase(address, now=timezone.now())
    assert SpamExample.objects.count() == before - 2
    assert not SpamLesson.objects.filter(pk=lesson.pk).exists()
    fresh = SpamLesson.objects.get()
    assert len(fresh.weights) < len(lesson.weights)
    same.refresh_from_db()
    assert same.state == "shown"
    learn_spam(now=timezone.now())
    assert SpamExample.objects.count() == before - 2, "what stays under the article is not learned again"


def test_what_spam_taught_outlives_its_text_and_ends_after_a_year(article: Article, moderator: User) -> None:
    decided(article, moderator)
    learn_spam(now=timezone.now())
    spam = SpamExample.objects.filter(is_spam=True).count()
    forget_comment_leftovers(now=timezone.now() + timedelta(days=31))
    assert not Comment.objects.filter(state="spam").exists()
    assert SpamExample.objects.filter(is_spam=True, comment=None).count() == spam
    later = learn_spam(now=timezone.now() + timedelta(days=31))
    assert later is not None
    assert later.spam == spam
    assert learn_spam(now=timezone.now() + EXAMPLE_LIFE) is None
    assert not SpamExample.objects.exists()


def test_votes_and_opinions_are_not_looked_at(article: Article, moderator: User) -> None:
    """The same words are as like spam with a thousand votes as with none, and under any name of a product."""
    decided(article, moderator)
    learn_spam(now=timezone.now())
    lesson = SpamLesson.objects.get()
    Comment.objects.update(useful=1000)
    assert learn_spam(now=timezone.now()) == lesson


def test_a_comment_asks_as_many_questions_however_much_was_learned(article: Article, moderator: User) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(text: str) -> int:
        with CaptureQueriesContext(connection) as found:
            sent(article, text)
        return len(found)

    asked("First of all.")
    few = asked("Creaks.")
    decided(article, moderator)
    learn_spam(now=timezone.now())
    asked("Flakes.")  # the words of a new lesson are read once a process
    assert asked("Hisses.") == few
