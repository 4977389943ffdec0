"""What will the page of an article ask that is known before its first answer?"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.kept_query import Question
from reviews import selectors
from reviews.comment_rows import comment_questions
from reviews.corrections import corrections_question
from reviews.models import Article
from reviews.related_articles import others_question


def article_questions(article: Article, product_ids: Iterable[int]) -> tuple[Question | None, ...]:
    """For `asked_together`. What is not among them, or is not asked after all, costs a query and changes nothing."""
    return (
        *selectors.product_questions(product_ids),
        selectors.revisions_question(article),
        corrections_question(article),
        others_question(article),
        *comment_questions(article),
    )
