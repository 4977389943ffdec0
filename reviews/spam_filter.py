"""How like spam is this comment, by the lesson in force, and is that enough to have it wait?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.crypto import salted_hmac

from reviews.comments.spam_words import RECIPE, Likeness, likeness
from reviews.models import SpamLesson, SpamThreshold


@dataclass(frozen=True, slots=True)
class SpamFilter:
    """`weights` by a word's sum; empty where nothing was learned. `percent`: the threshold, None where it is off."""

    version: int
    weights: dict[int, float]
    percent: int | None

    def of(self, name: str, text: str) -> Likeness | None:
        """None where nothing was learned: then nothing is said either."""
        return likeness(f"{name}\n{text}", self.weights, words_key()) if self.weights else None

    def holds(self, like: Likeness | None) -> bool:
        return like is not None and self.percent is not None and like.percent >= self.percent


def filter_in_force() -> SpamFilter:
    """Two queries; a lesson's words are read once a process."""
    newest = SpamLesson.objects.filter(recipe=RECIPE).order_by("-pk").values_list("pk", flat=True).first()
    chosen = SpamThreshold.objects.order_by("-pk").values_list("percent", flat=True).first()
    return SpamFilter(newest or 0, _weights(newest) if newest else {}, chosen)


@lru_cache(maxsize=1)
def words_key() -> bytes:
    """What words are summed with. A new `SECRET_KEY` begins to learn anew."""
    return salted_hmac("reviews.comments.spam_words", "", algorithm="sha256").digest()


@lru_cache(maxsize=2)
def _weights(version: int) -> dict[int, float]:
    row = SpamLesson.objects.filter(pk=version).values_list("weights", flat=True).first()
    return {int(word): weight for word, weight in (row or {}).items()}
