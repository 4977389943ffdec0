"""Is every link that earns named as one, to machines and to readers?"""

from __future__ import annotations

from collections.abc import Iterator

from reviews.desk.gate.document import Document, seen_words, words
from reviews.desk.gate.remarks import Found

# What a link to a shop is called whose programme says nothing of its own.
_DEFAULT_LABEL = "paid link"


def link_not_sponsored(document: Document) -> Iterator[Found]:
    for link in document.paid_links:
        if "sponsored" not in (link.get("rel") or "").split():
            yield Found(
                document.block(link),
                f'the affiliate link “{words(link)[:60]}” lacks rel="sponsored", which search engines ask for. '
                "Draw it with the offer's own link.",
            )


def link_unlabelled(document: Document) -> Iterator[Found]:
    """A link earns when we count its clicks; what its programme calls it has to stand in it, to be seen."""
    for link in document.paid_links:
        label = document.shops.labels.get(document.link_code(link), _DEFAULT_LABEL).strip()
        if not label:
            yield Found(
                document.block(link),
                f"the affiliate link “{words(link)[:60]}” has no label, since its merchant's record names none. "
                "Fill in the link label of the merchant.",
            )
        elif label.casefold() not in seen_words(document, link).casefold():
            yield Found(
                document.block(link),
                f"the affiliate link “{words(link)[:60]}” lacks its label “{label}”, which the merchant's programme "
                "asks for beside each link.",
            )
