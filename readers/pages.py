"""What do the pages about mail say? Each page as an object, before it is HTML."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from readers.consent import NEWSLETTER, TOPICS, Rhythm
from readers.digest import WEEKDAYS, NewsRhythm
from readers.models import Consent, Reader
from readers.news import teller_of
from readers.personal_data import sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One box or button of a form."""

    key: str
    label: str
    text: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterPage:
    """One page for all steps: asking, asked, confirming, confirmed, leaving, left, refused, asking for the link."""

    step: str
    title: str
    text: str
    topics: tuple[Choice, ...] = ()
    button: str = ""
    address: str = ""
    # The form's field (or "") and a sentence.
    problems: tuple[tuple[str, str], ...] = ()
    your_page: str = ""
    description: str = "Sign up for the Earmark letter, or leave it."
    canonical: str = "/newsletter/"
    is_indexed: bool = False
    json_ld: tuple[object, ...] = field(default_factory=tuple)

    @property
    def email_problem(self) -> bool:
        return any(name == "email" for name, _ in self.problems)

    @property
    def topic_problem(self) -> bool:
        return any(name == "topic" for name, _ in self.problems)


def asking(
    *, address: str = "", problems: Sequence[tuple[str, str]] = (), chosen: Collection[str] = (NEWSLETTER.key,)
) -> NewsletterPage:
    return NewsletterPage(
        step="ask",
        title="The Earmark letter",
        text="",
        topics=_choices(chosen),
        address=address,
        problems=tuple(problems),
    )


def _choices(chosen: Collection[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(key=topic.key, label=topic.label, text=topic.wording, is_chosen=topic.key in chosen)
        for topic in TOPICS.values()
    )


def asking_for_link(*, address: str = "", problems: Sequence[tuple[str, str]] = ()) -> NewsletterPage:
    return NewsletterPage(
        step="ask-link",
        title="Your choices, by mail",
        text="Every letter holds the link to your own page. If you have none at hand, we send it to your address.",
        address=address,
        problems=tuple(problems),
        canonical="/newsletter/link/",
    )


ASKED = NewsletterPage(
    step="asked",
    title="Look into your mailbox",
    text=(
        "If this address is not on the list yet, a mail with a link is on its way. "
        "Nothing is sent before you press the button there. The link works for 48 hours."
    ),
)
LINK_ASKED = NewsletterPage(
    step="asked",
    title="Look into your mailbox",
    text="If we know this address, a mail with the link is on its way. One is sent per hour at most.",
)
LEAVING = NewsletterPage(step="leave", title="Leave the letter?", text="Press the button and no more letters come.")
LEFT = NewsletterPage(step="done", title="You have left", text="No more letters will come. Nothing else to do.")
LEAVING_NEWS = NewsletterPage(
    step="leave",
    title="No more news at all?",
    text="Press the button and you follow nothing any more: no comments, no prices. Letters of topics you chose stay.",
)
LEFT_NEWS = NewsletterPage(
    step="done", title="You follow nothing any more", text="No more news will come. Nothing else to do."
)
ERASED = NewsletterPage(
    step="done",
    title="Everything is erased",
    text="We know nothing about your address any more. What the law lets us keep as proof does not hold the address.",
)
UNKNOWN = NewsletterPage(
    step="refused",
    title="This link leads nowhere",
    text=(
        "It may have been cut in two by your mail program, a newer link took its place, or all about its address was "
        "erased. Copy the whole line, or sign up again."
    ),
)


def confirming(asked: Sequence[Consent]) -> NewsletterPage:
    """`asked`: all that the reader has not answered yet; their keys go with the button: nothing else is agreed."""
    words = tuple(
        Choice(key=one.key, label=TOPICS[one.topic].label if one.topic in TOPICS else one.label, text=one.wording)
        for one in asked
    )
    is_letter = all(one.topic in TOPICS for one in asked)
    return NewsletterPage(
        step="confirm",
        title="One press and you are in",
        text=f"Press the button to receive {'the letter' if is_letter else 'what is listed here'}.",
        topics=words,
        button="Yes, send me the letter" if is_letter else "Yes, write to me about this",
    )


def confirmed(*, your_page: str, was_before: bool, is_letter: bool = True) -> NewsletterPage:
    if was_before:
        text = "You pressed this button before: the link works once, and nothing was changed now."
    elif is_letter:
        text = "The next letter will find you. Thank you."
    else:
        text = "We write when there is something to tell. Whatever you ask for from now on needs no further mail."
    return NewsletterPage(step="done", title="You are in", text=text, your_page=your_page)


def leaving(followed: str) -> NewsletterPage:
    """`followed`: what it is, in words; empty for a topic of letters."""
    if not followed:
        return LEAVING
    return NewsletterPage(
        step="leave", title="No more of this?", text=f"Press the button and no more mail comes about: {followed}."
    )


def refused(text: str) -> NewsletterPage:
    return NewsletterPage(step="refused", title="That did not work", text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One thing a reader follows. `change_url` is empty where nothing of it can be changed."""

    key: str
    label: str
    since: datetime
    change_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePage:
    """A reader's own page behind the mailed link."""

    address: str
    topics: tuple[Choice, ...]
    rhythms: tuple[Choice, ...]
    stays: tuple[str, ...]
    follows: tuple[Followed, ...] = ()
    news_rhythms: tuple[Choice, ...] = ()
    hours: tuple[Choice, ...] = ()
    weekdays: tuple[Choice, ...] = ()
    zone: str = ""
    said: str = ""
    problem: str = ""
    errors: tuple[str, ...] = ()
    title: str = "Your mail from us"
    description: str = "Which letters you get, how often, and all that we keep about your address."
    canonical: str = ""
    is_indexed: bool = False
    json_ld: tuple[object, ...] = field(default_factory=tuple)


def preference_page(reader: Reader, *, said: str = "", errors: tuple[str, ...] = ()) -> PreferencePage:
    """At most one query."""
    force = list(
        reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True).order_by("-asked_at", "-pk")
    )
    chosen = {one.topic for one in force}
    rhythms = tuple(Choice(key=one.value, label=one.label, is_chosen=one == reader.rhythm) for one in Rhythm)
    problem = reader.get_suppressed_because_display() if reader.suppressed_at else ""
    return PreferencePage(
        address=reader.address,
        topics=_choices(chosen),
        rhythms=rhythms,
        stays=(
            "that you once agreed and when, without your address, for four years: it proves that we wrote to nobody "
            "who did not want it",
            *(source.stays for source in sources() if source.stays),
        ),
        follows=tuple(_followed(one) for one in force if one.topic not in TOPICS),
        news_rhythms=tuple(
            Choice(key=one.value, label=one.label, is_chosen=one == reader.news_rhythm) for one in NewsRhythm
        ),
        hours=tuple(
            Choice(key=str(hour), label=f"{hour:02}:00", is_chosen=hour == reader.news_hour) for hour in range(24)
        ),
        weekdays=tuple(
            Choice(key=str(number), label=name, is_chosen=number == reader.news_weekday)
            for number, name in enumerate(WEEKDAYS)
        ),
        zone=settings.TIME_ZONE,
        said=said,
        problem=problem,
        errors=errors,
    )


def _followed(consent: Consent) -> Followed:
    teller = teller_of(consent.topic.partition(":")[0])
    return Followed(
        key=consent.key,
        label=consent.label,
        since=consent.confirmed_at or consent.asked_at,
        change_url=teller.change_url(consent.key) if teller else "",
    )
