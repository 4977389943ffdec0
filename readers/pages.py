"""What do the pages about mail say? Each page as an object, before it is HTML."""

from __future__ import annotations

from dataclasses import dataclass, field

from readers.consent import NEWSLETTER, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterPage:
    """One page for all steps: asking, asked, confirming, confirmed, leaving, left, refused."""

    step: str
    title: str
    text: str
    topic: Topic = NEWSLETTER
    address: str = ""
    errors: tuple[str, ...] = ()
    description: str = "Sign up for the Earmark letter, or leave it."
    canonical: str = "/newsletter/"
    is_indexed: bool = False
    json_ld: tuple[object, ...] = field(default_factory=tuple)


def asking(*, address: str = "", errors: tuple[str, ...] = ()) -> NewsletterPage:
    return NewsletterPage(step="ask", title="The Earmark letter", text="", address=address, errors=errors)


ASKED = NewsletterPage(
    step="asked",
    title="Look into your mailbox",
    text=(
        "If this address is not on the list yet, a mail with a link is on its way. "
        "Nothing is sent before you press the button there. The link works for 48 hours."
    ),
)
CONFIRMING = NewsletterPage(
    step="confirm", title="One press and you are in", text="Press the button to receive the letter."
)
CONFIRMED = NewsletterPage(step="done", title="You are in", text="The next letter will find you. Thank you.")
LEAVING = NewsletterPage(step="leave", title="Leave the letter?", text="Press the button and no more letters come.")
LEFT = NewsletterPage(step="done", title="You have left", text="No more letters will come. Nothing else to do.")
UNKNOWN = NewsletterPage(
    step="refused",
    title="This link leads nowhere",
    text="It may have been cut in two by your mail program. Copy the whole line, or sign up again.",
)


def refused(text: str) -> NewsletterPage:
    return NewsletterPage(step="refused", title="That did not work", text=text)
