"""What does the gate say about an article?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviews.services.articles import block_problem

if TYPE_CHECKING:
    from reviews.desk.gate.document import Document
    from reviews.desk.gate.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Found:
    """What a check came upon: in the block of this number (`reviews.block_numbers`), or None: the page as a whole.

    The message says what is wrong and what to do.
    """

    block: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Remark:
    """`check` is a key of the gate's `CHECKS`; `block_number` counts as the editor does, from 1 in the working copy.

    `block_number` is None for the page as a whole (`kind` is then empty) and for a block that publishing itself adds.
    """

    check: str
    message: str
    block_number: int | None
    kind: str

    def __str__(self) -> str:
        if self.block_number is None:
            return self.message
        return block_problem(self.block_number, self.kind, self.message)


@dataclass(frozen=True, slots=True)
class Inspection:
    """Refusals keep an article from being published; warnings do not."""

    refusals: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A check that needs the article. `says` is the rule in a sentence, for editors."""

    key: str
    says: str
    look: Callable[[Sheet], Iterable[Found]]
    is_refusal: bool = True


@dataclass(frozen=True, slots=True)
class PageCheck:
    """A check that reads a page's HTML and nothing else, so that it holds for pages that are no articles as well."""

    key: str
    says: str
    look: Callable[[Document], Iterable[Found]]
    is_refusal: bool = True
