"""What do the pages about the site itself say? Where a live parameter exists, the page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from catalog import best_offer, deal, freshness, plausibility, schedule
from catalog.networks import NETWORKS
from recommender.pages.ranking_words import facts_read, ranking_words
from reviews.models import Article
from reviews.pages.parts import Crumb, Page, home_crumb

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Passage:
    """A section: paragraphs, then a list, ordered when its order means something."""

    title: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()
    is_ordered: bool = False
    # Where to read on.
    links: tuple[Crumb, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationPage(Page):
    headline: str
    standfirst: str
    passages: tuple[Passage, ...]


def information_page(name: str, headline: str, standfirst: str, passages: tuple[Passage, ...]) -> InformationPage:
    url = reverse(name)
    return InformationPage(
        title=headline,
        description=standfirst,
        canonical=url,
        crumbs=(home_crumb(), Crumb(headline, url)),
        headline=headline,
        standfirst=standfirst,
        passages=passages,
    )


def disclosure_page() -> InformationPage:
    networks = tuple(network.label for network in NETWORKS.values())
    return information_page(
        "disclosure",
        "How we are paid",
        "Shops pay us a commission when you buy after following a link marked “paid link”. You pay the same price.",
        (
            Passage(
                "What a paid link is",
                (
                    "Every link to a shop that may earn us money carries its label beside it and is marked as "
                    "sponsored for search engines. Most of them pass through our own address, /go/, which counts the "
                    "click and sends you on. You see the shop’s name before you follow it.",
                    "As an Amazon Associate we earn from qualifying purchases, where links lead to Amazon.",
                ),
            ),
            Passage(
                "Who pays",
                ("Commissions reach us from the shops themselves or through these networks:",),
                networks,
            ),
            Passage(
                "What the money does not do",
                (
                    "It does not decide what we write, which product is named first, or in which order offers stand. "
                    "The part of the software that ranks cannot read what a shop pays: a test fails if it ever could.",
                    "No shop and no maker sees an article before you do, and nobody can pay for a place in a list.",
                ),
            ),
            Passage(
                "Test units",
                ("Every review says how we came by the unit. If we did not have one in our hands, it says that too.",),
                tuple(label for value, label in Article.Obtained.choices),
            ),
            Passage(
                "When we were wrong",
                ("A correction stands under its article with its day, and together with all others on one page.",),
                links=(Crumb("All corrections", reverse("corrections")),),
            ),
        ),
    )


def how_we_work_page() -> InformationPage:
    return information_page(
        "how-we-work",
        "How we work",
        "Facts have sources, scores have weights, and people with names stand behind both.",
        (
            Passage(
                "Facts",
                (
                    "A spec on a product’s page has a source and the day it was checked. What we do not know is "
                    "printed as unknown, never guessed and never read as “no”.",
                ),
            ),
            Passage(
                "Scores",
                (
                    "A review scores one criterion at a time, from 0 to 10, and says how much each one weighs. The "
                    "overall score is their weighted mean: it is computed, nobody types it.",
                ),
            ),
            Passage(
                "Prices",
                (
                    "Prices are read from the shops’ own feeds and pages. Each one stands with the time it was seen, "
                    "and disappears when it is older than the shop’s terms allow, after "
                    f"{freshness.OLDEST_SHOWN.days} days at the latest. A price that looks wrong is held "
                    "back until a second reading agrees.",
                    "We never repeat a shop’s crossed-out price. Where we show a history, it is what we saw ourselves.",
                ),
            ),
            Passage(
                "People",
                (
                    "Every article names its author, and the person who checked it where there was one. Changes after "
                    "publication are listed at the end of the article with their date.",
                ),
            ),
            Passage(
                "Mistakes",
                (
                    "What was wrong is corrected in the article and said there: what it said, what is right, since "
                    "when, and who told us, by the name they want or by none.",
                ),
                links=(Crumb("All corrections", reverse("corrections")),),
            ),
            Passage(
                "Our reading robot",
                (
                    "Shops that see “EarmarkBot” in their logs are seeing us read a feed or a product page, one "
                    "request at a time. It obeys “Retry-After” and stops when it is refused.",
                ),
            ),
        ),
    )


def how_we_rank_page() -> InformationPage:
    return information_page(
        "how-we-rank",
        "How we rank",
        "What decides the order of products and offers on this site, and what has no say in it.",
        (
            Passage(
                "Offers of one product",
                ("Offers are ordered by these rules, each deciding only where those before it leave a tie:",),
                tuple(f"{rule[0].upper()}{rule[1:]}." for rule in best_offer.ORDER),
                is_ordered=True,
            ),
            *_price_passages(),
            Passage(
                "Products in lists",
                (
                    "The list of all products shows those with offers first, or is ordered by name, price or year, as "
                    "you choose. Hubs show reviewed products first, then those that can be bought, then the newest. "
                    "“Best of” articles are in their author’s order, and the author says why.",
                ),
            ),
            Passage(
                "Recommendations",
                (
                    "“Headset or headphones?” ranks by how well a product’s specs fit your answers. Every result names "
                    "the rules that led to it, what would put another product first, and why any product is not first:",
                ),
                ranking_words(),
                is_ordered=True,
            ),
            Passage(
                "What has no say",
                (
                    "Commission. Nobody can pay for a position, and the ranking code has no access to what a shop pays "
                    "or to which links are clicked.",
                    f"The recommender is given {facts_read()} facts of each product, and none of them says what "
                    "anybody pays. A test gives every shop another network and other terms with it at random and "
                    "stores its offers in another order: the lists stay the same.",
                ),
            ),
        ),
    )


def _price_passages() -> tuple[Passage, ...]:
    """What decides which prices stand there at all; every number is the one in force."""
    return (
        Passage(
            "Which price is shown",
            ("Every price stands with the time it was read. Some do not stand there at all:",),
            (
                f"A price that was read more than {freshness.OLDEST_SHOWN.days} days ago, or longer ago than the "
                "shop’s terms allow: then we write “See price at” and the shop’s name.",
                f"A price that moved by more than {plausibility.LARGEST_CHANGE:.0%}, or by a factor of ten as when a "
                "decimal sign is lost, until a second reading at least "
                f"{_minutes(plausibility.SECOND_LOOK_AFTER)} later agrees within {plausibility.AGREES_WITHIN:.0%}, or "
                "an editor does.",
                "Any price of a shop whose programme does not let us show one.",
            ),
        ),
        Passage(
            "Which price is read next",
            (
                "A look is made where it spares most clicks on a wrong price: where prices change often and many "
                "readers follow the link, within what each shop lets us ask.",
                f"No offer is asked for more often than every {_minutes(schedule.SHORTEST_WAIT)}, and none is left for "
                "longer than half the time for which its price may be shown. "
                f"After {schedule.FAILURES_BEFORE_PAUSE} failures in a row a shop is left alone for "
                f"{schedule.PAUSE // _HOUR} hours.",
            ),
        ),
        Passage(
            "When we call a price reduced",
            (
                "We compare it with what we ourselves saw the same shop ask, never with a crossed-out price. The "
                f"measure is the lowest price of the {deal.PRIOR_WINDOW.days} days before the reduction began.",
                f"We say nothing when we watched on fewer than {deal.DAYS_NEEDED} of those days, or when the "
                f"difference is under {deal.LEAST_PERCENT} %. After {deal.REDUCTION_LASTS.days} days a lower price is "
                f"the usual one. “Lowest since we watch” takes {deal.WATCHED_FOR_LOWEST.days} days of watching before "
                f"it, and “usual” is the median of {deal.USUAL_WINDOW.days} days.",
            ),
        ),
    )


def _minutes(span: timedelta) -> str:
    return f"{span // timedelta(minutes=1)} minutes"
