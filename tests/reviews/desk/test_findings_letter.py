"""A letter a day about what has become wrong, to editors and to the article's author; none when nothing is new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail

from reviews.desk.findings_letter import MOST_LINES, send_findings_letter
from reviews.models import Article, Finding
from tests.factories import make_author, make_published_article, make_staff
from tests.reviews.desk.gate.articles import NOW

pytestmark = pytest.mark.django_db


def found(article: Article, message: str = "Block 2 (Verdict): x.", **fields: Any) -> Finding:
    values = {"check_key": "heading-jump", "is_refusal": True, "first_seen_at": NOW, "last_seen_at": NOW}
    return Finding.objects.create(article=article, message=message, **{**values, **fields})


def with_mail(user: User) -> User:
    user.email = f"{user.username}@our.example"
    user.save()
    return user


@pytest.fixture
def chief() -> User:
    return with_mail(make_staff("chief", "reviews.publish_article"))


def test_editors_get_everything_and_authors_what_is_theirs(chief: User) -> None:
    ada = make_author("Ada Field", user=with_mail(make_staff("ada")))
    hers = make_published_article("hers", author=ada)
    other = make_published_article("other", author=make_author("Ben Reed"))
    found(hers, "Block 1 (Text): hers.")
    found(other, "Block 1 (Text): his.")
    assert send_findings_letter(now=NOW) == 2
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {"chief@our.example", "ada@our.example"}
    assert letters["chief@our.example"].subject == "2 articles readers see would be refused today"
    assert letters["ada@our.example"].subject == "1 article readers see would be refused today"
    assert "hers." in letters["ada@our.example"].body
    assert "his." not in letters["ada@our.example"].body
    assert f"/admin/reviews/article/{hers.pk}/change/" in letters["ada@our.example"].body


def test_an_editor_who_is_the_author_gets_one_letter(chief: User) -> None:
    found(make_published_article(author=make_author(user=chief)))
    send_findings_letter(now=NOW)
    assert [letter.to for letter in mail.outbox] == [["chief@our.example"]]


def test_an_editor_by_group_is_told_and_who_left_is_not() -> None:
    group = Group.objects.create(name="Chiefs")
    group.permissions.add(Permission.objects.get(codename="publish_article"))
    for name, is_active in (("here", True), ("left", False)):
        user = with_mail(make_staff(name))
        user.groups.add(group)
        User.objects.filter(pk=user.pk).update(is_active=is_active)
    found(make_published_article())
    send_findings_letter(now=NOW)
    assert [letter.to for letter in mail.outbox] == [["here@our.example"]]


def test_nothing_new_makes_no_letter(chief: User) -> None:
    article = make_published_article()
    found(article, "Old.", told_at=NOW - timedelta(days=3))
    found(article, "Warning.", is_refusal=False)
    found(article, "Right again.", resolved_at=NOW)
    assert send_findings_letter(now=NOW) == 0
    assert mail.outbox == []


def test_the_next_letter_comes_a_day_later_with_what_is_new(chief: User) -> None:
    article = make_published_article()
    found(article, "First.")
    send_findings_letter(now=NOW)
    found(article, "Second.")
    assert send_findings_letter(now=NOW + timedelta(hours=1)) == 0
    assert send_findings_letter(now=NOW + timedelta(hours=21)) == 1
    assert "Second." in mail.outbox[1].body
    assert "First." not in mail.outbox[1].body


def test_many_findings_are_counted_behind_the_first(chief: User) -> None:
    article = make_published_article()
    for number in range(MOST_LINES + 7):
        found(article, f"Finding {number}.")
    send_findings_letter(now=NOW)
    assert "… and 7 more." in mail.outbox[0].body


def test_what_could_not_be_sent_is_told_the_next_time(chief: User, settings: Any) -> None:
    found(make_published_article())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens
    assert send_findings_letter(now=NOW) == 0
    assert Finding.objects.filter(told_at__isnull=True).count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_findings_letter(now=NOW) == 1
