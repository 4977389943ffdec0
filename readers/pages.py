"""What do the pages about mail say? Each page as an object, before it is HTML."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from readers.consent import NEWSLETTER, TOPICS, Rhythm, Topic
from readers.models import Reader
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
    address: str = ""
    errors: tuple[str, ...] = ()
    your_page: str = ""
    description: str = "Sign up for the Earmark letter, or leave it."
    canonical: str = "/newsletter/"
    is_indexed: bool = False
    json_ld: tuple[object, ...] = field(default_factory=tuple)


def asking(
    *, address: str = "", errors: tuple[str, ...] = (), chosen: Collection[str] = (NEWSLETTER.key,)
) -> NewsletterPage:
    return NewsletterPage(
        step="ask", title="The Earmark letter", text="", topics=_choices(chosen), address=address, errors=errors
    )


def _choices(chosen: Collection[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(key=topic.key, label=topic.label, text=topic.wording, is_chosen=topic.key in chosen)
        for topic in TOPICS.values()
    )


def asking_for_link(*, address: str = "", errors: tuple[str, ...] = ()) -> NewsletterPage:
    return NewsletterPage(
        step="ask-link",
        title="Your choices, by mail",
        text="Every letter holds the link to your own page. If you have none at hand, we send it to your address.",
        address=address,
        errors=errors,
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
TOO_MANY = NewsletterPage(
    step="refused",
    title="Too many mails for today",
    text=(
        "From your network so many addresses were asked today that no more mail is sent for it, so that nobody can "
        "flood strangers' mailboxes. Nothing was stored. Try again tomorrow, or from another connection."
    ),
)
LEAVING = NewsletterPage(step="leave", title="Leave the letter?", text="Press the button and no more letters come.")
LEFT = NewsletterPage(step="done", title="You have left", text="No more letters will come. Nothing else to do.")
ERASED = NewsletterPage(
    step="done",
    title="Everything is erased",
    text="We know nothing about your address any more. What the law lets us keep as proof does not hold the address.",
)
UNKNOWN = NewsletterPage(
    step="refused",
    title="This link leads nowhere",
    text="It may have been cut in two by your mail program. Copy the whole line, or sign up again.",
)


def confirming(topics: Collection[Topic]) -> NewsletterPage:
    words = tuple(Choice(key=topic.key, label=topic.label, text=topic.wording) for topic in topics)
    return NewsletterPage(
        step="confirm", title="One press and you are in", text="Press the button to receive the letter.", topics=words
    )


def confirmed(*, your_page: str, was_before: bool) -> NewsletterPage:
    if was_before:
        text = "You pressed this button before: the link works once, and nothing was changed now."
    else:
        text = "The next letter will find you. Thank you."
    return NewsletterPage(step="done", title="You are in", text=text, your_page=your_page)


def refused(text: str) -> NewsletterPage:
    return NewsletterPage(step="refused", title="That did not work", text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePage:
    """A reader's own page behind the mailed link."""

    address: str
    topics: tuple[Choice, ...]
    rhythms: tuple[Choice, ...]
    stays: tuple[str, ...]
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
    force = reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)
    chosen = set(force.values_list("topic", flat=True))
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
        said=said,
        problem=problem,
        errors=errors,
    )
