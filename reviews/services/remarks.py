"""How does a reader's remark on a passage come in, and where does it stand after the article was published anew?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.services.page_changes import announce
from reviews.models import Article, Comment, CommentPassage, Revision
from reviews.passages import anchoring
from reviews.passages.anchoring import LONGEST, Place, Quote, place_of
from reviews.passages.marked_words import IndexedText, words_of
from reviews.revision_words import words_of_content
from reviews.services.comments import CommentError, CommentInput, write_comment

State = CommentPassage.State
# A remark that is shown nowhere need not be looked for.
_LOOKED_FOR = (Comment.State.HELD, Comment.State.SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageInput:
    """What was marked. `until`: the last words of a passage too long to be sent whole, whose first are `exact`."""

    block: str
    exact: str
    prefix: str = ""
    suffix: str = ""
    until: str = ""


@transaction.atomic
def write_remark(
    given: CommentInput, passage: PassageInput, *, article: Article, may_credit: bool, now: datetime
) -> Comment:
    """A comment on a passage of what readers see, by the rules of comments. Raises `CommentError`.

    The problem of a passage that is not there has the field "passage".
    """
    revision = article.live_revision
    assert revision is not None, "only what is published can be remarked on"
    text = words_of_content(revision.content)
    place = marked_place(passage, text)
    comment = write_comment(replace(given, kind=Comment.Kind.REMARK, answers=None), article=article, now=now)
    CommentPassage.objects.create(
        comment=comment,
        revision=revision,
        stood_in=revision,
        block=place.block,
        exact=place.exact,
        prefix=place.prefix,
        suffix=place.suffix,
        start=place.start,
        end=place.end,
        rank=_rank(place, text),
        may_credit=may_credit,
        **_now(place),
    )
    return comment


def marked_place(passage: PassageInput, text: IndexedText) -> Place:
    """Where the marked words stand. Raises `CommentError`."""
    if not words_of(passage.exact):
        raise _not_there("Mark the words that you mean: a whole sentence, or a few words of it.")
    place = place_of(_quote(passage), text)
    if place is None:
        raise _not_there(
            "These words could not be found in the article, or they stand in it more than once. Mark a few more "
            "words around them, or choose one of the paragraphs."
        )
    if passage.until:
        place = _up_to(passage.until, place, text)
    if len(place.exact) > LONGEST:
        raise _not_there(
            f"The passage is {len(place.exact):,} characters long, and {LONGEST:,} are the most. Mark the part that "
            "your remark is about."
        )
    return place


def _up_to(until: str, place: Place, text: IndexedText) -> Place:
    whole = text.texts[place.block]
    last = place_of(Quote(exact=until, block=place.block), text)
    if last is None or last.block != place.block or last.end <= place.start:
        raise _not_there("A passage is within one part of the article. Mark less of it, or choose a paragraph.")
    return replace(
        place,
        end=last.end,
        exact=whole[place.start : last.end],
        suffix=last.suffix,
    )


def _quote(passage: PassageInput) -> Quote:
    return Quote(exact=passage.exact, prefix=passage.prefix, suffix=passage.suffix, block=passage.block)


def _not_there(words: str) -> CommentError:
    return CommentError([("passage", words)])


# --- after a publication -------------------------------------------------------------------------------------------


def keep_passages(*, article: Article, revision: Revision) -> dict[str, int]:
    """Looks for every passage of the article in its new revision; how many came out how, by state.

    Within the transaction that publishes. A passage that is gone keeps the place where it stood last, so that it is
    found when its words come back.
    """
    rows = list(
        CommentPassage.objects.filter(comment__article=article, comment__state__in=_LOOKED_FOR)
        .exclude(stood_in=revision)
        .select_related("stood_in")
        .select_for_update(of=("self",))
    )
    if not rows:
        return {}
    text = words_of_content(revision.content)
    earlier = {row.stood_in_id: words_of_content(row.stood_in.content) for row in rows}
    # What is gone since an earlier revision is looked for among what is new since the last one.
    before = _content_before(article, revision)
    found: dict[str, int] = {}
    for row in rows:
        since = before if row.state == State.ORPHANED and before is not None else earlier[row.stood_in_id]
        _keep(row, text, since, revision)
        found[row.state] = found.get(row.state, 0) + 1
    CommentPassage.objects.bulk_update(rows, _KEPT)
    announce(f"comments:{article.pk}")
    return found


def _content_before(article: Article, revision: Revision) -> IndexedText | None:
    last = article.revisions.filter(number__lt=revision.number).order_by("-number").first()
    return words_of_content(last.content) if last else None


def passages_to_lose(*, article: Article, content: Mapping[str, Any]) -> list[CommentPassage]:
    """Those that stand in what readers see and would have no place in this content, in the article's order.

    One query; `article` has its live revision selected. What is gone already cannot be lost once more.
    """
    live = article.live_revision
    if live is None:
        return []
    rows = CommentPassage.objects.filter(
        comment__article=article, comment__state__in=_LOOKED_FOR, stood_in=live
    ).exclude(state=State.ORPHANED)
    standing = list(rows.select_related("comment"))
    if not standing:
        return []
    text, before = words_of_content(content), words_of_content(live.content)
    return [row for row in standing if _place_in(text, row, before) is None]


def _keep(row: CommentPassage, text: IndexedText, before: IndexedText, revision: Revision) -> None:
    place = _place_in(text, row, before)
    if place is None:
        row.state, row.confidence = State.ORPHANED, 0.0
        return
    for name, value in _now(place).items():
        setattr(row, name, value)
    row.stood_in, row.rank, row.state = revision, _rank(place, text), _state(row, place)


def _place_in(text: IndexedText, row: CommentPassage, before: IndexedText) -> Place | None:
    """Where the passage stands in the text; None where too little of what was marked is left."""
    quote = Quote(
        exact=row.now_exact, prefix=row.now_prefix, suffix=row.now_suffix, block=row.now_block, start=row.now_start
    )
    place = place_of(quote, text, before=before)
    if place is None or not (anchoring.is_same(row.exact, place.exact) or anchoring.is_still(row.exact, place.exact)):
        return None
    return place


def _state(row: CommentPassage, place: Place) -> str:
    if not anchoring.is_same(row.exact, place.exact):
        return State.APPROXIMATE
    return State.EXACT if place.block == row.block else State.MOVED


def _now(place: Place) -> dict[str, object]:
    return {
        "now_block": place.block,
        "now_exact": place.exact,
        "now_prefix": place.prefix,
        "now_suffix": place.suffix,
        "now_start": place.start,
        "now_end": place.end,
        "confidence": place.confidence,
    }


_KEPT: Sequence[str] = (
    *("now_block", "now_exact", "now_prefix", "now_suffix", "now_start", "now_end"),
    *("confidence", "stood_in", "rank", "state"),
)


def _rank(place: Place, text: IndexedText) -> int:
    words = text.words
    return next(at for at, word in enumerate(words) if word.block == place.block and word.start == place.start)
