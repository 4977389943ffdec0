"""Which words does published content have for a search? One expression, for the index and for the question alike."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

SEARCH_CONFIG = "english"


class SearchWords(Func):
    """The words of `Revision.content`: those of the title weigh most, then the standfirst, then all blocks.

    Tags of rich text are no words to PostgreSQL. The settings are constants of the expression: an index needs that.
    """

    output_field = SearchVectorField()
    arity = 1
    template = (
        "(setweight(to_tsvector('english', coalesce(%(expressions)s #>> '{article,title}', '')), 'A') || "
        "setweight(to_tsvector('english', coalesce(%(expressions)s #>> '{article,standfirst}', '')), 'B') || "
        "setweight(jsonb_to_tsvector('english', coalesce(%(expressions)s -> 'blocks', '[]'), '[\"string\"]'), 'D'))"
    )
