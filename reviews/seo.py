"""What do machines read of a page? Schema.org nodes made from the same page object as the HTML.

Nothing is said here that the page does not show: prices come from the offers on the page, ratings from the score on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.templatetags.static import static

from catalog.money import in_units
from catalog.offer_links import offer_link
from catalog.reading import Availability
from catalog.shown_offer import ShownOffer

if TYPE_CHECKING:
    from reviews.blocks.base import PictureFacts
    from reviews.blocks.video import VideoView
    from reviews.pages.article import ArticlePage
    from reviews.pages.author import AuthorPage
    from reviews.pages.parts import Crumb, ProductCard
    from reviews.pages.product import ProductPage

Node = dict[str, Any]

# https://schema.org/ItemAvailability
_AVAILABILITY = {
    Availability.IN_STOCK: "InStock",
    Availability.PRE_ORDER: "PreOrder",
    Availability.BACK_ORDER: "BackOrder",
    Availability.OUT_OF_STOCK: "OutOfStock",
    Availability.DISCONTINUED: "Discontinued",
}


def full(path: str) -> str:
    """The path as a full address of this site."""
    return path if path.startswith("http") else f"{settings.SITE_URL}{path}"


def moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def organization() -> Node:
    return {
        "@type": "Organization",
        "@id": full("/#organization"),
        "name": settings.SITE_NAME,
        "url": full("/"),
        "logo": full(static("img/cards/logo.png")),
    }


def website() -> Node:
    return {
        "@type": "WebSite",
        "@id": full("/#website"),
        "name": settings.SITE_NAME,
        "url": full("/"),
        "publisher": {"@id": full("/#organization")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": full("/search/?q={search_term_string}")},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(crumbs: Sequence[Crumb]) -> Node:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": crumb.label, "item": full(crumb.url)}
            for position, crumb in enumerate(crumbs, 1)
        ],
    }


def item_list(name: str, items: Iterable[tuple[str, str]]) -> Node:
    """A list of (name, path) in the order of the page."""
    entries = [
        {"@type": "ListItem", "position": position, "name": label, "url": full(url)}
        for position, (label, url) in enumerate(items, 1)
    ]
    return {"@type": "ItemList", "name": name, "numberOfItems": len(entries), "itemListElement": entries}


def product_list(name: str, cards: Sequence[ProductCard]) -> Node:
    return item_list(name, [(card.name, card.url) for card in cards])


def offers(shown: Sequence[ShownOffer], currency: str, *, place: str) -> Node | None:
    """The cheapest and the dearest price on the page, in the page's currency; None when no price is shown.

    Who follows an address from here comes from `place` (the page's), part `data`.
    """
    ranks = enumerate(shown, 1)
    priced = [(rank, one) for rank, one in ranks if one.price is not None and one.price.currency == currency]
    amounts = [in_units(offer.price.amount, currency) for _, offer in priced if offer.price is not None]
    if not amounts:
        return None
    return {
        "@type": "AggregateOffer",
        "lowPrice": str(min(amounts)),
        "highPrice": str(max(amounts)),
        "priceCurrency": currency,
        "offerCount": len(amounts),
        "offers": [_offer(offer, f"{place}.data.{rank}") for rank, offer in priced],
    }


def _offer(offer: ShownOffer, place: str) -> Node:
    assert offer.price is not None
    node: Node = {
        "@type": "Offer",
        "price": str(in_units(offer.price.amount, offer.price.currency)),
        "priceCurrency": offer.price.currency,
        "priceValidUntil": moment(offer.price.expires_at),
        "url": full(offer_link(offer, place).href),
        "itemCondition": f"https://schema.org/{offer.condition.label}Condition",
        "seller": {"@type": "Organization", "name": offer.merchant},
    }
    if offer.availability in _AVAILABILITY:
        node["availability"] = f"https://schema.org/{_AVAILABILITY[offer.availability]}"
    return node


def person(name: str, url: str, role: str = "") -> Node:
    node = {"@type": "Person", "name": name, "url": full(url)}
    return {**node, "jobTitle": role} if role else node


def article_nodes(page: ArticlePage) -> list[Node]:
    nodes = [breadcrumbs(page.crumbs), _reviewed_product(page) if page.subject else _article(page)]
    if page.questions:
        nodes.append(
            {
                "@type": "FAQPage",
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": item.question,
                        "acceptedAnswer": {"@type": "Answer", "text": "\n\n".join(item.answer)},
                    }
                    for item in page.questions
                ],
            }
        )
    if page.picks:
        nodes.append(item_list(page.headline, [(pick.name, pick.url) for pick in page.picks]))
    nodes += [_picture(picture) for picture in page.pictures if picture.credit]
    return nodes + [_video(view) for view in page.videos if _is_whole(view)]


def _picture(picture: PictureFacts) -> Node:
    """Whose it is: what search engines print beside it. A picture without a credit has nothing to say here."""
    return {"@type": "ImageObject", "contentUrl": full(picture.url), "creditText": picture.credit}


def _is_whole(view: VideoView) -> bool:
    """Whether all that search engines ask of a video is on the page: half of it draws warnings and earns nothing."""
    return bool(view.video and view.poster and view.uploaded_on and view.duration and view.paragraphs)


def _video(view: VideoView) -> Node:
    assert view.video is not None
    assert view.poster is not None
    assert view.uploaded_on is not None
    return {
        "@type": "VideoObject",
        "name": view.title,
        "description": "\n\n".join(view.paragraphs),
        "thumbnailUrl": [full(view.poster.url)],
        "uploadDate": f"{view.uploaded_on.isoformat()}T00:00:00+00:00",
        "duration": view.duration,
        "embedUrl": view.video.player,
    }


def _article(page: ArticlePage) -> Node:
    return {"@type": "Article", "mainEntityOfPage": full(page.canonical), **_work(page)}


def _work(page: ArticlePage) -> Node:
    """What articles and reviews have in common."""
    node: Node = {
        "headline": page.headline,
        "description": page.standfirst,
        "image": [full(page.shared_picture.url if page.shared_picture else static(page.social_card))],
        "author": person(page.author.name, page.author.url, page.author.role),
        "publisher": organization(),
        "datePublished": moment(page.published_at),
        "dateModified": moment(page.revised_at),
    }
    if page.corrections:
        node["correction"] = [
            {
                "@type": "CorrectionComment",
                "datePublished": one.day.isoformat(),
                "text": "\n\n".join((one.wrong, one.right)),
            }
            for one in page.corrections
        ]
    if page.comments and page.comments.threads:
        node["commentCount"] = page.comments.total
        node["comment"] = page.comments.nodes(page.canonical)
    if page.reviewer:
        node["editor"] = person(page.reviewer.name, page.reviewer.url, page.reviewer.role)
    return node


def _reviewed_product(page: ArticlePage) -> Node:
    assert page.subject is not None
    review: Node = {"@type": "Review", **_work(page)}
    review["name"] = review.pop("headline")
    if page.shared_picture is None:
        review["image"] = [full(page.subject.picture)]  # the drawing beside its title; the site's card is on no page
    if page.score is not None:
        review["reviewRating"] = rating(str(page.score))
    for key, notes in (("positiveNotes", page.pros), ("negativeNotes", page.cons)):
        if notes:
            review[key] = {
                "@type": "ItemList",
                "itemListElement": [
                    {"@type": "ListItem", "position": position, "name": note} for position, note in enumerate(notes, 1)
                ],
            }
    return {
        "@type": "Product",
        "name": page.subject.name,
        "url": full(page.subject.url),
        "image": full(page.subject.picture),
        "brand": {"@type": "Brand", "name": page.subject.brand},
        **({"description": page.subject.summary} if page.subject.summary else {}),
        "review": review,
        **_offers_of(page.subject.offers, page.currency, page.placement),
    }


def rating(value: str) -> Node:
    return {"@type": "Rating", "ratingValue": value, "bestRating": "10", "worstRating": "0"}


def _offers_of(shown: Sequence[ShownOffer], currency: str, place: str) -> Node:
    found = offers(shown, currency, place=place)
    return {"offers": found} if found else {}


def product_nodes(page: ProductPage) -> list[Node]:
    node: Node = {
        "@type": "Product",
        "@id": f"{full(page.canonical)}#product",
        "name": page.facts.name,
        "url": full(page.canonical),
        "image": full(page.facts.picture),
        "brand": {"@type": "Brand", "name": page.facts.brand},
        **({"description": page.facts.summary} if page.facts.summary else {}),
        **({"gtin": page.gtins[0]} if page.gtins else {}),
        **({"mpn": page.mpns[0]} if page.mpns else {}),
        **_offers_of(page.facts.offers, page.currency, f"p{page.facts.product_id}"),
    }
    if page.review is not None and page.review.score is not None:
        node["review"] = {
            "@type": "Review",
            "name": page.review.title,
            "url": full(page.review.url),
            "author": {"@type": "Person", "name": page.review.author},
            "datePublished": moment(page.review.published_at),
            "reviewRating": rating(str(page.review.score)),
        }
    # A product without offer or review earns no rich result and only draws warnings: the crumbs are enough.
    return [breadcrumbs(page.crumbs), node] if {"offers", "review"} & node.keys() else [breadcrumbs(page.crumbs)]


def profile_nodes(page: AuthorPage) -> list[Node]:
    author = person(page.name, page.canonical, page.role)
    author["description"] = page.bio
    author["worksFor"] = {"@id": full("/#organization"), "@type": "Organization", "name": settings.SITE_NAME}
    if page.tests:
        author["knowsAbout"] = list(page.tests)
    if page.profile_links:
        author["sameAs"] = list(page.profile_links)
    profile = {"@type": "ProfilePage", "url": full(page.canonical), "mainEntity": author}
    return [breadcrumbs(page.crumbs), profile]
