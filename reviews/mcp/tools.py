"""Which tools does an assistant have? A literal table. Each reads; there is none that writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviews.mcp import advice, arguments, articles, products
from reviews.mcp.arguments import Arguments


@dataclass(frozen=True, slots=True)
class Tool:
    """`description` is read by a model that decides what to call; `answer` takes the arguments and the time."""

    name: str
    title: str
    description: str
    takes: type[Arguments]
    answer: Callable[..., dict[str, Any]]

    def told(self, given: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """Raises `RefusedError` with what does not fit and what would."""
        return self.answer(arguments.read(self.takes, given), now=now)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "find_articles",
        "Find articles",
        "Reviews, guides and lists of the best that have these words, best match first. Read one with `read_article`.",
        arguments.FindArticles,
        articles.found_articles,
    ),
    Tool(
        "read_article",
        "Read an article",
        "One article in Markdown, as readers see it. Prices are left out: they stand with the products.",
        arguments.ReadArticle,
        articles.one_article,
    ),
    Tool(
        "find_products",
        "Find headphones and headsets",
        "Products by words and by every spec, with score, best offer and what to leave out where nothing was found.",
        arguments.FindProducts,
        products.found_products,
    ),
    Tool(
        "read_product",
        "Read a product",
        "One product: every spec (null is not known, never absent), scores by the published method, offers, articles. "
        "Pass on each offer's `link_label` and `disclaimer`, and say when a price was seen.",
        arguments.ReadProduct,
        products.one_product,
    ),
    Tool(
        "compare",
        "Compare products",
        "Two to four products side by side: specs with the best marked, scores of one method, offers.",
        arguments.Compare,
        products.compared,
    ),
    Tool(
        "recommend",
        "Headset or headphones, and which one",
        "Decides by published rules from what a shopper needs or says, and cites the rules that spoke, what would turn "
        "the answer, and products. What a shop pays has no part in it. Ask `next_question` while little is known.",
        arguments.Recommend,
        advice.recommended,
    ),
    Tool(
        "next_question",
        "The question worth asking next",
        "Given what is known so far: the question whose answer would change the advice most, with its answers.",
        arguments.NextQuestion,
        advice.next_question,
    ),
)
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}
