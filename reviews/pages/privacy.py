"""What does the privacy page say? What is really stored: the columns of the tables, and the settings in force."""

from __future__ import annotations

from django.conf import settings

from catalog.page_views import KEPT_SECONDS
from readers.consent import NEWS_LIFE, UNCONFIRMED_LIFE
from recommender.services.step_tallies import KEPT, MOST_NEEDS
from reviews.pages.information import InformationPage, Passage, information_page
from reviews.services.comment_leftovers import NOT_SHOWN_LIFE

CLICK_COLUMNS = {
    "id": "a number of the click’s own, made from its time and chance",
    "clicked_at": "the time",
    "code": "which link it was",
    "is_known": "whether that link exists",
    "placement": "the place on our page where the link stood",
    "agent": "whether a person or a program seems to have followed it",
    "agent_reason": "what gave the program away, such as its name",
    "is_repeat": "whether the same link was followed from the same browser within the hour",
    "language": "the language your browser asks for first",
    "form": "phone, tablet or desktop",
    "system": "the kind of system, such as Android or Windows",
    "is_direct": "whether the link led straight to the shop",
    "offer_id": "the offer it led to",
    "route_id": "the rule that chose that offer, where there was one",
    "referrer_path": "the address of our page that you came from",
}
"""In a reader's words, by column of `catalog.Click`; the country has words of its own."""


def privacy_page() -> InformationPage:
    return information_page(
        "privacy",
        "Privacy",
        "No cookies, no visitor ids, nothing loaded from anybody else. Here is all that is stored.",
        (_reading(), _clicks(), _repeats(), _never(), _letter(), _following(), _comments(), _questions(), _staff()),
    )


def _reading() -> Passage:
    return Passage(
        "When you read",
        (
            "Nothing is stored about you. Pages set no cookie and load nothing from other companies. If you choose the "
            "light or dark theme, your browser keeps that choice to itself. It does the same with country and currency "
            "that you choose for prices; these also stand in the addresses of pages you then open." + _where(),
            "We count how often each page is opened on each day: a number beside the page’s address, and no more. It "
            f"is added up in memory and waits for our database for {KEPT_SECONDS // 86_400} days at most.",
        ),
    )


def _where() -> str:
    if not settings.COUNTRY_HEADER:
        return ""
    return (
        " Until you choose, prices are shown for the country that the network in front of our server names; it is not "
        "written down."
    )


def _clicks() -> Passage:
    return Passage(
        "When you follow a link to a shop",
        (
            f"One line is kept for {settings.CLICK_RETENTION_MONTHS} months and then deleted by itself, with its whole "
            "month. It holds:",
        ),
        (*CLICK_COLUMNS.values(), _country()),
    )


def _country() -> str:
    if settings.COUNTRY_HEADER:
        return "your country, as the network in front of our server tells it"
    if settings.GEO_DATABASE:
        return "your country, looked up from your address in a file on our own server; the address is then forgotten"
    return "no country: this site is not told it"


def _repeats() -> Passage:
    return Passage(
        "How a second click is told from a first",
        (
            "So that somebody who follows a link twice counts once, a sum is made of the link, your address and your "
            "browser’s name, with a secret number of the day. The sum is kept for a day at most and never beside the "
            "click; the number is thrown away each day, after which nobody can make the same sum again, we included.",
        ),
    )


def _never() -> Passage:
    return Passage(
        "What we never store",
        (
            "No IP address, in full or in part, no browser fingerprint, no number that could recognise you again. The "
            "shop you go to has its own rules; it learns that you came from us, and a code of that one click, so that "
            "it can pay us.",
        ),
    )


def _letter() -> Passage:
    return Passage(
        "When you sign up for the letter",
        (
            "We keep your address, and as proof of your consent when and on which page you gave and confirmed it, and "
            "the words you agreed to. Nothing is sent before you confirm; an address that nobody confirms is deleted "
            f"after {UNCONFIRMED_LIFE.days} days. Mails hold no tracking pixel, and one press unsubscribes.",
            "How many mails your network asked us to send is counted for two days under a secret number of the day, so "
            "that nobody can flood strangers. The page whose link stands in every letter gives you all we know about "
            "your address and erases it; what stays then is that somebody agreed and when, without the address, for "
            "four years.",
        ),
    )


def _following() -> Passage:
    return Passage(
        "When you ask to be told of comments or prices",
        (
            "We keep with your address what you follow: an article, a comment of yours, or a product with the amount "
            "and the country you named; when you asked, and in which words. An address is confirmed once, by a mail; "
            f"what nobody confirms is deleted after {UNCONFIRMED_LIFE.days} days.",
            "So that nothing is told twice, we keep which piece of news went to you in which letter and when, for "
            f"{NEWS_LIFE.days} days; the words of a letter are not kept. No letter counts whether it was opened. A "
            "link to a shop in it is counted as one on our pages is, without anything that could lead to you.",
        ),
    )


def _comments() -> Passage:
    return Passage(
        "When you comment",
        (
            "What you write and the name above it are shown and stay. A mail address may be left out; it is never "
            f"shown, and one that you do not confirm elsewhere here is deleted after {UNCONFIRMED_LIFE.days} days. A "
            "keyed sum of it stays, by which your next comment is known and from which nobody can read the address.",
            "So that nobody floods us and “useful” counts once, a sum of your network with the day’s secret number is "
            "kept beside a comment or a vote until the day is over (UTC). What we do not show is deleted after "
            f"{NOT_SHOWN_LIFE.days} days. Whether we like what you think of a product decides nothing.",
        ),
    )


def _questions() -> Passage:
    return Passage(
        "When you answer “Headset or headphones?” or search",
        (
            "Your answers and your words are in the page’s address and nowhere else that leads to you. We keep no "
            "list of who answered or searched for what.",
            "A sentence that you type into the questions stands in the address of one page, which nothing keeps; what "
            "that page leads to are answers without your words. We count how often each question was asked, each of "
            "our answers chosen, a question passed over and each result shown on each day: numbers for all readers "
            f"together, of which no two can be known to be yours. They are kept for {KEPT.days} days.",
            f"Of the results that were shown we also keep up to {MOST_NEEDS} different sets of answers, with the day "
            "on which one was last given and no other time, so that changed rules can be tried on what people ask. "
            "Only answers that everybody may choose are in them: no amount, none of your words, and neither who gave "
            "them nor how often.",
        ),
    )


def _staff() -> Passage:
    return Passage(
        "When you work here",
        (
            f"Editors who sign in get a cookie named {settings.SESSION_COOKIE_NAME}, and one named "
            f"{settings.CSRF_COOKIE_NAME} that protects their forms. Readers get neither.",
        ),
    )
