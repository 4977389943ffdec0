"""WHERE PRICES COME FROM: one file per source, one line here. Recipe: docs/extending.md."""

from catalog.sources.base import Source
from catalog.sources.manual import Manual

SOURCES: dict[str, Source] = {
    "manual": Manual(),
}
