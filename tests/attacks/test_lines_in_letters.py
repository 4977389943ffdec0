"""No word of anybody's ends a header of a letter and begins another, whichever letter it is, and none holds it back.

Each letter that the code writes is sent to a mail server, with every word of every table and the site's own name made
of line breaks; what arrived is read byte by byte. A module that begins to write letters fails until it is tried here.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from email.errors import MessageError
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from catalog.models import Merchant
from catalog.services.link_digest import send_link_digest
from catalog.services.merchant_health import record_failure
from config.alarms import watching
from config.alarms.judging import Trouble, Verdict
from config.checks.addresses import is_mail_address
from config.embedded import PROJECT
from demo.mail_server import Letter
from partners.models import ApiKey, Webhook
from partners.services.key_endings import tell_of_endings
from partners.services.webhook_endpoints import pause_webhook
from readers import news, news_letters, tasks
from readers.consent import NEWSLETTER
from readers.letters import Part
from readers.models import Consent, Issue, NewsLetter, Reader
from readers.models import News as NewsRow
from readers.services.issues import schedule_issue
from readers.services.subscriptions import ask_for_consent
from reviews.desk import letters_out, steps
from reviews.desk.draft_comments import write_comment
from reviews.desk.findings_letter import send_findings_letter
from reviews.desk.letters import tell_of_comment, tell_of_step
from reviews.models import DraftComment, Finding, StageChange, WatchEvent
from reviews.services.comment_letters import send_comment_letters
from reviews.services.watch_letters import send_watch_letters
from tests.attacks.kept_rows import taken_back
from tests.attacks.test_cells_are_no_formulas import APPS, poison
from tests.factories import (
    make_article,
    make_author,
    make_colleague,
    make_comment,
    make_destination,
    make_merchant,
    make_product,
    make_published_article,
    make_seen_offer,
    make_watch,
)
from tests.partners.keys import make_key
from tests.readers.followers import confirmed_reader, following
from tests.readers.subscribers import Post, post_office

pytestmark = pytest.mark.django_db
BREAKS = {
    "CR and LF": "\r\n",
    "LF": "\n",
    "CR": "\r",
    "what Python takes for a line's end": "\x0b\x0c\x1c\x1d\x1e",
    "what Unicode does": "\x85\u2028\u2029",
}
# Where these end a header, or begin one.
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FIELD = re.compile(rb"[!-9;-~]+: [^\r\n]*(\r\n[ \t]+[^\r\n]+)*\r\n")
KNOWN = {
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
    "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Precedence",
}  # fmt: skip
# What a row is found by, and addresses: with others nothing would be sent.
SPARED = frozenset({"topic", "kind", "ref", "condition", "check_key", "address", "step", "key"})
# Sends it, with a word that is no row's.
Send = Callable[[str], object]


def hostile(end: str) -> str:
    """Short enough for each column, so that its end is not cut off."""
    return f"a{end}X-Pwned: 1{end}Bcc: all@evil.example"


def owner() -> User:
    return User.objects.create_superuser("owner", "owner@desk.example", "listen-closely")


def link_digest(word: str) -> Send:
    owner()
    make_destination(make_seen_offer(make_product(), make_merchant()), "broken")
    return lambda word: send_link_digest(now=timezone.now())


def paused_merchant(word: str) -> Send:
    owner()
    pk = make_merchant().pk
    return lambda word: record_failure(
        merchant=Merchant.objects.get(pk=pk), error=word, permanent=True, retry_after=None, now=timezone.now()
    )


def alarms(word: str) -> Send:
    def send(word: str) -> None:
        trouble = Trouble(key="backup", says=word, since=0.0)
        watching._tell(Verdict(troubles=(trouble,), begun=(trouble,), over=()), timezone.now())

    return send


def paused_webhook(word: str) -> Send:
    owner()
    pk = Webhook.objects.create(name="Partner", address="https://partner.example/hooks", kinds=["price.changed"]).pk
    return lambda word: pause_webhook(webhook=Webhook.objects.get(pk=pk), because=word)


def newsletter(word: str) -> Send:
    Issue.objects.create(topic=NEWSLETTER.key, subject=word, intro=word)

    def send(word: str) -> None:
        part = Part(title=word, text=word, url="https://x.example/", kicker=word)
        schedule_issue(issue=Issue.objects.get(), parts=[part], due_at=timezone.now())
        # The second is written out by a mail library, not from the mould.
        for address in ("robin@mail.example", '"r b"@mail.example'):
            mould = letters_out.mould_of(Issue.objects.get())
            assert mould.written is not None, "copies go out as they are written once"
            own = {"leave": "https://x.example/1", "preferences": "https://x.example/2", "message_id": "<1@x.example>"}
            mould.filled(address=address, **own).send()
        letters_out.send_test(issue=Issue.objects.get(), address="editor@desk.example")

    return send


def news_of_all(word: str) -> Send:
    reader = confirmed_reader("robin@mail.example")
    consent = following(reader, label=word)
    letter = NewsLetter.objects.create(reader=reader, made_at=timezone.now())
    row = NewsRow.objects.create(reader=reader, consent=consent, kind="thing", ref="1", noted_at=timezone.now())

    def send(word: str) -> None:
        told = news.Told(title=word, text=word, url="https://x.example/", subject=word, kicker=word)
        for many in (1, 2):
            found = NewsLetter.objects.select_related("reader").get(pk=letter.pk)
            one = NewsRow.objects.select_related("consent").get(pk=row.pk)
            news_letters.letter(found, [(one, told)] * many).send()

    return send


def page_of_choices(word: str) -> Send:
    reader = confirmed_reader("robin@mail.example")
    return lambda word: tasks.send_preference_link(reader.pk)


def confirmation(word: str) -> Send:
    ask_for_consent(address="robin@mail.example", topic=NEWSLETTER, asked_on="/", now=timezone.now())
    consent = Consent.objects.get()
    Consent.objects.update(topic="product:1", label=word)
    return lambda word: tasks.send_confirmation(consent.pk)


def findings(word: str) -> Send:
    owner()
    article, now = make_published_article(), timezone.now()
    Finding.objects.create(
        article=article, message=word, check_key="heading-jump", is_refusal=True, first_seen_at=now, last_seen_at=now
    )
    return lambda word: send_findings_letter(now=now)


def article_steps(word: str) -> Send:
    writer, editor = make_colleague("theo", "Writer"), make_colleague("ines", "Editor")
    article = make_article(author=make_author("Theo Brandt", user=writer))
    steps.send_to_review(article=article, by=writer, asked_of=editor, note=word, now=timezone.now())
    write_comment(article=article, by=writer, text=word, now=timezone.now())

    def send(word: str) -> None:
        tell_of_step(change_id=StageChange.objects.get().pk, user_id=editor.pk)
        tell_of_comment(comment_id=DraftComment.objects.get().pk, user_id=editor.pk)

    return send


def comments(word: str) -> Send:
    owner()
    make_comment(make_published_article(), state="held", reasons=[word])
    return lambda word: send_comment_letters(now=timezone.now())


def claims(word: str) -> Send:
    writer = make_colleague("theo", "Writer")
    offer = make_seen_offer(make_product(), make_merchant())
    watch = make_watch(make_article(author=make_author(user=writer)), offer.product)
    WatchEvent.objects.create(watch=watch, at=timezone.now(), state="broken", is_to_be_told=True, is_mailable=True)
    return lambda word: send_watch_letters(now=timezone.now())


def ending_key(word: str) -> Send:
    now = timezone.now()
    make_key("links:read", expires_at=now + timedelta(days=2))
    ApiKey.objects.update(created_at=now - timedelta(days=60))
    return lambda word: tell_of_endings(now=now)


# By the module that writes it; where `letters` are several, how many.
LETTERS: dict[str, Callable[[str], Send]] = {
    "catalog/services/link_digest.py": link_digest,
    "catalog/services/merchant_health.py": paused_merchant,
    "config/alarms/watching.py": alarms,
    "partners/services/key_endings.py": ending_key,
    "partners/services/webhook_endpoints.py": paused_webhook,
    "readers/letters.py": newsletter,
    "readers/news_letters.py": news_of_all,
    "readers/services/preferences.py": page_of_choices,
    "readers/services/subscriptions.py": confirmation,
    "reviews/desk/findings_letter.py": findings,
    "reviews/desk/letters.py": article_steps,
    "reviews/services/comment_letters.py": comments,
    "reviews/services/watch_letters.py": claims,
}
SEVERAL = {"readers/letters.py": 3, "readers/news_letters.py": 2, "reviews/desk/letters.py": 2}
WRITERS = {"EmailMessage", "EmailMultiAlternatives", "Copy", "send_mail", "send_mass_mail", "mail_admins",
           "mail_managers", "email_user", "MIMEText", "MIMEMultipart"}  # fmt: skip


@pytest.fixture
def post(settings: Any, caplog: pytest.LogCaptureFixture) -> Iterator[Post]:
    caplog.set_level(logging.CRITICAL)
    settings.ADMINS, settings.OPERATOR_EMAILS = [], ["ops@desk.example"]
    with post_office() as office:
        yield office


def faults(letter: Letter) -> list[str]:
    """What is wrong with a letter as it arrived."""
    head = letter.content.partition(b"\r\n\r\n")[0] + b"\r\n"
    found = [f"{one!r} in its head" for one in CONTROLS.findall(head.replace(b"\r\n", b""))]
    if FIELD.sub(b"", head):
        found.append(f"no header: {FIELD.sub(b'', head)[:80]!r}")
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line and line[:1] not in b" \t"]
    found += [f"a header {name}" for name in names if name not in KNOWN]
    found += [f"{name} {names.count(name)} times" for name in {*names} if names.count(name) > 1]
    # What is encoded is a word; its reader decodes it into one line of letters.
    return found + [f"leaves for {one}" for one in letter.recipients if "evil" in one]


def test_each_module_that_writes_letters_is_tried() -> None:
    found = set()
    for app in APPS:
        for path in (PROJECT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in WRITERS:
                    found.add(str(path.relative_to(PROJECT)))
    assert found == set(LETTERS)


@pytest.mark.parametrize("module", LETTERS)
def test_no_word_makes_two_headers_of_one_and_the_letter_goes(
    module: str, post: Post, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    send = LETTERS[module](hostile(""))
    for name, end in BREAKS.items():
        word, kept = hostile(end), len(post.letters)
        settings.SITE_NAME = word
        with taken_back():
            poison([word], but=SPARED)
            User.objects.update(first_name=word, last_name=word)
            with django_capture_on_commit_callbacks(execute=True):
                send(word)
        letters = post.letters[kept:]
        assert len(letters) == SEVERAL.get(module, 1), name
        assert [one for letter in letters for one in faults(letter)] == [], name


@pytest.mark.parametrize("module", LETTERS)
def test_no_address_and_no_sender_makes_two_letters_of_one(
    module: str, post: Post, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Forms and the check of settings let none in: this is what holds where one is there all the same."""
    send = LETTERS[module]("a word")
    for end in BREAKS.values():
        word = f"b@desk.example{end}bcc: all@evil.example"
        settings.OPERATOR_EMAILS = [word]
        for sender in ("post@desk.example", f"Earmark{end}X-Pwned: 1 <post@desk.example>"):
            settings.DEFAULT_FROM_EMAIL = sender
            with taken_back(), suppress(ValueError, MessageError):  # refused where it is written out
                User.objects.update(email=word)
                Reader.objects.update(address=word)
                with django_capture_on_commit_callbacks(execute=True):
                    send("a word")
    assert {one.sender: faults(one) for one in post.letters if faults(one)} == {}


@pytest.mark.parametrize("end", BREAKS)
def test_the_check_of_settings_refuses_a_sender_of_two_lines(end: str) -> None:
    assert is_mail_address("Earmark <post@desk.example>")
    assert not is_mail_address(f"Earmark{BREAKS[end]}X-Pwned: 1 <post@desk.example>")


def test_a_letter_of_two_headers_would_be_seen() -> None:
    fine = b"Subject: a\r\nTo: b@x.example\r\n\r\ntext"
    assert faults(Letter("a", ("b@x.example",), fine)) == []
    for bad in (b"Subject: a\r\nX-Pwned: 1\r\n", b"Subject: a\nBcc: all\r\n", b"Subject: a\x0bBcc: x\r\n",
                b"To: a\r\nTo: b\r\n", b"Subject\r\n"):  # fmt: skip
        assert faults(Letter("a", (), bad + b"\r\ntext")), bad
