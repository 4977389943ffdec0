"""Which comparison does an address ask for, and how is that comparison's one address spelt?

`?products=one,two` in the reader's order, then `only=differences`, `q=` (a product looked for, to be added) and
`format=csv`. Forms send `p=` or `p[]=` once per product; the view leads those to the one spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from django.http import QueryDict
from django.urls import reverse

MOST = 5
# The query parameters that the page depends on.
READS = ("products", "p", "p[]", "only", "q", "format")
_DIFFERENCES = "differences"
_LONGEST_NAME = 80
_MOST_NAMED = 20  # names beyond are not even looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`slugs` are as written, also unknown ones and repetitions; `comes_from_form`: not the address's own spelling."""

    slugs: tuple[str, ...] = ()
    only_differences: bool = False
    words: str = ""
    is_csv: bool = False
    comes_from_form: bool = False
    problems: tuple[str, ...] = ()

    def address(self, slugs: Sequence[str]) -> str:
        """The address of the same view of these products."""
        return compare_url(slugs, only_differences=self.only_differences, words=self.words, is_csv=self.is_csv)


def read(query: QueryDict) -> Asked:
    """What makes no sense is named in `problems` and left out."""
    problems = []
    only, form = query.get("only", ""), query.get("format", "")
    if only not in ("", _DIFFERENCES):
        problems.append(f"“only={only[:40]}” is not understood: it can be only={_DIFFERENCES}.")
    if form not in ("", "csv"):
        problems.append(f"There is no format “{form[:40]}”: the page is there as CSV too, by format=csv.")
    named = [*query.get("products", "").split(","), *query.getlist("p"), *query.getlist("p[]")]
    slugs = [name for name in (_clean(one).lower() for one in named) if name]
    if len(slugs) > _MOST_NAMED:
        problems.append(f"{len(slugs)} products are named; only the first {_MOST_NAMED} were looked up.")
    return Asked(
        slugs=tuple(slugs[:_MOST_NAMED]),
        only_differences=only == _DIFFERENCES,
        words=_clean(query.get("q", "")),
        is_csv=form == "csv",
        comes_from_form="p" in query or "p[]" in query,
        problems=tuple(problems),
    )


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:_LONGEST_NAME].rstrip()


def compare_url(
    slugs: Iterable[str] = (), *, only_differences: bool = False, words: str = "", is_csv: bool = False
) -> str:
    """The path and query of a comparison; parts that are not asked for are left out."""
    said = {
        "products": ",".join(quote(slug, safe="") for slug in slugs),
        "only": _DIFFERENCES if only_differences else "",
        "q": quote_plus(words),
        "format": "csv" if is_csv else "",
    }
    query = "&".join(f"{name}={value}" for name, value in said.items() if value)
    return reverse("compare") + (f"?{query}" if query else "")
