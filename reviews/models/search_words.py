"""Which words does published content have for a search? One expression, for the index and for the question alike."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func
from django.db.models.sql.compiler import SQLCompiler

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

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        column, _ = compiler.compile(self.source_expressions[0])  # a column has no parameters
        return self.template.replace("%(expressions)s", column), ()
